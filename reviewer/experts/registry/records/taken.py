"""What readers take from the entries of a table, where one is looked up and where it is given back to."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import returns_of
from reviewer.code.reach.call_sites import callers
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Spread,
    is_nothing,
    strip,
)
from reviewer.code.walk import ancestors, class_of, find, function_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

_MOST: Final = 5
"""Files that are looked at for who calls what gives an entry back."""


class Taken(Struct, frozen=True):
    """A member that a reader takes from an entry, and where."""

    name: str
    at: Node
    module: Module


def taken_from(module: Module, table: Table) -> Iterator[Taken]:
    """Yield what readers take from the entries of a table: members, destructured names, subscripts."""
    for access in table.of("read"):
        if isinstance(access.node, Expr) and table.kind == "map" and not _is_method_value(access.node):
            yield from _of_value(module, access.node)
            yield from _of_answer(module, access.node, access.function)
    for access in table.of("delete"):  # ``entry = self._slots.pop(name)``
        if isinstance(access.node, Call) and access.node.name == "pop" and table.kind == "map":
            yield from _of_value(module, access.node)
    for access in table.of("iterate"):
        yield from _of_iteration(module, table, access)
    if table.kind == "map" and module.language != "python":
        yield from _of_spread_pairs(module, table)


def parts_of(taken: Taken) -> Iterator[Taken]:
    """Yield what is taken of what a reader took from an entry: ``formats`` of ``entry.manifest.formats``."""
    if isinstance(taken.at, Expr):
        yield from _of_value(taken.module, taken.at)
    elif isinstance(taken.at, Param) and isinstance(taken.at.parent, Function):
        for use in find(taken.at.parent.body, Name):
            if use.id == taken.name and taken.module.scopes.lookup(use.id, use)[:1] == [taken.at]:
                yield from _of_value(taken.module, use, 0)


def _of_answer(module: Module, read: Expr, function: Function | None) -> Iterator[Taken]:
    """Yield what callers take from an entry that a function looks up and gives back, in any file."""
    answers = [one.value for one in returns_of(function) if one.value is not None] if function is not None else []
    if function is None or not function.name or not answers:
        return
    answers = [one.left if isinstance(one, Binary) and one.op in ("??", "or") else one for one in map(strip, answers)]
    if not all(is_nothing(one) or strip(one) is read or module.scopes.origin(one) is read for one in answers):
        return
    for other in (module, *islice(callers(module, function.name), _MOST)):
        for call in other.calls((function.name,)):
            if definition(other, call.callee) is function and function_of(call) is not function:
                yield from _of_value(other, call)


def _of_spread_pairs(module: Module, table: Table) -> Iterator[Taken]:
    """Yield what is taken of the second of each pair: ``[...slots].map(([id, slot]) => slot.tool)``."""
    for spread in module.all(Spread):
        held = strip(spread.value)
        if not isinstance(held, Name | Member) or held.parent is not spread or not _is_table(module, table, held):
            continue
        around = _through_spread(held)
        callback = around.args[0] if isinstance(around, Call) and around.name in _EACH and around.args else None
        if isinstance(callback, Function) and callback.params and "1" in callback.params[0].fields:
            yield from _of_local(module, callback, callback.params[0], callback.params[0].fields["1"])


def _is_table(module: Module, table: Table, held: Name | Member) -> bool:
    """Tell whether an expression names a table: a field of its class, or the name that it was made under."""
    if isinstance(held, Member):
        return (
            table.owner is not None
            and is_this_member(held)
            and class_of(held) is table.owner
            and held.name == table.name
        )
    return table.owner is None and module.scopes.lookup(held.id, held)[:1] == [table.declared]


def _is_method_value(node: Expr) -> bool:
    return isinstance(node, Call) and node.name == "setdefault"


def _of_value(module: Module, value: Expr, depth: int = 2) -> Iterator[Taken]:
    """Yield what becomes of one entry."""
    inner: Node = value
    for around in ancestors(value):
        if isinstance(around, Member) and around.object is inner:
            if not isinstance(around.parent, Assign) or around.parent.target is not around:
                yield Taken(around.name, around, module)
            return
        if isinstance(around, Index) and around.object is inner:
            if isinstance(around.key, Literal) and isinstance(around.key.value, str):
                yield Taken(around.key.value, around, module)
            return
        if isinstance(around, Assign):
            if around.value is inner and isinstance(around.target, Name) and around.op == "=" and depth:
                yield from _of_name(module, around, around.target, depth)
            return
        instead = isinstance(around, Binary) and around.op in ("??", "or") and around.left is inner
        if not isinstance(around, Expr) or not (instead or isinstance(around, Cast | Await)):
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
        elif table.kind == "map" and module.language != "python" and node.iterable is not None:
            yield from _of_pairs(module, node, node.iterable)  # ``for (const [id, slot] of slots)``
        return
    if isinstance(node, Comprehension):
        if table.kind == "list":
            yield from _comprehended(module, node, access.node)
        return
    if not isinstance(node, Call):
        return
    if table.kind == "map" and node.name in ("items", "entries") and isinstance(node.parent, Comprehension | For):
        yield from _of_pairs(module, node.parent, node)
    pairs = node.name == "entries" and module.language != "python"
    if table.kind == "map" and node.name != "values" and not pairs:
        return
    around = _through_spread(node) if table.kind == "map" else node
    if isinstance(around, Comprehension):
        yield from _comprehended(module, around, node)
    if isinstance(around, For) and isinstance(around.target, Name):
        yield from _loop(module, around, around.target)
    callback = around.args[0] if isinstance(around, Call) and around.args else None
    if isinstance(callback, Function) and isinstance(around, Call) and around.name in _EACH and callback.params:
        first = callback.params[0]
        if table.kind == "map" and node.name == "entries":
            if "1" in first.fields:
                yield from _of_local(module, callback, first, first.fields["1"])
        else:
            yield from _of_param(module, callback, first)
    yield from _by_function(module, node)


def _by_function(module: Module, entries: Call) -> Iterator[Taken]:
    """Yield what a function of Python takes that is told each entry: ``sorted(t.values(), key=lambda one: …)``."""
    around = entries.parent
    if not isinstance(around, Call) or module.language != "python":
        return
    told = around.keywords.get("key") if around.name in ("sorted", "min", "max") else None
    told = around.args[0] if around.name in ("map", "filter") and around.args else told
    if isinstance(told, Function) and told.params:
        yield from _of_param(module, told, told.params[0])


def _of_local(module: Module, function: Function, param: Param, name: str) -> Iterator[Taken]:
    """Yield what a function takes of one name of a parameter that is taken apart: ``([id, slot]) => slot.tool``."""
    for use in find(function.body, Name):
        if use.id == name and module.scopes.lookup(use.id, use)[:1] == [param]:
            yield from _of_value(module, use, 0)


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
            yield Taken(path, param, module)
    if param.name:
        for use in find(callback.body, Name):
            if use.id == param.name and module.scopes.lookup(use.id, use)[:1] == [param]:
                yield from _of_value(module, use, 0)
