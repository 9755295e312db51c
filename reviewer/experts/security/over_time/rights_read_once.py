"""SEC401: the rights of a guest are read when something is made for it, and asked of that copy ever after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, declared_member, definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Comprehension,
    Expr,
    Function,
    Member,
    Name,
    Param,
    Unary,
    strip,
)
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.asked_to_refuse import asked_to_refuse
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.deciding.verdicts import awaited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LOOKS: Final = frozenset({"has", "includes", "issuperset", "some", "every"})
_TAKES: Final = frozenset({"delete", "pop", "remove", "discard", "splice", "clear", "difference_update"})


@module_check("SEC401")
def rights_read_once(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each variable that holds what an own class knows of a guest for closures that decide by it."""
    if module.is_test:
        return
    for made in module.all(Assign):
        asked = awaited(made.value) if made.value is not None else None
        maker = function_of(made)
        if not isinstance(asked, Call) or not isinstance(made.target, Name) or maker is None or not asked.args:
            continue
        if not of_the_guest(module, asked, maker):
            continue
        decider = _decider(module, maker, made.target.id)
        known = book(module, asked) if decider is not None else None
        taker = _taker(*known) if known is not None else None
        if decider is not None and taker is not None:
            yield Match(
                made,
                f"'{short(module.text_of(asked))}' is read once, when this is made, and '{decider.name}' asks the "
                f"copy: what '{taker.name}' takes away afterwards stays allowed.",
                related=((decider, "asked here, of the copy"),),
            )


def of_the_guest(module: Module, asked: Call, maker: Function) -> bool:
    """Tell whether a call is told for whom something is made."""
    told = {param.name for param in maker.params}
    return any(
        isinstance(given, Name)
        and given.id in told
        and any(isinstance(one, Param) for one in module.scopes.lookup(given.id, given))
        for given in map(strip, asked.args)
    )


def _decider(module: Module, maker: Function, name: str) -> Function | None:
    """Return a function inside the maker that decides by what a variable holds."""
    for use in find(maker.body, Name):
        around = use.parent
        inner = function_of(use)
        if use.id != name or inner is None or inner is maker or not inner.params:
            continue
        call = around.parent if isinstance(around, Member) else None
        looks = isinstance(call, Call) and call.callee is around and call.name in _LOOKS
        looks = looks or (isinstance(around, Binary) and around.op in ("in", "not in") and around.right is use)
        if looks and (is_decision(inner) or inner.name in asked_to_refuse(module) or _is_asked(maker, inner)):
            return inner
    return None


def _is_asked(maker: Function, inner: Function) -> bool:
    """Tell whether the maker's other functions ask a function before they throw."""
    from_no = [call for call in find(maker.body, Call) if call.name == inner.name and inner.name]
    return any(isinstance(call.parent, Unary) for call in from_no)


def book(module: Module, asked: Call) -> tuple[Class, Function] | None:
    """Return the class of the subject that is asked, with the method that answers."""
    callee = strip(asked.callee)
    if not isinstance(callee, Member):
        return None
    method = definition(module, callee)
    cls = class_of_value(module, callee.object)
    if not isinstance(method, Function):
        method = declared_member(cls, callee.name) if cls is not None else None
    owner = method.owner if method is not None else None
    return (owner, method) if owner is not None and method is not None and method.body else None


def _taker(cls: Class, reader: Function) -> Function | None:
    """Return the method by which what a reader looks through becomes less."""
    read = {one.name for one in find(reader.body, Member) if is_this_member(one)}
    for method in cls.methods:
        if method is reader or method.kind == "constructor":
            continue
        for call in find(method.body, Call):
            if call.name in _TAKES and call.receiver is not None and _field(call.receiver) in read:
                return method
        for made in find(method.body, Assign):
            if _field(made.target) in read and made.value is not None and is_less(made.value):
                return method
    return None


def _field(expr: Expr) -> str:
    expr = strip(expr)
    return expr.name if isinstance(expr, Member) and is_this_member(expr) else ""


def is_less(value: Expr) -> bool:
    """Tell whether a value is a list without some of its items."""
    value = strip(value)
    return (isinstance(value, Call) and value.name == "filter") or (
        isinstance(value, Comprehension) and bool(value.tests)
    )
