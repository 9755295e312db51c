"""API182: a plugin is handed the very object that the host keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.elements import element_type, value_type
from reviewer.code.reach.links import declared_type, named_type
from reviewer.code.syntax import Call, Class, Comprehension, Expr, For, Member, Name, Param, strip
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.guests import ROLES, element_of, runs_guest, table_of
from reviewer.experts.paths import last_words, said_in

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Table

_COPIES: Final = frozenset({"structuredclone", "clone", "deepcopy", "freeze", "deepfreeze", "copy", "readonly"})


@module_check("API182")
def live_object_handed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call of a guest in a loop over guests for an argument out of a table of the host."""
    if module.is_test or module.language == "javascript":
        return
    told: set[int] = set()
    for call in module.all(Call):
        if not call.args or said_in(call) & _COPIES:
            continue
        given = next(((one, found) for one in call.args if (found := _kept(module, one)) is not None), None)
        if given is None or id(given[1]) in told or not _in_turn(module, call):
            continue
        sure = runs_guest(module, call)
        if sure is not None:
            told.add(id(given[1]))
            yield Match(
                call,
                f"'{module.text_of(given[0])}' is the object that '{given[1].name}' keeps, and no copy of it: what one "
                "plugin changes in it, the next one and the host itself see.",
                related=((given[1].declared, "kept in this"),),
                confidence=None if sure is Confidence.LIKELY else sure,
            )


def _in_turn(module: Module, call: Call) -> bool:
    """Tell whether a call is one of a turn, so that several guests get the same object."""
    held = strip(call.receiver if call.receiver is not None else call.callee)
    while isinstance(held, Member):
        held = strip(held.object)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    return bool(bound) and isinstance(bound[0], For | Comprehension | Param) and element_of(module, held) is not None


def _kept(module: Module, given: Expr) -> Table | None:
    """Return the table of the host that an argument is out of, where the object may be changed."""
    name = strip(given)
    source = element_of(module, name) if isinstance(name, Name) else None
    table = table_of(module, source) if source is not None else None
    if source is None or table is None or set(last_words(source)) & ROLES:
        return None
    return table if _may_change(module, declared_type(module, source)) else None


def _may_change(module: Module, declared: str) -> bool:
    """Tell whether what a collection holds has members that can be written, lists that can be changed included."""
    inner = value_type(declared) or element_type(declared)
    shape = named_type(module, inner) if inner else None
    if isinstance(shape, Class) and shape.module.language == "python" and not _is_open_record(shape):
        return False
    return isinstance(shape, Class) and any(_is_open(field.type, readonly=field.readonly) for field in shape.fields)


def _is_open_record(shape: Class) -> bool:
    """Tell whether a class of Python is a record whose fields anybody may set: a dataclass that is not frozen."""
    said = " ".join(shape.module.text_of(one) for one in shape.decorators)
    return ("dataclass" in said or "define" in said or "attr" in said) and "frozen" not in said


def _is_open(kind: str, *, readonly: bool) -> bool:
    changeable = kind.strip().endswith("[]") and not kind.strip().startswith("readonly")
    return not readonly or changeable
