"""What the entries of a table look like: the keys of the objects that are stored, and what readers take from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition, lineage
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Spread,
    strip,
)
from reviewer.code.walk import ancestors, find
from reviewer.experts.registry.members import members_of
from reviewer.experts.registry.records.handed_entries import handed_to_writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

OBJECT_MEMBERS: Final = frozenset(
    "constructor toString valueOf hasOwnProperty toLocaleString then catch finally get items keys values pop "
    "update setdefault copy clear __class__ __dict__".split()
)
"""Members that any object, promise or dict has."""


class Shape(Struct, frozen=True):
    """The keys of all objects stored in a table; ``inner`` says under which key a nested key stands.

    ``shown`` are those worth naming to a person: of an instance its fields without its methods.
    """

    keys: frozenset[str]
    inner: dict[str, str]
    shown: frozenset[str] = frozenset()


class Taken(Struct, frozen=True):
    """A member that a reader takes from an entry, and where."""

    name: str
    at: Node


_LISTS_HAVE: Final = frozenset(
    "length at concat entries every fill filter find findIndex findLast flat flatMap forEach includes indexOf join "
    "keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice toReversed toSorted "
    "toSpliced unshift values with append extend index count insert remove".split()
)
"""Members of lists and tuples, in either language."""


def _shape_of_lists(module: Module, table: Table) -> Shape | None:
    """Return the shape of entries that are all lists of fixed places: ``rows.set(key, [spec, consent])``."""
    inner: dict[str, str] = {}
    places = 0
    for access in table.of("write"):
        value = module.scopes.origin(access.value) if access.value is not None and _whole(access) else None
        if not isinstance(value, Array) or len(value.items) < 2:
            return None
        if value.kind not in ("list", "tuple") or any(isinstance(item, Spread) for item in value.items):
            return None
        places = max(places, len(value.items))
        for place, item in enumerate(map(strip, value.items)):
            inner.update(dict.fromkeys(item.keys if isinstance(item, Object) else (), f"[{place}]"))
    held = frozenset(map(str, range(places)))
    return Shape(_LISTS_HAVE | held, inner, held)


def shape_of(module: Module, table: Table) -> Shape | None:
    """Return the shape of a table's entries, or None where some entry is not a literal with plain keys."""
    if table.kind == "map" and table.of("write") and (lists := _shape_of_lists(module, table)) is not None:
        return lists
    keys: set[str] = set()
    shown: set[str] = set()
    inner: dict[str, str] = {}
    writes = table.of("write")
    if not writes or table.kind not in ("map", "list"):
        return None
    for access in writes:
        handed = handed_to_writer(module, access.value) if _whole(access) else []
        if handed:
            keys.update(key for one in handed for key in one.keys)
            shown.update(key for one in handed for key in one.keys)
            continue
        value = _literal(module, access)
        made = _instance(module, access) if value is None else None
        named = _named_tuple(module, access) if value is None and made is None else None
        if named is not None:
            keys |= named | _TUPLES_HAVE
            shown |= named
            continue
        if made is not None:
            members = members_of(made)
            if members is None or derived_in(made):
                return None
            keys |= members
            shown |= _fields(made)
            continue
        if value is None or value.spreads or len(value.keys) != len(value.entries):
            return None
        keys.update(value.keys)
        shown.update(value.keys)
        for key in value.keys:
            nested = value.get(key)
            if isinstance(nested, Object):
                inner.update(dict.fromkeys(nested.keys, key))
    return Shape(frozenset(keys), inner, frozenset(shown)) if len(keys) > 0 else None


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
    found = {field.name for field in cls.fields} | set(cls.module.scopes.fields(cls))
    for method in cls.methods:
        found |= {param.name for param in method.params if param.access}
    return found


def _literal(module: Module, access: Access) -> Object | None:
    if access.value is None or not _whole(access):
        return None
    value = strip(access.value)
    if isinstance(value, Call) and value.name in ("freeze", "seal") and value.args:
        value = strip(value.args[0])
    origin = value if isinstance(value, Object) else module.scopes.origin(value)
    if isinstance(origin, Call) and origin.name in ("freeze", "seal") and origin.args:
        origin = strip(origin.args[0])
    return origin if isinstance(origin, Object) else None


def _whole(access: Access) -> bool:
    """Tell whether a write stores one thing: not ``+=``, not a slice."""
    node = access.node
    return not (isinstance(node, Assign) and node.op != "=")


def taken_from(module: Module, table: Table) -> Iterator[Taken]:
    """Yield what readers take from the entries of a table: members, destructured names, subscripts."""
    for access in table.of("read"):
        if isinstance(access.node, Expr) and table.kind == "map" and not _is_method_value(access.node):
            yield from _of_value(module, access.node)
    for access in table.of("iterate"):
        yield from _of_iteration(module, table, access)


def _is_method_value(node: Expr) -> bool:
    return isinstance(node, Call) and node.name == "setdefault"


