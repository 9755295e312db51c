"""Tables whose entries have owners: those of one are taken out together, by a member that says whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, definition, named_type
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
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
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, names_in
from reviewer.experts.paths import last_name
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.registry.vocabulary import REPLACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

_EACH: Final = frozenset({"forEach", "filter", "map", "find"})


def enters_owned(module: Module, table: Table, access: Access) -> Function | None:
    """Return the function that puts an entry with an owner under a key that others may use, too; None for any other."""
    function = access.function
    if function is None or access.key is None or access.value is None or set(words(function.name)) & REPLACES:
        return None
    members = owner_members(module, table)
    if not members:
        return None
    value = module.scopes.origin(access.value)
    if "" in members and isinstance(strip(access.value), Name) and isinstance(value, Param):
        return None if _of_same(module, access.key, access.value) else function
    for member in members - {""}:
        if member.isdigit():
            at = value.items[int(member) : int(member) + 1] if isinstance(value, Array) else []
            if at and isinstance(at[0], Expr) and not _of_same(module, access.key, at[0]):
                return function
            continue
        told = _told(module, value if isinstance(value, Expr) else access.value, member)
        if isinstance(told, Expr) and not _of_same(module, access.key, told):
            return function
        if told is None and isinstance(value, Param) and _has_member(module, access.value, member):
            named = {feed.name for feed in feeds(module, access.key)}
            return None if member in named else function
    return None


def owner_members(module: Module, table: Table) -> frozenset[str]:
    """Return the members by which entries are taken out for whoever goes; an empty text for the entry itself.

    Of an entry that is taken apart, ``name, (owner, run)``, it is the place of the part: ``0``.
    """
    found: set[str] = set()
    removing = {id(access.function) for access in table.of("delete")}
    for access in table.of("iterate"):
        function = access.function
        if function is None:
            continue
        if not {id(function), id(function.outer), *_inner(function)} & removing and not _put_anew(access.node, table):
            continue
        elements = _elements(access.node)
        parts = _parts_of_entry(access.node)
        for test in find(function.body, Binary):
            if test.op not in ("==", "!=") or not elements:
                continue
            for side, other in ((test.left, test.right), (test.right, test.left)):
                one, whom = strip(side), strip(other)
                if not isinstance(whom, Name) or not module.scopes.is_param(whom):
                    continue
                if isinstance(one, Member) and isinstance(one.object, Name) and one.object.id in elements:
                    found.add(one.name)
                elif isinstance(one, Index) and isinstance(one.key, Literal) and isinstance(one.object, Name):
                    found.update((str(one.key.value),) if one.object.id in elements else ())
                elif isinstance(one, Name) and one.id in parts:
                    found.add(str(parts.index(one.id)))
                elif isinstance(one, Name) and one.id in elements[1:]:
                    found.add("")
    return frozenset(found)


def _put_anew(node: Node, table: Table) -> bool:
    """Tell whether those that stay are put into the place of all: ``self._cues = {k: c for … if c.owner != name}``."""
    return any(isinstance(one, Assign) and last_name(one.target) == table.name for one in ancestors(node))


def _inner(function: Function) -> Iterator[int]:
    for one in find(function.body, Function):
        yield id(one)


def _elements(node: object) -> tuple[str, ...]:
    """Return the names that stand for the key and the entry where a table is gone through, in their order."""
    if isinstance(node, For) and node.target is not None:
        return _names(node.target)
    if isinstance(node, Comprehension):
        return tuple(name for target, _iterable in node.clauses for name in _names(target))
    around = node if isinstance(node, Call) and node.name in _EACH else getattr(node, "parent", None)
    while isinstance(around, Call | Member) and not (isinstance(around, Call) and around.name in _EACH):
        around = around.parent
    if isinstance(around, For | Comprehension):
        return _elements(around)
    given = [strip(arg) for arg in around.args] if isinstance(around, Call) else []
    return tuple(param.name for one in given if isinstance(one, Function) for param in one.params)


def _parts_of_entry(node: object) -> list[str]:
    """Return the names of the parts of each entry, where a loop takes key and entry apart at once."""
    targets = [node.target] if isinstance(node, For) else [t for t, _ in getattr(node, "clauses", ())]
    around = getattr(node, "parent", None)
    while not targets and isinstance(around, Call | Member):
        targets = [around.parent.target] if isinstance(around.parent, For) else []
        around = around.parent
    pair = targets[0] if targets else None
    entry = pair.items[1] if isinstance(pair, Array) and len(pair.items) == 2 else None
    return [one.id if isinstance(one, Name) else "" for one in entry.items] if isinstance(entry, Array) else []


def _names(target: Expr) -> tuple[str, ...]:
    if isinstance(target, Array):
        return tuple(name for item in target.items for name in _names(item))
    return (target.id,) if isinstance(target, Name) else tuple(sorted(names_in(target)))


def _told(module: Module, value: Expr, member: str) -> Expr | None:
    """Return what a record has under a member: as it is written out, or as its class is given it."""
    made = strip(value)
    if isinstance(made, Object):
        return made.get(member)
    record = definition(module, made.callee) if isinstance(made, Call) else None
    if not isinstance(made, Call) or not isinstance(record, Class):
        return None
    begin = record.method("constructor") or record.method("__init__")
    names = [one.name for one in (begin.params if begin is not None else record.fields)]
    return made.arg(names.index(member), member) if member in names else None


def _has_member(module: Module, value: Expr, member: str) -> bool:
    record = named_type(module, declared_type(module, value))
    return record is not None and any(one.name == member for one in record.fields)


def _of_same(module: Module, key: Expr, owner: Expr) -> bool:
    """Tell whether a key says whose the entry is."""
    roots = {(id(feed.root), feed.path) for feed in feeds(module, owner)}
    return any((id(feed.root), feed.path) in roots for feed in feeds(module, key)) or function_of(key) is None
