"""SEC014: what guests are handed holds the object that decides about rights, and gives and takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, definition
from reviewer.code.syntax import Class, Expr, Function, Literal, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import is_check, is_decision
from reviewer.experts.security.handing.given_to_guests import object_reaches_guests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CHANGES: Final = frozenset("grant issue entitle allow permit authorize authorise appoint award".split())
"""First words of methods by which somebody gets a right."""


@module_check("SEC014", words={"return"})
def desk_given_out(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each object that is handed to guests for a member that gives rights."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for made in module.all(Object):
        desks = [(key, value, giver) for key, value in made.entries if (giver := _giver(module, value)) is not None]
        if desks and not object_reaches_guests(module, made):
            desks = []
        desks += [(key, value, giver) for key, value in made.entries if (giver := _asked_beside(module, made, value))]
        for key, value, giver in desks:
            name = key.value if isinstance(key, Literal) else module.text_of(value)
            yield Match(
                value,
                f"'{short(str(name))}' hands each guest the very object that decides about rights: by "
                f"'{giver.name}' it gives itself whatever it wants.",
            )


def _giver(module: Module, value: Expr) -> Function | None:
    """Return the method by which the object that a value is gives rights, where it decides about them as well."""
    cls = class_of_value(module, value) if isinstance(strip(value), Member) else None
    if not isinstance(cls, Class) or not any(is_decision(method) for method in cls.methods):
        return None
    return _giving(cls)


def _giving(cls: Class) -> Function | None:
    return next((one for one in cls.methods if words(one.name)[:1] and words(one.name)[0] in _CHANGES), None)


def _asked_beside(module: Module, made: Object, value: Expr) -> Function | None:
    """Return the method that gives rights of what the functions beside it ask before they do anything for a guest.

    ``{"notes.read": read, "gate": gate}``, where ``read`` begins with ``gate.demand(plugin, "notes.read")``
    """
    name = strip(value)
    cls = class_of_value(module, name) if isinstance(name, Name) else None
    giver = _giving(cls) if isinstance(cls, Class) else None
    if giver is None or not isinstance(name, Name):
        return None
    for _key, entry in made.entries:
        inner = strip(entry)
        beside = inner if isinstance(inner, Function) else definition(module, inner)
        for call in calls_in(beside.body) if isinstance(beside, Function) and beside.module is module else ():
            holder = strip(call.receiver) if call.receiver is not None else None
            if isinstance(holder, Name) and holder.id == name.id and is_check(module, call):
                return giver
    return None