def _of_value(module: Module, value: Expr, depth: int = 2) -> Iterator[Taken]:
    """Yield what becomes of one entry."""
    inner: Node = value
    for around in ancestors(value):
        if isinstance(around, Member) and around.object is inner:
            if not isinstance(around.parent, Assign) or around.parent.target is not around:
                yield Taken(around.name, around)
            return
        if isinstance(around, Index) and around.object is inner:
            if isinstance(around.key, Literal) and isinstance(around.key.value, str):
                yield Taken(around.key.value, around)
            return
        if isinstance(around, Assign):
            if around.value is inner and isinstance(around.target, Name) and around.op == "=" and depth:
                yield from _of_name(module, around, around.target, depth)
            return
        if not isinstance(around, Expr) or type(around).__name__ not in ("Cast", "Await"):
            return
        inner = around


def _of_name(module: Module, assign: Assign, name: Name, depth: int) -> Iterator[Taken]:
    """Yield what is taken from a variable that holds an entry and nothing else."""
    if len(module.scopes.lookup(name.id, assign)) != 1:
        return
    function = next((a for a in ancestors(assign) if isinstance(a, Function)), None)
    if function is None:
        return
    for use in find(function.body, Name):
        if use.id == name.id and use is not name and module.scopes.lookup(use.id, use)[:1] == [assign]:
            yield from _of_value(module, use, depth - 1)


def _of_iteration(module: Module, table: Table, access: Access) -> Iterator[Taken]:
    """Yield what is taken from entries in ``for (const e of t.values())`` and ``[...t.values()].map(({a}) => …)``."""
    node = access.node
    if isinstance(node, For):
        if table.kind == "list" and isinstance(node.target, Name):
            yield from _loop(module, node, node.target)
        return
    if isinstance(node, Comprehension):
        if table.kind == "list":
            yield from _comprehended(module, node, access.node)
        return
    if not isinstance(node, Call):
        return
    if table.kind == "map" and node.name == "items" and isinstance(node.parent, Comprehension | For):
        yield from _of_pairs(module, node.parent, node)
    if table.kind == "map" and node.name != "values":
        return
    around = _through_spread(node) if table.kind == "map" else node
    if isinstance(around, Comprehension):
        yield from _comprehended(module, around, node)
    if isinstance(around, For) and isinstance(around.target, Name):
        yield from _loop(module, around, around.target)
    callback = around.args[0] if isinstance(around, Call) and around.args else None
    if isinstance(callback, Function) and isinstance(around, Call) and around.name in _EACH and callback.params:
        yield from _of_param(module, callback, callback.params[0])


_EACH: Final = frozenset({"map", "filter", "some", "every", "find", "forEach", "flatMap", "findLast"})


def _through_spread(node: Node) -> Node | None:
    """Return what goes over ``t.values()``: a loop, or a method of ``[...t.values()]``, ``Array.from(t.values())``."""
    parent = node.parent
    if isinstance(parent, For | Comprehension):
        return parent
    if isinstance(parent, Spread):
        parent = parent.parent
    if isinstance(parent, Array) or (isinstance(parent, Call) and parent.name == "from"):
        outer = parent.parent
        if isinstance(outer, Member) and isinstance(outer.parent, Call):
            return outer.parent
        return outer if isinstance(outer, For) else None
    return None


def _loop(module: Module, loop: For, target: Name) -> Iterator[Taken]:
    for use in find(loop.body, Name):
        if use.id == target.id and module.scopes.lookup(use.id, use)[:1] == [loop]:
            yield from _of_value(module, use, 0)


def _of_pairs(module: Module, around: Comprehension | For, source: Node) -> Iterator[Taken]:
    """Yield what is taken of the second of each pair: ``for name, entry in self._entries.items()``."""
    clauses = around.clauses if isinstance(around, Comprehension) else [(around.target, around.iterable)]
    for target, iterable in clauses:
        pair = target.items if isinstance(target, Array) and iterable is source else []
        entry = strip(pair[1]) if len(pair) == 2 else None
        if not isinstance(entry, Name):
            continue
        for use in find(around, Name):
            if use.id == entry.id and use is not entry and module.scopes.lookup(use.id, use)[:1] == [around]:
                yield from _of_value(module, use, 0)


def _comprehended(module: Module, around: Comprehension, source: Node) -> Iterator[Taken]:
    """Yield what a comprehension takes from the entries that it goes over."""
    for target, iterable in around.clauses:
        if not isinstance(target, Name) or (iterable is not source and source is not around):
            continue
        for use in find(around, Name):
            if use.id == target.id and use is not target and module.scopes.lookup(use.id, use)[:1] == [around]:
                yield from _of_value(module, use, 0)


def _of_param(module: Module, callback: Function, param: Param) -> Iterator[Taken]:
    for path in param.fields:
        if "." not in path and not path.startswith("..."):
            yield Taken(path, param)
    if param.name:
        for use in find(callback.body, Name):
            if use.id == param.name and module.scopes.lookup(use.id, use)[:1] == [param]:
                yield from _of_value(module, use, 0)
