"""What the entries of a table look like: the keys of the objects that are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition, lineage
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    Index,
    Literal,
    Name,
    Object,
    strip,
)
from reviewer.experts.registry.members import members_of
from reviewer.experts.registry.records.handed_entries import handed_to_writer
from reviewer.experts.registry.records.plain_shapes import LISTS_HAVE, SETS_HAVE, plain_shape

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

OBJECT_MEMBERS: Final = frozenset(
    "constructor toString valueOf hasOwnProperty toLocaleString then catch finally get items keys values pop "
    "update setdefault copy clear __class__ __dict__".split()
)
"""Members that any object, promise or dict has."""


class Part(Struct, frozen=True):
    """What stands under one key of every entry: the members it has, and what it is."""

    members: frozenset[str]
    what: str
    is_plain: bool = False
    """Whether it is a list or a set, and ``what`` says which; else ``what`` names the members."""


class Shape(Struct, frozen=True):
    """The keys of all objects stored in a table; ``inner`` says under which key a nested key stands.

    ``shown`` are those worth naming to a person: of an instance its fields without its methods.
    """

    keys: frozenset[str]
    inner: dict[str, str]
    shown: frozenset[str] = frozenset()
    nested: dict[str, Part] = {}
    """What stands under a key of every entry, where that is always made alike."""
    what: str = ""
    """What all entries are where they are no records: a list, a function, a text; of Python also a dict, an object."""


def shape_of(module: Module, table: Table) -> Shape | None:
    """Return the shape of a table's entries, or None where some entry is not a literal with plain keys."""
    plain = plain_shape(module, table) if table.kind == "map" else None
    if plain is not None:
        what, held, places = plain
        return Shape(held, places, frozenset({what}), what=what)
    keys: set[str] = set()
    shown: set[str] = set()
    inner: dict[str, str] = {}
    parts: dict[str, list[Part | None]] = {}
    made_as: set[str] = set()
    writes = table.of("write")
    if not writes or table.kind not in ("map", "list"):
        return None
    for access in writes:
        handed = handed_to_writer(module, access.value) if _whole(access) else []
        if handed:
            keys.update(key for one in handed for key in one.keys)
            made_as.add("")
            shown.update(key for one in handed for key in one.keys)
            continue
        value = _literal(module, access)
        made = _instance(module, access) if value is None else None
        named = _named_tuple(module, access) if value is None and made is None else None
        if named is not None:
            keys |= named | _TUPLES_HAVE
            made_as.add("")
            shown |= named
            continue
        if made is not None:
            members = members_of(made)
            if members is None or derived_in(made):
                return None
            keys |= members
            shown |= _fields(made)
            made_as.add("" if "__getitem__" in members else "an object")
            continue
        if value is None or value.spreads or len(value.keys) != len(value.entries):
            return None
        keys.update(value.keys)
        shown.update(value.keys)
        made_as.add("a dict")
        for key in value.keys:
            nested = value.get(key)
            if isinstance(nested, Object):
                inner.update(dict.fromkeys(nested.keys, key))
            parts.setdefault(key, []).append(_part(module, nested))
    alike = {key: one for key, many in parts.items() if (one := _joined(many, len(writes))) is not None}
    alone = made_as.pop() if len(made_as) == 1 and module.language == "python" else ""
    return Shape(frozenset(keys), inner, frozenset(shown), alike, alone) if len(keys) > 0 else None


def _part(module: Module, value: Expr | None) -> Part | None:
    """Return what a value is that stands under a key: an object of its own members, a list, or a set."""
    made = _unfrozen(value) if value is not None else None
    if isinstance(made, Object):
        plain = made.keys and not made.spreads and len(made.keys) == len(made.entries)
        return Part(frozenset(made.keys), ", ".join(sorted(made.keys)[:12])) if plain else None
    if module.language == "python":
        return None
    if isinstance(made, Array) and made.kind == "list":
        return Part(LISTS_HAVE, "a list", True)
    if isinstance(made, Call) and made.new and isinstance(made.callee, Name) and made.callee.id == "Set":
        return Part(SETS_HAVE, "a set", True)
    return None


def _joined(parts: list[Part | None], writes: int) -> Part | None:
    """Return the one thing that stands under a key of all entries, or None where it is now this and now that."""
    known = [one for one in parts if one is not None]
    if len(known) != writes or len({one.what if one.is_plain else "" for one in known}) > 1:
        return None
    members = frozenset(name for one in known for name in one.members)
    return known[0] if known[0].is_plain else Part(members, ", ".join(sorted(members)[:12]))


def _unfrozen(value: Expr) -> Expr:
    value = strip(value)
    while isinstance(value, Call) and value.name in ("freeze", "seal") and value.args:
        value = strip(value.args[0])
    return value


def _instance(module: Module, access: Access) -> Class | None:
    """Return the class of the subject that a stored value is made of, or None."""
    if access.value is None or not _whole(access):
        return None
    value = module.scopes.origin(access.value)
    if not isinstance(value, Call) or not (value.new or module.language == "python"):
        return None
    found = definition(module, value.callee)
    return found if isinstance(found, Class) and found.kind == "class" else None


_TUPLES_HAVE: Final = frozenset({"_asdict", "_replace", "_make", "_fields", "count", "index"})


def _named_tuple(module: Module, access: Access) -> frozenset[str] | None:
    """Return the fields of ``Row = namedtuple("Row", "plugin digest")`` where such a row is stored, or None."""
    value = module.scopes.origin(access.value) if access.value is not None and _whole(access) else None
    made = module.scopes.origin(value.callee) if isinstance(value, Call) else None
    listed = made.arg(1) if isinstance(made, Call) and made.name == "namedtuple" else None
    if isinstance(listed, Literal) and isinstance(listed.value, str):
        return frozenset(listed.value.replace(",", " ").split())
    items = listed.items if isinstance(listed, Array) else []
    texts = [item.value for item in items if isinstance(item, Literal) and isinstance(item.value, str)]
    return frozenset(texts) if texts and len(texts) == len(items) else None


def derived_in(cls: Class) -> bool:
    """Tell whether the file of a class has another one that builds on it."""
    return any(cls in lineage(other) for other in cls.module.classes if other is not cls)


def _fields(cls: Class) -> set[str]:
    """Return the names of the fields that a class declares or assigns in its constructor."""
    return {field.name for field in cls.fields} | set(cls.module.scopes.fields(cls))


def _literal(module: Module, access: Access) -> Object | None:
    if access.value is None or not _whole(access):
        return None
    value = _unfrozen(access.value)
    origin = value if isinstance(value, Object) else module.scopes.origin(value)
    origin = _or_made(_unfrozen(origin)) if isinstance(origin, Expr) else None
    return origin if isinstance(origin, Object) else None


def _or_made(value: Expr) -> Expr:
    """Return what is stored where nothing was: of ``slots.get(id) ?? { tool, grants: [] }`` the record made anew."""
    looked_up = isinstance(value, Binary) and value.op in ("??", "or") and isinstance(strip(value.left), Call | Index)
    return _unfrozen(value.right) if isinstance(value, Binary) and looked_up else value


def _whole(access: Access) -> bool:
    """Tell whether a write stores one thing: not ``+=``, not a slice."""
    node = access.node
    return not (isinstance(node, Assign) and node.op != "=")
