"""How a record is made of what the host knows and of what is laid over that: spreads, calls that merge, loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import conditions
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Spread,
    strip,
    uncast,
)
from reviewer.code.walk import ancestors, find, function_of, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

LAYS: Final = frozenset({"assign", "merge", "extend", "update", "ChainMap"})
"""Calls that lay one record over another; in a ``ChainMap`` the first one counts."""
_REPLACES: Final = frozenset({"replace", "evolve", "_replace"})
"""Calls that copy a record with other values for some of its fields."""
_EACH: Final = frozenset({"items", "entries", "keys"})


class Copied(Struct, frozen=True):
    """A loop that takes the members of what is given over into a record, one by one."""

    at: Assign
    record: Object | Call
    given: Expr

    def written_later(self, member: str) -> bool:
        """Tell whether the function writes a member of the record once more behind the loop."""
        function = function_of(self.at)
        return function is not None and any(
            one.start > self.at.start and _member_of(one.target) == member for one in find(function.body, Assign)
        )


def laid_pairs(module: Module, node: Node) -> list[tuple[str | None, Expr]]:
    """Return the members of a record in the order in which they are laid over each other.

    None stands for all members of what is spread, an empty name for one that is not written out.
    """
    if isinstance(node, Object):
        return [(None if key is None else _written(key), value) for key, value in node.entries]
    if isinstance(node, Binary):
        sides = [node.left, node.right] if node.op == "|" else []
    elif not isinstance(node, Call):
        return []
    elif node.name == "update" and node.receiver is not None:
        sides = [node.receiver, *node.args]
    elif node.name in LAYS and len(node.args) > 1:
        sides = list(reversed(node.args)) if node.name == "ChainMap" else list(node.args)
    elif node.name == "dict" and node.receiver is None and node.args:
        sides = list(node.args)
    elif node.name in _REPLACES and any(isinstance(one, Spread) for one in node.args):
        own = [node.receiver] if node.name == "_replace" and node.receiver is not None else []
        sides = [*own, *node.args]
    else:
        return []
    found: list[tuple[str | None, Expr]] = []
    for side in sides:
        made = module.scopes.origin(strip(side))
        if isinstance(made, Object):
            found += laid_pairs(module, made)
        elif isinstance(made, Call) and made is not node and made.keywords and not made.args:
            found += list(made.keywords.items())  # dict(sender=name), Entry(sender=name)
        else:
            found.append((None, side))
    return found


def _written(key: Expr) -> str:
    return key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""


def _member_of(target: Expr) -> str:
    held = uncast(target)
    if isinstance(held, Index):
        return _written(strip(held.key))
    return held.name if isinstance(held, Member) else ""


def copied_keys(module: Module, function: Function) -> Iterator[Copied]:
    """Yield the loops of a function that write whatever keys they find into a record which it has made."""
    for assign in find(function.body, Assign):
        target = uncast(assign.target)
        key = strip(target.key) if isinstance(target, Index) else None
        if not isinstance(target, Index) or not isinstance(key, Name):
            continue
        record = module.scopes.origin(uncast(target.object))
        given = _gone_through(assign, key.id)
        if given is None or not isinstance(record, Object | Call) or function_of(record) is not function:
            continue
        if not any(key.id in names_in(one.test) for one in conditions(assign)):
            yield Copied(assign, record, given)


def _gone_through(assign: Assign, key: str) -> Expr | None:
    """Return what the keys are those of: ``given`` of ``Object.entries(given)``, ``given.items()``, ``in given``."""
    for around in ancestors(assign):
        over: Expr | None = None
        if isinstance(around, For) and around.target is not None and key in names_in(around.target):
            over = around.iterable
        elif isinstance(around, Function):
            call = around.parent
            named = [one for param in around.params for one in (param.name, *param.fields.values())]
            if not isinstance(call, Call) or call.name != "forEach" or key not in named:
                return None
            over = call.receiver
        if over is not None:
            made = uncast(over)
            if isinstance(made, Call) and made.name in _EACH:
                return made.args[0] if made.args else made.receiver
            return made
    return None
