"""SEC014: what guests are handed holds the object that decides about rights, and gives and takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value
from reviewer.code.syntax import Class, Expr, Function, Literal, Member, Object, strip
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.decisions import is_decision
from reviewer.experts.security.given_to_guests import object_reaches_guests

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
        if not desks or not object_reaches_guests(module, made):
            continue
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
    return next((one for one in cls.methods if words(one.name)[:1] and words(one.name)[0] in _CHANGES), None)
