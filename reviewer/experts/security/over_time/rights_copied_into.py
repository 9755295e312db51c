"""SEC401: an object that stands for a guest is made with its rights, and decides by that copy ever after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Assign, Binary, Call, Class, Expr, Function, Index, Member, Name, Spread, strip
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.deciding.verdicts import awaited
from reviewer.experts.security.over_time.rights_read_once import book, is_less, of_the_guest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COPIES: Final = frozenset("Set Map set frozenset list dict tuple copy slice from freeze".split())
"""Calls that give a copy of what they are given."""
_TAKES: Final = frozenset({"delete", "discard", "remove", "splice"})


@module_check("SEC401")
def rights_copied_into(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each object that is handed what an own class knows of a guest, and decides by it."""
    if module.is_test:
        return
    for made in module.all(Call):
        cls = definition(module, made.callee) if made.args or made.keywords else None
        maker = function_of(made)
        if not isinstance(cls, Class) or maker is None:
            continue
        for place, given in enumerate((*made.args, *made.keywords.values())):
            asked = awaited(given)
            if not isinstance(asked, Call) or not asked.args or not of_the_guest(module, asked, maker):
                continue
            named = list(made.keywords)[place - len(made.args)] if place >= len(made.args) else ""
            field = _field_of(cls, place, named)
            decider = _decider(cls, field) if field else None
            known = book(module, asked) if decider is not None else None
            taker = _replaced_by(*known) if known is not None else None
            if decider is not None and taker is not None:
                yield Match(
                    decider,
                    f"'{decider.name}' decides by what '{short(module.text_of(asked))}' said when the object was made: "
                    f"what '{taker.name}' takes away afterwards stays allowed.",
                    related=((asked, "read once, here"),) if cls.module is module else (),
                )
                return


def _field_of(cls: Class, place: int, named: str) -> str:
    """Return the field that gets an argument of the constructor."""
    begin = cls.method("constructor") or cls.method("__init__")
    if begin is None:
        own = [one.name for one in cls.fields if not one.static and one.type]
        return named if named in own else own[place] if not named and place < len(own) else ""
    params = [one for one in begin.params if one.name not in ("self", "this")]
    param = next((one for one in params if one.name == named), None) if named else None
    param = params[place] if param is None and not named and place < len(params) else param
    if param is None:
        return ""
    if param.access:
        return param.name
    for assign in find(begin.body, Assign, into_functions=False):
        target = strip(assign.target)
        if is_this_member(target) and assign.value is not None and param.name in names_in(assign.value):
            return target.name
    return ""


def _decider(cls: Class, field: str) -> Function | None:
    """Return the method that decides by a field."""
    for method in cls.methods:
        if method.kind == "constructor" or method.name == "__init__" or not method.params:
            continue
        reads = any(is_this_member(one) and one.name == field for one in find(method.body, Member))
        if reads and is_decision(method):
            return method
    return None


def _replaced_by(cls: Class, reader: Function) -> Function | None:
    """Return the method by which what a reader gives away becomes less, where nobody who has it sees that."""
    read = {one.name for one in find(reader.body, Member) if is_this_member(one)}
    copied = any(one.value is not None and _is_copy(one.value) for one in returns_of(reader))
    for method in cls.methods:
        if method is reader or method.kind == "constructor":
            continue
        for made in find(method.body, Assign):
            target = strip(made.target)
            kept = strip(target.object) if isinstance(target, Index) else target
            if is_this_member(kept) and kept.name in read and made.value is not None and _becomes_less(made.value):
                return method
        taken = (call.receiver for call in find(method.body, Call) if call.name in _TAKES)
        kept_in = (one.name for held in taken if held is not None for one in find(held, Member))
        if copied and any(name in read for name in kept_in):
            return method
    return None


def _is_copy(value: Expr) -> bool:
    value = strip(value)
    if isinstance(value, Array):
        return any(isinstance(one, Spread) for one in value.items)
    return isinstance(value, Call) and value.name in _COPIES


def _becomes_less(value: Expr) -> bool:
    value = strip(value)
    if isinstance(value, Binary):
        return value.op == "-" and not isinstance(strip(value.left), Name)
    return is_less(value) or (isinstance(value, Call) and value.name in ("difference", "without"))
