"""Statements of one function that undo each other: what is opened and closed, what is entered and taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import use_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Delete,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Unary,
    strip,
)
from reviewer.code.walk import find, names_in, walk
from reviewer.subject.opposites import undoes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.syntax import Expr, Node

CLOSES: Final = frozenset(
    "close release releaseLock destroy dispose end disconnect terminate kill unlock aclose cancel stop quit shutdown "
    "unsubscribe detach unwatch unlisten".split()
)
"""What gives back a thing that a variable holds, by the name of its member."""
_GIVES: Final = frozenset({"clearInterval", "clearTimeout", "putconn", "give_back", "giveBack"})
"""Functions that end what they are handed."""
_ENTRY: Final = {
    "add": {"delete", "discard", "remove"},
    "set": {"delete"},
    "append": {"remove"},
    "on": {"off", "removeListener", "un"},
    "addListener": {"removeListener", "off"},
    "addEventListener": {"removeEventListener"},
    "add_listener": {"remove_listener"},
    "add_done_callback": {"remove_done_callback"},
    "add_reader": {"remove_reader"},
    "subscribe": {"unsubscribe"},
    "psubscribe": {"punsubscribe"},
    "register": {"unregister", "deregister"},
    "acquire": {"release"},
    "lock": {"unlock"},
    "join": {"leave"},
    "watch": {"unwatch", "unwatchFile"},
    "watchFile": {"unwatchFile"},
    "listen": {"unlisten"},
    "follow": {"unfollow"},
    "observe": {"unobserve", "disconnect"},
    "connect": {"disconnect"},
    "retain": {"release"},
}
"""Calls that enter something of the caller's, with what takes it out again."""


class Undone(Struct, frozen=True):
    """Something that a function begins, and the statement of it, or of a function in it, that ends it again."""

    begin: Node
    end: Node
    name: str
    """What it is about: the variable, or what is entered."""


def undone_calls(function: Function, ends_in: Sequence[Node] | None = None) -> Iterator[Undone]:
    """Yield what a function begins that it also ends, each with the first of its ends, in source order.

    The ends are looked for in the same function but not in those inside of it, or where ``ends_in`` says.
    """
    ends = list(walk(function.body if ends_in is None else ends_in, into_functions=ends_in is not None))
    for node in walk(function.body, into_functions=False):
        name, end = "", None
        if isinstance(node, Assign) and isinstance(node.target, Name) and _is_made(node.value):
            name = node.target.id
            end = next((one for one in ends if _gives_back(one, name)), None)
        elif isinstance(node, Assign) and isinstance(node.target, Index):
            name = _root(node.target)
            end = next((one for one in ends if _takes_key(one, node.target)), None)
        elif isinstance(node, Call) and node.receiver is not None and node.args:
            name = min(names_in(node.args), default="")
            end = next((one for one in ends if _takes_out(one, node)), None)
        if end is not None and end.start > node.start:
            yield Undone(node, end, name)


def _is_made(value: Expr | None) -> bool:
    """Tell whether a value is what a call gave, or a part of that: ``reader, writer = await open_connection()``."""
    value = strip(value) if value is not None else None
    value = strip(value.object) if isinstance(value, Index) else value
    return isinstance(strip(value.value) if isinstance(value, Await) else value, Call)


def _gives_back(node: Node, name: str) -> bool:
    """Tell whether a node closes what a variable holds, or calls it where it is a function that ends something."""
    if not isinstance(node, Call) or use_of(node).how not in ("dropped", "returned"):
        return False
    callee = strip(node.callee)
    if any(isinstance(arg, Name) and arg.id == name for arg in map(strip, node.args[:1])):
        return node.name in CLOSES or node.name in _GIVES
    if isinstance(callee, Member):
        holder = strip(callee.object)
        return callee.name in CLOSES and isinstance(holder, Name) and holder.id == name
    return isinstance(callee, Name) and callee.id == name and not node.args and not node.keywords


def _takes_key(node: Node, entry: Index) -> bool:
    """Tell whether a node takes the key of an entry out of the same table."""
    targets: Sequence[Node]
    if isinstance(node, Delete):
        targets = [strip(one) for one in find(node, Index)]
    elif isinstance(node, Unary) and node.op == "delete":
        targets = [strip(node.operand)]
    elif isinstance(node, Call) and node.name in ("pop", "delete") and node.receiver is not None:
        return _root(node.receiver) == _root(entry) and bool(names_in(node.args) & names_in(entry.key))
    else:
        return False
    return any(
        isinstance(one, Index) and _root(one) == _root(entry) and bool(names_in(one.key) & names_in(entry.key))
        for one in targets
    )


def _takes_out(node: Node, entry: Call) -> bool:
    """Tell whether a call takes out of an object what another has put in: ``bus.on(topic, hear)``, ``bus.off(…)``."""
    if not isinstance(node, Call) or node.receiver is None or entry.receiver is None or node is entry:
        return False
    turned = node.name in _ENTRY.get(entry.name, ()) or (
        entry.name not in _ENTRY and undoes(entry.name.lower(), node.name.lower())
    )
    if not turned or _root(node.receiver) != _root(entry.receiver):
        return False
    return bool(names_in(node.args) & names_in(entry.args)) or (
        not node.args and all(isinstance(arg, Literal) for arg in entry.args)
    )


def _root(expr: Expr) -> str:
    """Return the name of the table or object that a path begins with: ``queues`` of ``this.queues[topic].add``.

    A field and the parameter that it was given have one name as a rule: ``client.on(…)``, ``this.client.off(…)``.
    """
    held = strip(expr)
    while True:
        if is_this_member(held):
            return held.name.lstrip("#_")
        if isinstance(held, Member | Index):
            held = strip(held.object)
        elif isinstance(held, Call) and held.receiver is not None:
            held = strip(held.receiver)
        elif isinstance(held, Await):
            held = strip(held.value)
        else:
            return held.id.lstrip("_") if isinstance(held, Name) else ""
