"""Functions that count under a key and refuse whoever has had too much, whatever they and their tables are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import returns_of
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Spread,
    Throw,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.tables import Table, tables
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_HELD_AGAINST: Final = frozenset({"<", "<=", ">", ">="})
_COUNTERS: Final = frozenset({"incr", "incrby", "incrBy", "hincrby", "increment"})
"""Methods of a store that count up and answer with the sum."""
_ADDS: Final = frozenset({"push", "append"})
_ROUNDS: Final = 4
"""Names that a count is followed through."""


class Counted(Struct, frozen=True):
    """One count that a function raises under a key; ``node`` is where it first asks for it under that key."""

    function: Function
    key: Expr
    node: Node
    name: str
    table: Table | None
    """None where the count is kept by another service."""


def counted(module: Module) -> list[Counted]:
    """Return what the functions of a module count and hold against a limit, each table and function once."""
    return module.once("patterns.counted", lambda: [*_in_tables(module), *_in_stores(module)])


def key_place(one: Counted) -> int:
    """Return the place of the parameter under which a function counts what it is told; -1 where it counts otherwise."""
    key = strip(one.key)
    bound = one.function.module.scopes.lookup(key.id, key) if isinstance(key, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if not isinstance(only, Param) or only.parent is not one.function or only.fields:
        return -1
    return next(place for place, param in enumerate(one.function.params) if param is only)


def _in_tables(module: Module) -> Iterator[Counted]:
    for table in tables(module):
        if table.kind != "map":
            continue
        reads: dict[int, list[tuple[Node, Expr]]] = {}
        for access in table.of("read"):
            if access.function is not None and access.key is not None:
                reads.setdefault(id(access.function), []).append((access.node, access.key))
        said: set[int] = set()
        refused = any(
            _refuses(access.function, [node for node, _key in reads[id(access.function)]])
            for access in table.of("read")
            if access.function is not None and id(access.function) in reads
        )
        for access in table.of("write", "read") if refused else ():
            function, key = access.function, access.key
            own = reads.get(id(function), []) if function is not None and key is not None else []
            if function is None or key is None or id(function) in said:
                continue
            spelled_so = module.text_of(key)
            same = [node for node, asked in own if module.text_of(asked) == spelled_so]
            if same and _counts(function, same, access.value, in_place=access.how == "read"):
                said.add(id(function))
                first = min(same, key=lambda node: node.start)
                yield Counted(function, key, first, table.name, table)


def _in_stores(module: Module) -> Iterator[Counted]:
    """Yield what is counted by a service: ``const calls = await redis.incr(plugin)``."""
    for call in module.calls(tuple(_COUNTERS)):
        function = function_of(call)
        if function is not None and call.receiver is not None and call.args and _refuses(function, [call]):
            yield Counted(function, call.args[0], call, last_name(call.receiver), None)


def _followed(function: Function, places: list[Node]) -> frozenset[str]:
    """Return the names of a function that hold what stands in these places, or what is made of that."""
    names: set[str] = set()
    assigns = [one for one in find(function.body, Assign) if one.value is not None]
    for _ in range(_ROUNDS):
        before = len(names)
        for assign in assigns:
            if assign.value is not None and _speaks_of(assign.value, names, places):
                names.update(part.id for part in walk(assign.target) if isinstance(part, Name) and part.id != "this")
        if len(names) == before:
            break
    return frozenset(names)


def _speaks_of(expr: Node, names: set[str] | frozenset[str], places: list[Node]) -> bool:
    return any((isinstance(part, Name) and part.id in names) or part in places for part in walk(expr))


def _counts(function: Function, places: list[Node], value: Expr | None, *, in_place: bool) -> bool:
    """Tell whether a function raises or lowers what it finds in these places, and keeps that.

    ``in_place`` tells whether only what is changed in the very thing that was found counts: ``times.append(now())``.
    """
    names = _followed(function, places)
    if in_place:
        return any(_adds_in_place(node, names, places) for node in walk(function.body))
    kept = value is None or _speaks_of(value, names, places) or any(_target(place) for place in places)
    return kept and any(_adds(node, names, places) for node in walk(function.body))


def _adds_in_place(node: Node, names: frozenset[str], places: list[Node]) -> bool:
    """Tell whether a node changes what was found itself: a member of it, or the list that it is."""
    if isinstance(node, Assign | Unary):
        target = node.target if isinstance(node, Assign) else node.operand
        return isinstance(strip(target), Member) and _adds(node, names, places)
    return isinstance(node, Call) and _adds(node, names, places)


def _target(place: Node) -> bool:
    """Tell whether a place is what is raised there: ``self._fed[keeper] += fish``."""
    around = place.parent
    return isinstance(around, Assign) and around.target is place and around.op in ("+=", "-=")


def _adds(node: Node, names: frozenset[str], places: list[Node]) -> bool:
    if isinstance(node, Binary):
        return node.op in ("+", "-") and _speaks_of(node, names, places)
    if isinstance(node, Assign):
        return node.op in ("+=", "-=") and _speaks_of(node.target, names, places)
    if isinstance(node, Unary):
        return node.op in ("++", "--") and _speaks_of(node.operand, names, places)
    if isinstance(node, Array):  # [...recent, now()]
        return any(isinstance(one, Spread) and _speaks_of(one, names, places) for one in node.items)
    return (
        isinstance(node, Call)
        and node.name in _ADDS
        and node.receiver is not None
        and _speaks_of(node.receiver, names, places)
    )


def _refuses(function: Function, places: list[Node]) -> bool:
    """Tell whether a function holds what it finds in these places against a limit, and says no to somebody."""
    names = _followed(function, places)
    compared = [
        test
        for test in find(function.body, Binary)
        if (test.op in _HELD_AGAINST or _is_reached(test)) and _speaks_of(test, names, places)
    ]
    if not compared:
        return False
    if any(True for _ in find(function.body, Throw, into_functions=False)):
        return True
    answers = [strip(one.value) for one in returns_of(function) if one.value is not None]
    return any(_says_no(answer) or _holds(function, answer, compared) for answer in answers)


def _is_reached(test: Binary) -> bool:
    """Tell whether a count is asked whether it is a certain number: ``budget.left === 0``, ``served == MOST``."""
    sides = (strip(test.left), strip(test.right))
    return test.op in ("==", "===") and any(
        (isinstance(side, Literal) and isinstance(side.value, int) and not isinstance(side.value, bool))
        or (isinstance(side, Name) and side.id.isupper())
        for side in sides
    )


def _says_no(answer: Expr) -> bool:
    return (isinstance(answer, Literal) and answer.value is False) or is_nothing(answer)


def _holds(function: Function, answer: Expr, compared: list[Binary]) -> bool:
    """Tell whether an answer is the comparison itself."""
    origin = function.module.scopes.origin(answer) if isinstance(answer, Name | Member) else answer
    return isinstance(origin, Node) and any(part in compared for part in walk(origin))
