"""COM005: an event is made once for all who hear of it, of a class whose objects hold what can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition, lineage
from reviewer.code.syntax import Array, Assign, Call, Class, Expr, Function, Name, Object, Param, strip
from reviewer.code.walk import function_of, inside, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.event_tables import is_event, is_told_one_by_one
from reviewer.experts.communication.events.payload_shared import COPIES, OPEN, is_copied
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.vocabulary import TRIGGERS, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.communication.invocations import Invocation

_OPEN: Final = (*OPEN, "Map<", "Set<", "Record<", "Array<", "defaultdict", "deque", "bytearray")
_SHUT: Final = ("Readonly", "readonly ", "tuple", "frozenset", "Mapping", "Sequence")


@module_check("COM005", words=TRIGGERS)
def made_once(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over handlers for an object that was made before it, and holds lists or tables."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    seen: set[int] = set()
    for found in invocations(inquiry, module):
        if found.loop is None or id(found.loop) in seen or not (is_event(found) or is_told_one_by_one(found)):
            continue
        for argument in found.call.args:
            made = _made_before(module, found, argument)
            name = _open_member(module, made) if made is not None else ""
            if made is None or not name or is_copied(module, found):
                continue
            seen.add(id(found.loop))
            yield Match(
                made,
                f"One '{module.text_of(made.callee)[:40]}' is made for all who hear of it, and its '{name}' is one "
                "object for all of them: what one handler writes into it, the others read.",
                related=((found.inner or found.call, "told here"),),
                confidence=Confidence.LIKELY,
            )
            break


def _made_before(module: Module, found: Invocation, argument: Expr) -> Call | None:
    """Return the call that makes what all handlers get, outside of the loop that calls them."""
    base = strip(argument)
    if not isinstance(base, Name) or found.loop is None:
        return None
    for binding in module.scopes.lookup(base.id, base):
        if isinstance(binding, Assign) and binding.value is not None and not inside(binding, found.loop):
            made = strip(binding.value)
            if isinstance(made, Call) and function_of(binding) is not None:
                return made
    return None


def _open_member(module: Module, made: Call) -> str:
    """Return the field of a made object that holds what the function was handed, or made, and can be written to."""
    cls = definition(module, made.callee)
    if not isinstance(cls, Class) or any(spoken(one) & COPIES - {"frozen"} for one in lineage(cls)):
        return ""
    if any(isinstance(base, Name) and base.id.endswith(("Exception", "Error")) for base in cls.bases):
        return ""
    given = [*made.args, *made.keywords.values()]
    if not any(_is_handed(module, one) for one in given):
        return ""
    for name, declared in _fields(cls):
        told = declared.strip("'\" ")
        if not told.startswith(_SHUT) and (told.startswith(_OPEN) or told.endswith("[]")):
            return name
    return ""


def _fields(cls: Class) -> Iterator[tuple[str, str]]:
    for owner in lineage(cls):
        for field in owner.fields:
            yield field.name, field.type
        made = owner.method("constructor") or owner.method("__init__")
        for param in made.params if made is not None else ():
            if param.access or (made is not None and made.name == "__init__" and _is_kept(made, param)):
                yield param.name, param.type


def _is_kept(made: Function, param: Param) -> bool:
    """Tell whether a constructor puts a parameter into the object as it is."""
    return any(
        isinstance(one, Assign) and isinstance(one.value, Name) and one.value.id == param.name
        for statement in made.body
        for one in (getattr(statement, "value", statement),)
    )


def _is_handed(module: Module, value: Expr) -> bool:
    """Tell whether something may be held by others as well: what a function was handed, or has made of that."""
    made = strip(value)
    if isinstance(made, Array | Object):
        return bool(names_in(made))
    return isinstance(made, Name) and any(isinstance(one, Param) for one in module.scopes.lookup(made.id, made))
