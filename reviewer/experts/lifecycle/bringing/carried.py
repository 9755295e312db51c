"""Members by which a record names other records, whatever a host calls them: ``layer.base``, ``block.needs``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.bindings import Binding
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.code.tables import Access, Table

_LISTS: Final = frozenset({"items", "entries", "keys", "values", "list", "sorted", "tuple", "set", "from", "filter"})
"""Calls that only go through what they are given, or are called on."""
_EACH: Final = frozenset({"map", "forEach", "flatMap", "every", "some", "reduce", "filter", "find"})
BELOW: Final = frozenset(
    "child children kids descendants parent parents sub subs replies members items entries parts rows cells siblings "
    "id name key slug kind type uid label path paths file files url uri tags tag value values "
    "capability capabilities provides offers layout layouts pattern patterns node nodes element elements route routes "
    "field fields section sections page pages branch branches content contents".split()
)
"""Words of members that say what a thing is made of, or its own name."""
_NAMES_ONE: Final = frozenset("id name key slug which one other need needed dep dependency gone target".split())
"""Words of names that stand for one record by its name."""


def carried(module: Module) -> tuple[tuple[str, Table | None], ...]:
    """Return (member, table) for each member that names other records, with the table in which they are looked up.

    ``for need in feature.needs: self._features[need]`` where the features are kept in that table; the table is None
    where a function calls itself for each of them.
    """
    return module.once("lifecycle.carried", lambda: tuple(_found(module)))


def carried_names(module: Module) -> frozenset[str]:
    """Return the names of these members."""
    return frozenset(name for name, _table in carried(module))


def gone_down(module: Module) -> frozenset[str]:
    """Return the members over whose items a function calls itself, having looked the record up by a name."""
    return module.once(
        "lifecycle.gone_down",
        lambda: frozenset(name for name, _table in _gone_down(module) if not set(words(name)) & BELOW),
    )


def names_others(module: Module, nodes: Node) -> bool:
    """Tell whether code reads a member by which a record names others."""
    known = carried_names(module)
    return bool(known) and any(member.name in known for member in find(nodes, Member))


def _found(module: Module) -> Iterator[tuple[str, Table | None]]:
    seen: set[tuple[str, int]] = set()
    for member, table in (*_looked_up(module), *_gone_down(module)):
        if not set(words(member)) & BELOW and (member, id(table)) not in seen:
            seen.add((member, id(table)))
            yield member, table


def _looked_up(module: Module) -> Iterator[tuple[str, Table | None]]:
    """Yield the members whose items are keys of the table in which records of their kind are kept."""
    for table in tables(module):
        if table.kind != "map" or not table.of("write"):
            continue
        own = {name for one in table.of("write") for name in _names_itself(module, one)}
        for access in table.of("has", "read"):
            for member in _sources(module, access.key) if access.key is not None else ():
                if member.name not in own and _is_kept(module, table, member.object):
                    yield member.name, table
        for member in _held_against(module, table):
            if member.name not in own:
                yield member.name, table


def _names_itself(module: Module, write: Access) -> Iterator[str]:
    """Yield the members that hold the very key under which a record is kept: ``set(seat.owner, seat)``."""
    key = strip(write.key) if write.key is not None else None
    if isinstance(key, Member):
        yield key.name
    made = module.scopes.origin(write.value) if write.value is not None else None
    if not isinstance(key, Name) or not isinstance(made, Object | Call):
        return
    entries = made.entries if isinstance(made, Object) else made.keywords.items()
    for name, value in entries:
        said = name.value if isinstance(name, Literal) else name
        if (
            isinstance(said, str)
            and value is not None
            and isinstance(given := strip(value), Name)
            and given.id == key.id
        ):
            yield said


def _sources(module: Module, key: Expr) -> Iterator[Member]:
    """Yield the members that a key is taken from: itself, or the list that it is one item of."""
    key = strip(key)
    if isinstance(key, Name):
        for bound in module.scopes.lookup(key.id, key):
            over = one_of(bound, key.id)
            if isinstance(over, Member) and not is_this_member(over):
                yield over
    elif isinstance(key, Member) and not is_this_member(key):
        yield key


def one_of(bound: Binding, name: str) -> Expr | None:
    """Return what a name is one item of, or the very value that it was given; None where that can't be told."""
    if isinstance(bound, Assign):
        return plain(bound.value)
    if isinstance(bound, For):
        return plain(bound.iterable) if _first(bound.target, name) else None
    if isinstance(bound, Comprehension):
        return next((plain(over) for target, over in bound.clauses if _first(target, name)), None)
    if isinstance(bound, Param):
        callback = bound.parent
        call = callback.parent if isinstance(callback, Function) else None
        if isinstance(call, Call) and call.name in _EACH and call.receiver is not None and callback in call.args:
            return plain(call.receiver)
    return None


def _first(target: Expr | None, name: str) -> bool:
    """Tell whether a name is what a loop gives, or the first of a pair."""
    if isinstance(target, Array) and target.items:
        target = target.items[0]
    return isinstance(target, Name) and target.id == name


def plain(over: Expr | None) -> Expr | None:
    """See through what stands in for a missing list, or makes a list of it: ``Object.keys(sheet.after ?? {})``."""
    over = strip(over) if over is not None else None
    while isinstance(over, Binary | Call):
        inner: Expr | None = None
        if isinstance(over, Binary) and over.op in ("??", "or"):
            inner = over.left
        elif isinstance(over, Call) and over.name in _LISTS:
            inner = over.args[0] if over.args and not isinstance(strip(over.args[0]), Function) else over.receiver
        if inner is None:
            return over
        over = strip(inner)
    return over


