"""SEC076: who is to be checked says himself that the check is to be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    ExprStatement,
    Function,
    If,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Return,
    Statement,
    Unary,
    strip,
)
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.deciding.decisions import asks_permission
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.deciding.refusing_only import always_throws
from reviewer.experts.security.handing.handed import handed
from reviewer.experts.security.values.access import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WORDS: Final = frozenset(
    "has may can allows allowed permits permitted permission permissions grants granted check rights refuse refused "
    "denied deny forbidden includes".split()
)


@module_check("SEC076", words=_WORDS)
def flag_of_caller(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at refusals that an argument of the refused call turns off."""
    if module.is_test:
        return
    for node in module.all(If):
        test = strip(node.test)
        function = function_of(node)
        if not isinstance(test, Binary) or test.op != "and" or function is None or node.orelse:
            continue
        flag, rest = _flag(module, test, function)
        if flag is None or rest is None or not _is_for_guests(inquiry, module, function):
            continue
        if _refuses(module, node.body) and (_asks_of_holding(module, rest) or asks_permission(module, rest)):
            yield Match(
                node,
                f"'{module.text_of(flag)}' is an argument of the very call that is checked, and leaves the check out: "
                "whoever sets it passes.",
            )


def _flag(module: Module, test: Binary, function: Function) -> tuple[Expr | None, Expr | None]:
    """Return the argument that has to be false for a refusal, and what else is asked."""
    for one, other in ((test.left, test.right), (test.right, test.left)):
        denied = strip(one)
        held = strip(denied.operand) if isinstance(denied, Unary) and denied.op == "not" else None
        if (
            isinstance(held, Name | Member)
            and _is_switch(module, held, function)
            and isinstance(strip(other), Unary | Binary)
        ):
            return held, strip(other)
    return None, None


def _is_switch(module: Module, held: Name | Member, function: Function) -> bool:
    """Tell whether a value is an argument of the function that is false where nobody gives it."""
    if isinstance(held, Name):
        for binding in module.scopes.lookup(held.id, held):
            if isinstance(binding, Param) and binding.parent is function and not binding.name:
                return _is_off_in_pattern(module, binding, held.id)
            if isinstance(binding, Param) and binding.parent is function:
                default = strip(binding.default) if binding.default is not None else None
                return isinstance(default, Literal) and default.value is False
            if isinstance(binding, Assign) and binding.default is not None and binding.value is not None:
                fallback = strip(binding.default)
                off = isinstance(fallback, Literal) and fallback.value is False
                root, _names = path_of(module, binding.value)
                return off and isinstance(root, Param) and root.parent is function
        return False
    root, names = path_of(module, held)
    return isinstance(root, Param) and root.parent is function and len(names) == 1 and root.default is not None


def _is_off_in_pattern(module: Module, param: Param, name: str) -> bool:
    """Tell whether a pattern says that a field is false where it is missing: ``{ servicing = false } = {}``."""
    parts = module.text_of(param).replace(" ", "").strip("{}").split(",")
    return any(part.strip("{}=").removesuffix("}").endswith(f"{name}=false") for part in parts)


def _is_for_guests(inquiry: Inquiry, module: Module, function: Function) -> bool:
    """Tell whether a function is a member of what a maker gives back for somebody, or of what plugins are handed."""
    made = function.parent
    if isinstance(made, Object):
        around = made.parent
        while isinstance(around, Call):
            around = around.parent
        return isinstance(around, Return)
    owner = function.owner
    return owner is not None and any(thing.node is owner for thing in handed(inquiry, module))


def _refuses(module: Module, body: list[Statement]) -> bool:
    """Tell whether a branch refuses, by itself or by a function that does nothing else."""
    if refuses(body):
        return True
    last = body[-1] if body else None
    call = strip(last.value) if isinstance(last, ExprStatement) else None
    asked = callee(module, call) if isinstance(call, Call) else None
    return asked is not None and always_throws(asked)


def _asks_of_holding(module: Module, rest: Expr) -> bool:
    """Tell whether it is asked whether something is in a collection that was made outside of the function."""
    for call in find(rest, Call, into_functions=False):
        held = strip(call.receiver) if call.receiver is not None else None
        if call.name in ("has", "includes", "get") and isinstance(held, Name):
            bindings = module.scopes.lookup(held.id, held)
            if any(function_of(one) is not function_of(rest) for one in bindings if isinstance(one, Assign)):
                return True
    return False
