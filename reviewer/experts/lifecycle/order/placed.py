"""Questions by which a loop learns whether all that a record names is among what the loop has placed so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Comprehension, Expr, Member, Name, Node, While, strip
from reviewer.code.walk import find

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALL: Final = frozenset({"all", "every"})
_SUBSET: Final = frozenset({"issubset", "isSubsetOf"})
_SUPERSET: Final = frozenset({"issuperset", "isSupersetOf"})
_HOLDS: Final = frozenset({"has", "includes", "__contains__"})
_GROWS: Final = frozenset({"add", "update", "push", "append", "extend", "set"})


def asks_for_placed(loop: While, test: Expr) -> bool:
    """Tell whether a test asks if everything a member of a record names is held by what grows in a loop.

    ``boat.tows <= out``, ``all(one in out for one in boat.tows)``, ``boat.tows.every((one) => out.has(one))``.
    """
    asked = {name for member, name in _asked(test) if isinstance(strip(member), Member)}
    return bool(asked) and bool(asked & set(_grown(loop)))


def _asked(test: Expr) -> Iterator[tuple[Expr, str]]:
    """Yield (what is named, in which collection it is sought) for what has to be held as a whole."""
    for one in find(test, Binary):
        if one.op in ("<=", ">="):
            part, whole = (one.left, one.right) if one.op == "<=" else (one.right, one.left)
            yield part, _name(whole)
    for call in find(test, Call):
        given = call.args[0] if len(call.args) == 1 else None
        if call.receiver is not None and given is not None and call.name in _SUBSET:
            yield call.receiver, _name(given)
        elif call.receiver is not None and given is not None and call.name in _SUPERSET:
            yield given, _name(call.receiver)
        elif call.name in _ALL and given is not None:
            inner = strip(given)
            over = inner.clauses[0][1] if isinstance(inner, Comprehension) else call.receiver
            if over is not None:
                yield from ((over, name) for name in _sought_in(inner))


def _sought_in(question: Node) -> Iterator[str]:
    for call in find(question, Call):
        if call.name in _HOLDS and call.receiver is not None:
            yield _name(call.receiver)
    for one in find(question, Binary):
        if one.op == "in":
            yield _name(one.right)


def _name(expr: Expr) -> str:
    expr = strip(expr)
    return expr.id if isinstance(expr, Name) else ""


def _grown(loop: While) -> Iterator[str]:
    """Yield the names of the collections to which the turns of a loop add."""
    for call in find(loop.body, Call):
        if call.name in _GROWS and call.receiver is not None and (name := _name(call.receiver)):
            yield name
    for assign in find(loop.body, Assign):
        if assign.op == "|=" and (name := _name(assign.target)):
            yield name