def _is_kept(module: Module, table: Table, record: Expr) -> bool:
    """Tell whether a table keeps records of this kind: by the name under which they are put in, or by their type."""
    record = strip(record)
    if not isinstance(record, Name):
        return False
    if any(one.value is not None and record.id in names_in(one.value) for one in table.of("write")):
        return True
    declared = declared_type(module, record)
    return bool(declared) and declared.isidentifier() and declared in module.text_of(table.declared)


def _held_against(module: Module, table: Table) -> Iterator[Member]:
    """Yield the members in which a given name is sought while the records of a table are gone through."""
    for access in table.of("iterate"):
        around = next(
            (one for one in ancestors(access.node) if isinstance(one, For | Comprehension | Function)), access.node
        )
        scope = access.node if isinstance(access.node, For | Comprehension) else around
        for node in find(scope, Binary):
            within = node.op in ("in", "not in") and _may_be_key(table, node.left)
            sides = [strip(node.right)] if within else []
            if node.op in ("==", "!="):
                sides = [one for one in _sides(node) if _is_key(table, _sides(node))]
            yield from (one for one in sides if isinstance(one, Member) and _is_item(module, one, access.node))
        for call in find(scope, Call):
            asked, sought = (call.receiver, call.arg(0)) if call.name in ("includes", "has") else (None, None)
            asked, sought = (call.arg(0), call.arg(1)) if call.name == "hasOwn" else (asked, sought)
            held = strip(asked) if asked is not None else None
            named = sought is not None and _may_be_key(table, sought)
            if named and isinstance(held, Member) and _is_item(module, held, access.node):
                yield held


def _sides(node: Binary) -> list[Expr]:
    return [strip(node.left), strip(node.right)]


def _may_be_key(table: Table, sought: Expr) -> bool:
    """Tell whether what is sought may be the name of a record: as keys of the table are spelled, or by its own words.

    ``tool for tool in tools.values() if suffix in tool.formats`` seeks none.
    """
    sought = strip(sought)
    if not isinstance(sought, Name):
        return True
    keys = (strip(one.key) for one in table.accesses if one.key is not None)
    spelled = {key.id if isinstance(key, Name) else key.name if isinstance(key, Member) else "" for key in keys}
    return sought.id in spelled or not _NAMES_ONE.isdisjoint(words(sought.id))


def _is_key(table: Table, sides: list[Expr]) -> bool:
    """Tell whether one side is a name under which the same function also asks the table for an entry."""
    names = {side.id for side in sides if isinstance(side, Name)}
    at = function_of(sides[0])
    functions = {id(at), id(at.outer) if at is not None else 0}
    return any(
        isinstance(key := one.key and strip(one.key), Name) and key.id in names and id(one.function) in functions
        for one in table.of("has", "read", "delete")
    )


def _is_item(module: Module, member: Member, gone_through: Node) -> bool:
    """Tell whether a member is of one of the records that are gone through."""
    record = strip(member.object)
    for bound in module.scopes.lookup(record.id, record) if isinstance(record, Name) else ():
        if bound is gone_through:
            return True
        if isinstance(bound, Param) and isinstance(bound.parent, Function):
            call = bound.parent.parent
            if isinstance(call, Call) and call.name in _EACH and call.receiver is not None:
                return any(node is gone_through for node in (call, *find(call.receiver, Call)))
        if isinstance(bound, For | Comprehension) and any(one is gone_through for one in find(bound, Call)):
            return True
    return False


def _gone_down(module: Module) -> Iterator[tuple[str, Table | None]]:
    """Yield the members over whose items a function calls itself, having looked the record up by a name."""
    for function in module.functions:
        for call in module.calls((function.name,)) if function.name and function.params else ():
            member = descended(module, call, function)
            if member is not None:
                yield member.name, _table_behind(module, member.object)


def _table_behind(module: Module, record: Expr) -> Table | None:
    """Return the table out of which a function of the file took a record: ``latest(name)`` reads ``themes[name]``."""
    made = module.scopes.origin(record)
    own = definition(module, made.callee) if isinstance(made, Call) else None
    if not isinstance(own, Function) or own.module is not module:
        return None
    given = {param.name for param in own.params}
    found = [
        table
        for table in tables(module)
        if table.kind == "map"
        and any(one.function is own and one.key is not None and given & names_in(one.key) for one in table.of("read"))
    ]
    return found[0] if len(found) == 1 else None


def descended(module: Module, call: Call, function: Function) -> Member | None:
    """Return the member of a looked-up record for one item of which a function calls itself, or None."""
    if definition(module, call.callee) is not function or not any(one is function for one in ancestors(call)):
        return None
    given = {param.name for param in function.params}
    for arg in call.args:
        item = strip(arg)
        for bound in module.scopes.lookup(item.id, item) if isinstance(item, Name) else ():
            over = one_of(bound, item.id) if isinstance(item, Name) and not isinstance(bound, Assign) else None
            if isinstance(over, Member) and not is_this_member(over) and looked_up_by(module, over.object, given):
                return over
    return None


def looked_up_by(module: Module, record: Expr, given: set[str]) -> bool:
    """Tell whether a record was looked up under something that a function was given."""
    record = strip(record)
    if isinstance(record, Index):
        return bool(given & names_in(record.key))  # sheets[name].base
    if not isinstance(record, Name):
        return isinstance(record, Call) and any(given & names_in(arg) for arg in record.args)
    for bound in module.scopes.lookup(record.id, record):
        value = bound.value if isinstance(bound, Assign) else None
        if value is None:
            continue
        if any(given & names_in(call.args) for call in calls_in(value)):
            return True
        if any(given & names_in(index.key) for index in find(value, Index)):
            return True
    return False
