"""PAT372: one thing for all is made with what the first caller asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    ExprStatement,
    Function,
    Literal,
    Member,
    Name,
    Param,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.vocabulary import PRINCIPALS, TENANTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LAZY: Final = frozenset({"??=", "||="})
_ONCE: Final = frozenset(
    "init initialize initialise setup configure start boot open connect activate install register bind attach load "
    "enable set".split()
)
"""Words of functions that are there to make the one thing, once."""
_SERVICES: Final = frozenset(
    "log logger logging report signal context ctx cls self request event bus clock now factory make create fn callback "
    "loader timeout timeouts ms deadline retry retries interval ttl force refresh priority".split()
)
"""Parameters that serve the making and don't say what is made."""


@module_check("PAT372", words=())
def first_caller_decides(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each shared variable that is filled once by a function which hands it out to all."""
    if module.is_test:
        return
    for assign in module.all(Assign):
        function = function_of(assign)
        if function is None or not function.params or not _shared(module, assign, function):
            continue
        value = strip(assign.value) if assign.value is not None else None
        if not isinstance(value, Call) or value.name in ("require", "import"):
            continue
        if assign.op not in _LAZY and not _only_when_missing(module, assign):
            continue
        if not _ONCE.isdisjoint(words(function.name)) or not _hands_out(module, assign, function):
            continue
        asked = [param for param in _used(module, value, function) if not _looked_at(function, assign, param)]
        sure = _differ(module, function) if asked else None
        if sure is not None:
            yield Match(
                assign,
                f"'{short(module.text_of(assign.target))}' is made once, with the '{asked[0].name}' of whoever asks "
                f"first: everybody after that gets the same from '{function.name}', whatever they ask for.",
                confidence=None if sure else Confidence.POSSIBLE,
            )


def _shared(module: Module, assign: Assign, function: Function) -> bool:
    """Tell whether what is written outlives the call and is one for all."""
    target = strip(assign.target)
    if isinstance(target, Name):
        if assign.declare:
            return False
        bound = module.scopes.lookup(target.id, target)
        if module.language == "python":
            return f"global {target.id}" in module.text_of(function)
        return bool(bound) and all(
            b is assign or (isinstance(b, Assign) and function_of(b) is not function) for b in bound
        )
    if not isinstance(target, Member):
        return False
    holder = strip(target.object)
    cls = class_of(assign)
    if is_this_member(target):
        return function.owner is not None and function.kind != "constructor"
    return isinstance(holder, Name) and (holder.id == "cls" or (cls is not None and holder.id == cls.name))


def _only_when_missing(module: Module, assign: Assign) -> bool:
    """Tell whether something is made only where there is nothing yet."""
    text = module.text_of(assign.target)
    for condition in conditions(assign):
        test, holds = strip(condition.test), condition.holds
        if isinstance(test, Unary) and test.op == "not":
            test, holds = strip(test.operand), not holds
        if module.text_of(test) == text and not holds:
            return True
        if isinstance(test, Binary) and test.op in ("==", "is") and holds and module.text_of(test.left) == text:
            right = strip(test.right)
            if (isinstance(right, Literal) and right.value is None) or getattr(right, "id", "") == "undefined":
                return True
    return False


def _hands_out(module: Module, assign: Assign, function: Function) -> bool:
    """Tell whether the function gives what it has made to whoever asks."""
    text = module.text_of(assign.target)
    return any(
        given.value is not None and (strip(given.value) is assign or module.text_of(strip(given.value)) == text)
        for given in find(function.body, Return, into_functions=False)
    ) or (
        function.kind == "arrow"
        and any(isinstance(one, ExprStatement) and strip(one.value) is assign for one in function.body)
    )


def _used(module: Module, made: Call, function: Function) -> list[Param]:
    """Return the parameters that go into the making."""
    found = []
    for arg in (*made.args, *made.keywords.values()):
        for name in find(arg, Name):
            for binding in module.scopes.lookup(name.id, name):
                if isinstance(binding, Param) and binding.parent is function and binding not in found:
                    found.append(binding)
    if any(not (TENANTS | PRINCIPALS).isdisjoint(words(param.name)) for param in found):
        return []  # PAT003 speaks of it
    return [param for param in found if _SERVICES.isdisjoint(words(param.name)) and "=>" not in param.type]


def _looked_at(function: Function, assign: Assign, param: Param) -> bool:
    """Tell whether the function looks at the parameter apart from the making: it may tell one caller from another."""
    names = {param.name, *param.fields.values()}
    return any(name.id in names and not assign.start <= name.start < assign.stop for name in find(function.body, Name))


def _differ(module: Module, function: Function) -> bool | None:
    """Tell whether callers ask for different things; None where all of them ask for one and the same."""
    calls = [call for call in module.calls((function.name,)) if definition(module, call.callee) is function]
    if not calls:
        return False
    asked = {tuple(module.text_of(arg) for arg in call.args) for call in calls}
    varying = any(_varies(module, arg) for call in calls for arg in call.args)
    return True if varying or len(asked) > 1 else None


def _varies(module: Module, arg: Expr) -> bool:
    """Tell whether an argument may be another each time: a parameter, or what was worked out in a function."""
    for name in find(arg, Name):
        if name.id == "this":
            continue
        for binding in module.scopes.lookup(name.id, name):
            if isinstance(binding, Param) or (isinstance(binding, Assign) and function_of(binding) is not None):
                return True
    return any(True for _ in calls_in(arg))
