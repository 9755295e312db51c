"""What is kept in a map that is itself an entry of another one: ``kept.get(plugin).set(action, verdict)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Call, Expr, Index, Member, Name, Node, Object, strip
from reviewer.code.tables import tables
from reviewer.code.walk import class_of, find, function_of
from reviewer.experts.patterns.asking import spelling
from reviewer.experts.patterns.memos import Memo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.code.tables import Table

_MAPS: Final = frozenset({"Map", "WeakMap", "dict", "OrderedDict", "LRUCache", "TTLCache"})
_TAKES: Final = frozenset({"get", "setdefault"})
_OPS: Final = frozenset({"=", "??=", "||="})
_ASKS: Final = frozenset({"get", "has"})


def inner_memos(module: Module) -> tuple[Memo, ...]:
    """Return what is kept in inner maps; the table of such a memo is the outer one. Worked out once per review."""
    return module.once("patterns.inner_memos", lambda: tuple(_found(module)))


def _found(module: Module) -> Iterator[Memo]:
    outer = [table for table in tables(module) if table.kind == "map"]
    for node in module.some(Call, Assign) if outer else ():
        written = _written(node)
        function = function_of(node)
        if written is None or function is None:
            continue
        holder, key, value = written
        table = _outer(module, outer, holder)
        if table is not None:
            late = isinstance(node, Assign) and node.op != "="
            yield Memo(node, key, value, holder, table, function, late or _is_asked(module, function, holder, key))


def taken_out(module: Module, memo: Memo) -> tuple[Expr | None, ...]:
    """Return what a memo is kept in as the code takes it out: of a map in a map, the way from the outer one."""
    held = strip(memo.holder) if memo.holder is not None else None
    if not isinstance(held, Name) or memo.table is None or held.id == memo.table.name:
        return (memo.holder,)
    bound = module.scopes.lookup(held.id, held)
    ways = [part for one in bound if isinstance(one, Assign) and one.value for part in _alternatives(one.value)]
    found = tuple(part for part in ways if _taken_of(module, [memo.table], part) is not None)
    return found or (memo.holder,)


def _written(node: Node) -> tuple[Expr, Expr, Expr] | None:
    if isinstance(node, Call):
        put = node.name == "set" and len(node.args) == 2 and node.receiver is not None
        return (strip(node.receiver), node.args[0], node.args[1]) if put and node.receiver is not None else None
    if isinstance(node, Assign) and isinstance(node.target, Index) and node.value is not None and node.op in _OPS:
        return strip(node.target.object), node.target.key, node.value
    return None


def _outer(module: Module, outer: list[Table], holder: Expr) -> Table | None:
    """Return the table of which a map is an entry, by its own name or as it is taken out."""
    if isinstance(holder, Index | Call):
        return _taken_of(module, outer, holder)
    if not isinstance(holder, Name) or holder.id == "this":
        return None
    found: Table | None = None
    for one in module.scopes.lookup(holder.id, holder):
        if not isinstance(one, Assign) or one.value is None or function_of(one) is None:
            return None
        for part in _alternatives(one.value):
            if (table := _taken_of(module, outer, part)) is not None:
                found = table
            elif not _is_map(part):
                return None
    return found


def _alternatives(expr: Expr) -> list[Expr]:
    made = strip(expr)
    if isinstance(made, Binary) and made.op in ("??", "or"):
        return [*_alternatives(made.left), *_alternatives(made.right)]
    if isinstance(made, Assign):
        return [strip(made.target), *(_alternatives(made.value) if made.value is not None else ())]
    return [made]


def _is_map(made: Expr) -> bool:
    if isinstance(made, Call):
        return made.name in _MAPS
    return isinstance(made, Object)


def _taken_of(module: Module, outer: list[Table], expr: Expr) -> Table | None:
    if not isinstance(expr, Index | Call) or (isinstance(expr, Call) and expr.name not in _TAKES):
        return None
    held = expr.object if isinstance(expr, Index) else expr.receiver
    made = strip(held) if held is not None else None
    own = class_of(made) if made is not None and is_this_member(made) else None
    name = made.id if isinstance(made, Name) else made.name if isinstance(made, Member) and own is not None else ""
    bound = module.scopes.lookup(name, made) if isinstance(made, Name) else []
    return next(
        (
            table
            for table in outer
            if table.name == name
            and (table.owner is own if own is not None else any(one is table.declared for one in bound))
        ),
        None,
    )


def _is_asked(module: Module, function: Function, holder: Expr, key: Expr) -> bool:
    """Tell whether the function asks the same map for the same key."""
    text, told = module.text_of(holder), spelling(module, key)
    for node in find(function.body, Node):
        if isinstance(node, Call) and node.name in _ASKS and node.args and node.receiver is not None:
            held, asked = node.receiver, node.args[0]
        elif isinstance(node, Index) and not (isinstance(node.parent, Assign) and node.parent.target is node):
            held, asked = node.object, node.key
        elif isinstance(node, Binary) and node.op in ("in", "not in"):
            held, asked = node.right, node.left
        else:
            continue
        if module.text_of(held) == text and spelling(module, asked) == told:
            return True
    return False
