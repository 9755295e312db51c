"""How several things are put into a collection at once, and how it is given what is left of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from reviewer.code.syntax import Array, Assign, Call, Comprehension, Literal, Member, Name, Object, Spread, strip

if TYPE_CHECKING:
    from reviewer.code.syntax import Expr

Put: TypeAlias = "tuple[Expr, Expr | None, Expr]"
"""A collection, with the key and the value that are put into it."""


def made_anew(node: Assign) -> Iterator[Put]:
    """Yield what a collection is given beside all that was in it.

    ``slots = { ...slots, [id]: slot }``, ``slots |= {id: slot}``, ``taps = [...taps, tap]``.
    """
    made = node.value
    if isinstance(made, Object):
        if node.op == "|=" or any(_way(one) and _way(one) == _way(node.target) for one in made.spreads):
            yield from _entered(node.target, made)
    elif isinstance(made, Array) and len(made.items) > 1:
        own = [one for one in made.items if isinstance(one, Spread) and _way(one.value) == _way(node.target) != ""]
        for item in made.items if own else ():
            if not isinstance(item, Spread):
                yield node.target, None, item


def laid_in(call: Call) -> Iterator[Put]:
    """Yield what a call puts into a table with all of an object: ``Object.assign(slots, {…})``, ``slots.update(…)``."""
    holder = strip(call.receiver) if call.receiver is not None else None
    given = strip(call.args[-1]) if call.args else None
    if not isinstance(given, Object) or holder is None:
        return
    if call.name == "assign" and len(call.args) == 2 and isinstance(holder, Name) and holder.id == "Object":
        yield from _entered(call.args[0], given)
    elif call.name == "update" and len(call.args) == 1:
        yield from _entered(holder, given)


def leaves_some(node: Assign) -> bool:
    """Tell whether a collection is given only some of its own: ``parts = parts.filter((one) => one !== part)``."""
    value, way = strip(node.value) if node.value is not None else None, _way(node.target)
    if isinstance(value, Call) and value.name == "filter" and value.receiver is not None:
        return way != "" and _way(value.receiver) == way
    if not isinstance(value, Comprehension) or not value.tests or len(value.clauses) != 1 or way == "":
        return False
    over = strip(value.clauses[0][1])
    if isinstance(over, Call) and over.name == "items" and over.receiver is not None:
        over = strip(over.receiver)
    return _way(over) == way


def _entered(table: Expr, made: Object) -> Iterator[Put]:
    """Yield the entries of an object whose keys are worked out: a table's, and not the members of a record."""
    for key, value in made.entries:
        if key is not None and not isinstance(key, Literal):
            yield table, key, value


def _way(expr: Expr) -> str:
    """Return the names of an access path, or nothing where it is another thing."""
    expr = strip(expr)
    if isinstance(expr, Member):
        return f"{held}.{expr.name}" if (held := _way(expr.object)) else ""
    return expr.id if isinstance(expr, Name) else ""
