"""Helpers and classes of the subject that only file what they are given under a key that they are given, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Assign, Call, Expr, Function, Index, Name, Object, Param, strip
from reviewer.code.tables import tables
from reviewer.code.walk import function_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Table

_OWN = -1
"""Place of a collection that is no argument, but a field of the object whose method is called."""
_WRITES = frozenset({"set", "setdefault"})
_LIKES = frozenset("freeze deepFreeze structuredClone cloneDeep clone copy deepcopy dict list tuple".split())
"""Calls that give a copy of what they are given, or the thing itself."""


class Filed(Struct, frozen=True):
    """What a call files, or asks for: ``keep(this.days, day, menu)``, ``hits.store(text, found)``, ``hits.look(text)``.

    ``holder`` is the collection, or the object that has one; ``value`` is None where the call only asks.
    """

    holder: Expr
    key: Expr
    value: Expr | None


class _Places(Struct, frozen=True):
    """Places of the parameters of a function by which it is told the collection, the key and the value."""

    holder: int
    key: int
    value: int


def filed_by(module: Module, call: Call) -> Filed | None:
    """Return what a call has a function of the subject file, or look up, in a map; None for any other call."""
    if not call.args:
        return None
    target = callee(module, call)
    if target is None or not target.params or target.kind == "constructor":
        return None
    places = _filing(target.module).get(target.start)
    if places is None:
        return None
    holder = call.receiver if places.holder == _OWN else call.arg(places.holder, target.params[places.holder].name)
    key = call.arg(places.key, target.params[places.key].name)
    value = call.arg(places.value, target.params[places.value].name) if places.value >= 0 else None
    if holder is None or key is None or (places.value >= 0 and value is None):
        return None
    held = strip(holder)
    if isinstance(held, Name) and held.id in ("this", "super"):
        return None  # a method of the class itself, whose table is known
    return Filed(holder, key, value)


def filed_in(module: Module, node: Node) -> Table | None:
    """Return the table of an own class of caches, by whose method something is kept: ``book.put(key, it)``."""
    target = callee(module, node) if isinstance(node, Call) else None
    if target is None or target.owner is None or target.owner.bases:
        return None
    kept = (table for table in tables(target.module) if table.owner is target.owner and table.kind == "map")
    return next((table for table in kept if any(one.function is target for one in table.of("write"))), None)


def _filing(module: Module) -> dict[int, _Places]:
    """Return the functions of a module that file or look up what they are given, by the places where they begin."""
    return module.once("patterns.filing", lambda: dict(_functions(module)))


def _functions(module: Module) -> Iterator[tuple[int, _Places]]:
    found: dict[int, _Places] = {}
    for node in module.some(Call, Assign, Index):
        function = function_of(node)
        parts = _parts(node) if function is not None else None
        if function is None or parts is None:
            continue
        holder, key, value = parts
        at = [_place(module, function, holder), _place(module, function, _spelled_of(module, key))]
        own = is_this_member(strip(holder)) and function.owner is not None
        told = _place(module, function, _kept(value, function, at[1])) if value is not None else -1
        if at[1] < 0 or (at[0] < 0 and not own) or (value is not None and told < 0):
            continue
        if value is not None or function.start not in found:
            found[function.start] = _Places(_OWN if own else at[0], at[1], told)
    yield from found.items()


def _parts(node: object) -> tuple[Expr, Expr, Expr | None] | None:
    """Return the collection, the key and the value of what puts something into a map, or takes it out to look at."""
    if isinstance(node, Call) and node.receiver is not None:
        if node.name in _WRITES and len(node.args) == 2:
            return node.receiver, node.args[0], node.args[1]
        return (node.receiver, node.args[0], None) if node.name == "get" and node.args else None
    if isinstance(node, Assign) and isinstance(node.target, Index) and node.value is not None and node.op == "=":
        return node.target.object, node.target.key, node.value
    if isinstance(node, Index) and not (isinstance(node.parent, Assign) and node.parent.target is node):
        return node.object, node.key, None
    return None


def _spelled_of(module: Module, key: Expr) -> Expr:
    """Return what a key is the spelling of, also where a line before makes it: ``this.textOf(key)``."""
    made = module.scopes.origin(key)
    if isinstance(made, Call) and len(made.args) == 1 and not made.new:
        return made.args[0]
    return key


def _kept(value: Expr, function: Function, key: int) -> Expr:
    """Return what is kept, or what the record around it holds beside the key: ``{ key, value, at: now() }``."""
    made = strip(value)
    parts: list[Expr] = []
    if isinstance(made, Object):
        parts = [held for _key, held in made.entries]
    elif isinstance(made, Array):
        parts = made.items
    elif isinstance(made, Call) and (made.new or made.name[:1].isupper()):  # Entry(value, at=now())
        parts = [*made.args, *made.keywords.values()]
    named = [one for part in (*parts, made) if isinstance(one := _copied(part), Name)]
    return next((one for one in named if key < 0 or one.id != function.params[key].name), value)


def _copied(expr: Expr) -> Expr:
    """Return what a copy is made of: ``copy.deepcopy(answer)``."""
    made = strip(expr)
    return strip(made.args[0]) if isinstance(made, Call) and made.name in _LIKES and len(made.args) == 1 else made


def _place(module: Module, function: Function, expr: Expr) -> int:
    """Return the place of the parameter that an expression is the name of, else -1."""
    name = strip(expr)
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if not isinstance(only, Param) or only.parent is not function or only.fields:
        return -1
    return next(place for place, param in enumerate(function.params) if param is only)
