"""LIF560: who connects is kept in a table, and nothing takes him out when the connection ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee, definition
from reviewer.code.syntax import Array, Call, For, Function, Literal, Member, Name, Object, Return, strip
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_PEERS: Final = frozenset("socket ws sock websocket conn connection writer peer wsconnection webSocket".split())
_LISTENS: Final = frozenset({"on", "once", "addListener", "addEventListener"})
_TALKS: Final = frozenset({"message", "data", "close", "end", "error", "disconnect"})
_ENDS: Final = frozenset({"close", "end", "disconnect", "disconnected", "finish", "exit"})
_ARRIVES: Final = frozenset({"connection", "connect", "secureConnection"})
_SERVES: Final = frozenset({"createServer", "start_server", "start_unix_server", "serve"})
_HEARS: Final = frozenset(
    "recv receive receive_text receive_json receive_bytes iter_text iter_json iter_bytes accept wait_closed".split()
)
_LOOKS: Final = frozenset(
    {"len", "list", "tuple", "set", "sorted", "from", "str", "repr", "print", "bool", "any", "all"}
)
_STATES: Final = (b"readyState", b"destroyed", b"is_closing", b"writableEnded", b"client_state")
"""How code asks a connection whether it is still open before it sends."""


@module_check("LIF560", words={"socket", "ws", "sock", "websocket", "conn", "connection", "writer", "peer", "connect"})
def peer_never_forgotten(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table into which a function puts the connection that it has just been handed."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind not in ("map", "set", "list"):
            continue
        for write in table.of("write"):
            function = write.function
            peer = _peer(module, function, write) if function is not None else ""
            if function is None or not peer or _leaves(module, function, table, peer):
                continue
            if (
                _is_given_away(module, table)
                or _asks_first(module, table)
                or _emptied_elsewhere(inquiry, module, table)
            ):
                continue
            yield Match(
                write.node,
                f"'{table.name.lstrip('#')}' keeps each '{peer}' that connects, and nothing takes one out when the "
                "connection ends: the host goes on sending to what is closed, and the table grows.",
                related=((table.declared, "kept in this"),),
            )
            break


def _peer(module: Module, function: Function, write: Access) -> str:
    """Return the name of the connection that a function puts into a table, alone or in a record; else nothing."""
    value = write.value if write.value is not None else write.key
    if value is None:
        return ""
    made = module.scopes.origin(value) if isinstance(strip(value), Name) else strip(value)
    held: set[str] = set()
    for one in (strip(value), made):
        if isinstance(one, Name):
            held.add(one.id)
        elif isinstance(one, Object):
            held |= {part.id for _key, entry in one.entries if isinstance(part := strip(entry), Name)}
        elif isinstance(one, Array | Call):
            parts = one.items if isinstance(one, Array) else [*one.args, *one.keywords.values()]
            held |= {part.id for given in parts if isinstance(part := strip(given), Name)}
    arrives = _is_arrival(module, function)
    for param in function.params[:2] if arrives else function.params:
        if param.name not in held or not (param.name in _PEERS or (arrives and param is function.params[0])):
            continue
        if arrives or _hears(function, param.name):
            return param.name
    return ""


def _is_arrival(module: Module, function: Function) -> bool:
    """Tell whether a function is run for each new connection."""
    around = function.parent
    if isinstance(around, Call):
        first = strip(around.args[0]) if around.args else None
        if around.name in _LISTENS and isinstance(first, Literal):
            return first.value in _ARRIVES
        return around.name in _SERVES
    if not function.name or function.name not in module.identifiers:
        return False
    for call in module.calls(_SERVES | _LISTENS):
        named = [arg for arg in call.args if last_name(strip(arg)) == function.name]
        first = strip(call.args[0]) if call.args else None
        known = call.name in _SERVES or (isinstance(first, Literal) and first.value in _ARRIVES)
        if named and known and definition(module, strip(named[0])) is function:
            return True
    return False


def _hears(function: Function, name: str) -> bool:
    """Tell whether a function waits for what a connection sends, or listens to it."""
    for call in calls_in(function.body):
        of_it = (
            isinstance(held := strip(call.receiver), Name) and held.id == name if call.receiver is not None else False
        )
        first = strip(call.args[0]) if call.args else None
        if of_it and call.name in _LISTENS and isinstance(first, Literal) and first.value in _TALKS:
            return True
        if of_it and call.name in _HEARS:
            return True
    return any(
        loop.asynchronous and isinstance(over := strip(loop.iterable), Name) and over.id == name
        for loop in find(function.body, For)
        if loop.iterable is not None
    )


def _leaves(module: Module, function: Function, table: Table, peer: str) -> bool:
    """Tell whether the end of a connection, or somebody who looks through all of them, takes one out."""
    gone = table.of("delete")
    if not gone:
        return False
    if any(isinstance(first, Literal) and first.value in _ENDS for first in _listened(function, peer)):
        return True  # somebody thought of it, whoever it is that does it
    around = [function_of(call) for call in module.calls((function.name,))] if function.name else []
    reached = {id(one) for each in (function, *around) if each is not None for one in _reached(module, each)}
    for one in gone:
        if one.function is None or inside(one.node, function) or id(one.function) in reached:
            return True
        told = {name for param in one.function.params for name in (param.name, *param.fields.values())}
        if (
            one.key is None
            or not names_in(one.key) & told
            or any(it.function is one.function for it in table.of("iterate"))
        ):
            return True
    return False


def _listened(function: Function, peer: str) -> Iterator[Expr]:
    for call in calls_in(function.body):
        if (
            call.name in _LISTENS
            and call.args
            and call.receiver is not None
            and last_name(strip(call.receiver)) == peer
        ):
            yield strip(call.args[0])


def _reached(module: Module, function: Function) -> list[Function]:
    """Return the functions that a function calls or hands on, and those which these call."""
    found: list[Function] = []
    for each in (function, *_called(module, function)):
        found += _called(module, each)
    return found


def _called(module: Module, function: Function) -> list[Function]:
    found: list[Function] = []
    for call in calls_in(function.body):
        target = callee(module, call)
        handed = [definition(module, strip(arg)) for arg in call.args if isinstance(strip(arg), Name | Member)]
        found += [one for one in (target, *handed) if isinstance(one, Function) and one.module is module]
    return found


def _is_given_away(module: Module, table: Table) -> bool:
    """Tell whether a table itself is handed to somebody who may take out of it, or given out."""
    for node in module.some(Name, Member):
        if last_name(node) != table.name or (isinstance(node, Name)) != (table.owner is None):
            continue
        around = node.parent
        given = (*around.args, *around.keywords.values()) if isinstance(around, Call) else ()
        if isinstance(around, Call) and around.name not in _LOOKS and any(strip(arg) is node for arg in given):
            return True
        if isinstance(around, Return) or (isinstance(around, Object) and function_of(node) is table.scope):
            return True
    return False


def _asks_first(module: Module, table: Table) -> bool:
    """Tell whether one is kept for each key, and what is closed gets nothing."""
    return table.kind == "map" and any(word in module.source for word in _STATES)


def _emptied_elsewhere(inquiry: Inquiry, module: Module, table: Table) -> bool:
    """Tell whether another file takes something out of what has the name of a table."""
    name = table.name
    if table.owner is None:
        return False
    asked = f"takes out of {name}"
    found = inquiry.project.answers(asked, lambda other: other.path if _takes_out(other, name) else "", naming={name})
    return any(path not in ("", module.path) for path in found)


def _takes_out(module: Module, name: str) -> bool:
    return any(
        call.receiver is not None and last_name(strip(call.receiver)) == name
        for call in module.calls({"delete", "pop", "discard", "remove", "splice"})
    )
