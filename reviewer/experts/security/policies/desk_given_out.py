"""SEC014: what guests are handed holds the object that decides about rights, and gives and takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, definition
from reviewer.code.syntax import Await, Call, Class, Expr, Function, Literal, Member, Object, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.decisions import is_decision

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
        if not desks or not _reaches_guests(module, made):
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


def _reaches_guests(module: Module, made: Object) -> bool:
    """Tell whether an object is given to a method that nobody in the subject has, itself or by the function around."""
    holder = made.parent
    if isinstance(holder, Call) and holder.name in ("freeze", "seal"):
        holder = holder.parent
    if isinstance(holder, Call):
        return _is_guests(module, holder)
    function = function_of(made)
    if not isinstance(holder, Return) or function is None or not function.name or module.project is None:
        return False
    name = function.name
    asked = module.project.answers(f"security.given {name}", lambda other: _given(other, name), {name}, tests=False)
    return any(asked)


def _given(module: Module, name: str) -> bool:
    """Tell whether a file hands what a function of this name makes to a guest: ``show.begin(dome.services())``."""
    for call in module.calls((name,)):
        around = call.parent
        around = around.parent if isinstance(around, Await) else around
        if isinstance(around, Call) and around.callee is not call and _is_guests(module, around):
            return True
    return False


def _is_guests(module: Module, call: Call) -> bool:
    """Tell whether a call is one of a method that the subject only declares, or does not know."""
    callee = strip(call.callee)
    if not isinstance(callee, Member) or call.new:
        return False
    target = definition(module, callee)
    if isinstance(target, Function):
        return target.signature_only
    cls = class_of_value(module, callee.object)
    return cls is not None and cls.kind == "interface" and any(one.name == callee.name for one in cls.methods)
