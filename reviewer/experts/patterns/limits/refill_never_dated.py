"""PAT027: a bucket of tokens is filled up for the time since its making, again at each call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Call, Class, Expr, Function, Member, Name, strip
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CLOCKS: Final = frozenset("time.time time.monotonic time.perf_counter Date.now performance.now".split())
_BIRTHS: Final = frozenset({"__init__", "__post_init__", "constructor", "__attrs_post_init__"})


@module_check("PAT027", words={"time", "monotonic", "now", "performance"})
def refill_never_dated(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each amount that grows with the time since a moment which only the making of the object sets."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for cls in module.classes:
        for assign in find(cls, Assign):
            since = _since(module, assign)
            function = function_of(assign)
            if since is None or function is None or _is_birth(function) or not _grows(assign):
                continue
            if _only_at_birth(module, cls, since.name):
                yield Match(
                    assign,
                    f"'{since.name}' stays what it was when the object was made, so each call adds all that has come "
                    "in since then once more: the amount is always full, and limits nothing.",
                )


def _is_birth(function: Function) -> bool:
    return function.name in _BIRTHS or function.kind == "constructor"


def _since(module: Module, assign: Assign) -> Member | None:
    """Return the field that a moment of now is counted from, in what makes an amount grow."""
    for node in find(assign.value, Binary) if assign.value is not None else ():
        moment = strip(node.right)
        scaled = isinstance(node.parent, Binary) and node.parent.op in ("*", "/")
        if node.op == "-" and scaled and is_this_member(moment) and _is_now(module, node.left):
            return moment
    return None


def _is_now(module: Module, expr: Expr) -> bool:
    expr = strip(expr)
    made: object = module.scopes.origin(expr) if isinstance(expr, Name) else expr
    return isinstance(made, Call) and module.resolve(made.callee) in _CLOCKS


def _grows(assign: Assign) -> bool:
    """Tell whether what is assigned is what was there, and more."""
    target = strip(assign.target)
    if not is_this_member(target):
        return False
    if assign.op == "+=":
        return True
    return assign.value is not None and any(
        is_this_member(member)
        and member.name == target.name
        and any(isinstance(a, Binary) and a.op == "+" for a in ancestors(member))
        for member in find(assign.value, Member)
    )


def _only_at_birth(module: Module, cls: Class, name: str) -> bool:
    """Tell whether a field gets its moment where the object is made, and nowhere else in the file."""
    made = [one for one in module.all(Assign) if isinstance(one.target, Member) and one.target.name == name]
    births = [one for one in made if (function := function_of(one)) is not None and _is_birth(function)]
    declared = any(field.name == name and field.value is not None for field in cls.fields)
    return (bool(births) or declared) and len(births) == len(made)
