"""Tables inside tables: the versions of a name, the plugins of a tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Comprehension, For, Function, Index, Name, strip
from reviewer.code.tables import Access, Table, accesses, tables
from reviewer.code.walk import find, function_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node


_ADDS: Final = ("add", "push", "append")
_LOOKS: Final = frozenset({"has", "get", "keys", "delete", "some", "find", "hasOwn"})
"""Calls by which a table is asked what it holds."""


def nested_calls(module: Module, table: Table, *names: str) -> Iterator[tuple[Call, Function]]:
    """Yield the calls of these names on what a table holds: ``byName.get(name).set(version, x)``, by a variable too."""
    reads = {id(access.node) for access in table.of("read")} | _read_or_begun(table)
    if not reads:
        return
    for call in module.calls(names):
        function = function_of(call)
        receiver = call.receiver
        if function is None or receiver is None or not call.args:
            continue
        if _holds(receiver, reads) or _is_kept(module, receiver, reads) or _gives(module, receiver, reads):
            yield call, function


def _read_or_begun(table: Table) -> set[int]:
    """Return the calls that give what is there, or begin it anew: ``rows.setdefault(topic, [])``."""
    return {id(one.node) for one in table.of("write") if isinstance(one.node, Call) and one.node.name == "setdefault"}


def nested_entries(module: Module, table: Table) -> Iterator[Access]:
    """Yield what is added to the sets and lists that a table holds: ``shelf(area).add(entry)``."""
    for call, function in nested_calls(module, table, *_ADDS):
        if len(call.args) == 1:
            yield Access("write", call, None, call.args[0], function)


def nested_writes(module: Module, table: Table) -> Iterator[Access]:
    """Yield what is put into the tables that a table holds: by ``set``, and by ``shelf[version] = x``."""
    for call, function in nested_calls(module, table, "set"):
        if len(call.args) > 1:
            yield Access("write", call, call.args[0], call.args[1], function)
    reads = {id(access.node) for access in table.of("read")}
    for node in module.all(Assign) if reads else ():
        target, around = node.target, function_of(node)
        if around is None or not isinstance(target, Index) or node.op != "=":
            continue
        if _holds(target.object, reads) or _is_kept(module, target.object, reads):
            yield Access("write", node, target.key, node.value, around)


def inner_tables(module: Module) -> list[Table]:
    """Return the tables that tables hold, each under the name of the outer one, with their accesses."""
    return module.once("registry.inner_tables", lambda: _inner_tables(module))


def _inner_tables(module: Module) -> list[Table]:
    outer = {id(access.node): table for table in tables(module) for access in table.of("read")}
    found: dict[int, Table] = {}
    for node in module.some(Call, Assign, Index, Binary, For, Comprehension) if outer else ():
        for target, access in accesses(node):
            table = _entry_of(module, target, outer)
            if table is not None and id(access.node) not in outer:
                inner = Table(table.name, "map", table.declared, table.owner, table.scope)
                found.setdefault(id(table), inner).accesses.append(access)
    return list(found.values())


def _entry_of(module: Module, expr: Expr, outer: dict[int, Table]) -> Table | None:
    """Return the table of which an expression is an entry, at once or by the one variable that holds it."""
    expr = strip(expr)
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    only = bound[0] if len(bound) == 1 else None
    value = strip(only.value) if isinstance(only, Assign) and only.value is not None else expr
    if isinstance(value, Binary) and value.op in ("??", "or"):
        value = strip(value.left)
    return outer.get(id(value))


def _holds(expr: Expr, reads: set[int]) -> bool:
    return any(id(node) in reads for node in walk(expr, into_functions=False))


def _is_kept(module: Module, expr: Expr, reads: set[int]) -> bool:
    """Tell whether a name stands for what was read from the table, or for a new one where nothing was there."""
    expr = strip(expr)
    if not isinstance(expr, Name):
        return False
    made = [one for one in module.scopes.lookup(expr.id, expr) if isinstance(one, Assign)]
    return any(one.value is not None and _holds(one.value, reads) for one in made)


def _gives(module: Module, expr: Expr, reads: set[int]) -> bool:
    """Tell whether a call is of a function that answers with what it reads from the table, or makes there anew."""
    call = strip(expr)
    maker = definition(module, call.callee) if isinstance(call, Call) and not call.new else None
    if not isinstance(maker, Function) or maker.module is not module:
        return False
    answers = [one.value for one in returns_of(maker) if one.value is not None]
    return bool(answers) and all(_holds(one, reads) or _is_kept(module, one, reads) for one in answers)


def looks_inside(write: Node, function: Function) -> bool:
    """Tell whether a function asks the inner table of a write for a key before it, or reads it."""
    if isinstance(write, Call):
        held = write.receiver
    else:
        held = write.target.object if isinstance(write, Assign) and isinstance(write.target, Index) else None
    inner = strip(held) if held is not None else None
    name = inner.id if isinstance(inner, Name) else ""
    for other in find(function.body, Call):
        base = strip(other.receiver) if other.receiver is not None else None
        if other.raw.start_byte >= write.raw.start_byte or other.name not in _LOOKS:
            continue
        if (name and isinstance(base, Name) and base.id == name) or (not name and other.name == "has"):
            return True
    for asked in find(function.body, Binary):
        if asked.op not in ("in", "not in") or asked.raw.start_byte >= write.raw.start_byte:
            continue
        base = strip(asked.right)
        if not name or (isinstance(base, Name) and base.id == name):
            return True
    return any(
        isinstance(read.object, Name) and read.object.id == name and read.raw.start_byte < write.raw.start_byte
        for read in find(function.body, Index)
        if not (isinstance(write, Assign) and read is write.target)
    )
