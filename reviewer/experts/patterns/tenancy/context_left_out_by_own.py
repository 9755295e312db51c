"""PAT001: a decorator of the subject keeps results by their arguments alone, and they depend on a context variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import callee, definition
from reviewer.code.syntax import Call, Function, Param
from reviewer.code.walk import calls_in, names_in
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name
from reviewer.experts.patterns.context_variables import uses, variable_read
from reviewer.experts.patterns.memos import made_here, memos
from reviewer.experts.patterns.tenancy.context_left_out import BESIDE
from reviewer.experts.patterns.vocabulary import names_tenant, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.memos import Memo


@module_check("PAT001", words={"args", "arguments", "wraps", "kwargs", "call", "func", "fn"})
def context_left_out_by_own(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each keeping decorator for a function of the subject on which it stands and that reads the context."""
    if module.is_test or module.language != "python":
        return
    for memo in memos(inquiry, module):
        outer = memo.function.outer
        if outer is None or not memo.reads or not _of_arguments(module, memo) or _asks_context(memo.function):
            continue
        found = _depending(inquiry, outer)
        if found is None:
            continue
        function, name = found
        yield Match(
            memo.key_place(),
            f"'{outer.name}' keeps results by the arguments, and those of '{function.name}', on which it stands, "
            f"depend on the context variable '{name}' as well: the next one is answered with the first one's.",
            related=((function, "kept by this"),),
            severity=None if names_tenant(name) or names_tenant(function.name) else Severity.HIGH,
        )


def _of_arguments(module: Module, memo: Memo) -> bool:
    """Tell whether a key is made of whatever the decorated function is called with."""
    made = getattr(made_here(module, memo.key), "value", None) or memo.key
    return any(
        isinstance(param, Param) and param.rest and param.name in names_in(made) for param in memo.function.params
    )


def _asks_context(function: Function) -> bool:
    """Tell whether a function reads a context variable itself, or by a helper that does."""
    module = function.module
    if next(uses(module, function, "get"), None) is not None:
        return True
    helpers = (callee(module, call) for call in calls_in(function.body))
    return any(helper is not None and variable_read(helper) is not None for helper in helpers)


def _depending(inquiry: Inquiry, outer: Function) -> tuple[Function, str] | None:
    """Return a function on which a decorator stands, with the context variable that it reads."""
    around = [outer]
    while around[-1].outer is not None:
        around.append(around[-1].outer)
    names = {one.name for one in around if one.name}
    for module in inquiry.project.modules(names, tests=False):
        for function in module.functions:
            if not any(_stands_for(module, decorator, around) for decorator in function.decorators):
                continue
            read = variable_read(function)
            name = last_name(read.receiver) if read is not None else ""
            if name and not set(spelled(name)) & BESIDE:
                return function, name
    return None


def _stands_for(module: Module, decorator: Expr, around: list[Function]) -> bool:
    target = definition(module, decorator.callee if isinstance(decorator, Call) else decorator)
    return any(target is one for one in around)
