"""Tables of the members that a hand-written validation asks a manifest for: ``FIELDS = {"id": str, …}``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Binary, Call, Function, Literal, Name, Object, Regex, strip
from reviewer.code.text.words import words

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_TYPES: Final = frozenset(
    "str int float bool list dict tuple set object string number boolean array String Number".split()
)
_TABLES: Final = frozenset(
    "fields schema required members known shape spec rules checks types keys format validators expected layout".split()
)
_REFUSES: Final = frozenset("unknown extra unexpected unrecognized unrecognised additional strict superfluous".split())


def field_table(module: Module, node: Object) -> tuple[str, bool] | None:
    """Return the name of a table of members and whether unknown ones are refused, or None for another object."""
    parent = node.parent
    while isinstance(parent, Call) and parent.name in ("freeze", "MappingProxyType"):
        parent = parent.parent
    if not isinstance(parent, Assign) or not isinstance(parent.target, Name):
        return None
    name = parent.target.id
    if not set(words(name)) & _TABLES or not all(_is_kind(value) for _key, value in node.entries):
        return None
    return name, bool(module.words & _REFUSES) or _asked_for_keys(module, name)


def _is_kind(value: Expr) -> bool:
    """Tell whether a value says of which kind a member is."""
    value = strip(value)
    if isinstance(value, Array):
        return bool(value.items) and all(_is_kind(item) for item in value.items)
    if isinstance(value, Name):
        return value.id in _TYPES
    if isinstance(value, Literal):
        return value.value in _TYPES
    return isinstance(value, Regex | Function)


def _asked_for_keys(module: Module, name: str) -> bool:
    """Tell whether keys are looked up in the table, as they are to find those that it lacks."""
    for binary in module.all(Binary):
        sides = [strip(binary.right), strip(binary.left)]
        if binary.op in ("in", "not in") and isinstance(sides[0], Name) and sides[0].id == name:
            return True
        if binary.op == "-" and name in module.text_of(binary):
            return True
    return any(
        name in module.text_of(call)[:200]
        for call in module.calls(("has", "hasOwn", "hasOwnProperty", "difference", "includes"))
    )
