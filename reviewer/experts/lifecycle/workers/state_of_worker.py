"""LIF225: what an extension's background remembers between two events in a variable, and forgets when it is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.browser.api import path_of
from reviewer.experts.browser.background import is_stopped
from reviewer.experts.browser.event_of import events_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.browser.event_of import Event
    from reviewer.experts.check import Inquiry

_HARMLESS: Final = frozenset(
    "cache cached port ports timer timers timeout timeouts interval promise promises socket ws debug lock pending "
    "creating loading controller controllers abort connection connections stream streams recorder logger once "
    "initialized initialised ready debounce throttle handle resolve resolvers callback callbacks listeners subscribers "
    "inflight running seen throttled last".split()
)
"""Words in names of variables that may well be empty after a start: what is only good for a moment, or made anew."""
_LIVE: Final = frozenset(
    "connect connectNative setTimeout setInterval fetch open createContext requestAnimationFrame".split()
)
"""Calls that give what no storage can keep."""
_COLLECTIONS: Final = frozenset({"Map", "Set"})
_ENTERS: Final = frozenset({"set", "add", "push", "unshift"})
_LETS_GO: Final = frozenset({"delete", "clear", "splice"})
_ONE_REQUEST: Final = ("webRequest.", "webNavigation.")
"""Events that follow on each other within one request, while the background has no time to be stopped."""
_KEEPS_ALIVE: Final = "connectNative"
_SAVES: Final = frozenset("save store persist write sync backup flush".split())
"""What a call is named by that keeps what it is handed, by the storage or a helper around it."""
_LOOKS: Final = frozenset(
    "JSON.stringify structuredClone Object.keys Object.values Object.entries Object.fromEntries Array.from "
    "Array.isArray Math.max Math.min String Number Boolean".split()
)
"""Functions of the language that look at what they are given, and keep and change nothing."""
_GONE: Final = "-"
"""No member: something is only taken out."""
_MOST: Final = 10


class _Use(Struct, frozen=True):
    """A place that speaks of a variable: what is done, to which member of it, and by which events."""

    at: Name
    writes: bool
    member: str
    events: frozenset[Event]


@module_check("LIF225", words={"listener", "export"})
def state_of_worker(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the variables at the top of a background that one event writes and another reads."""
    if not is_stopped(inquiry, module.path) or _KEEPS_ALIVE in module.identifiers:
        return
    told = 0
    for declared in _variables(module):
        name = declared.target.id if isinstance(declared.target, Name) else ""
        if _HARMLESS & set(words(name)) or told >= _MOST:
            continue
        found = _lost(module, declared, name)
        if found is not None:
            told += 1
            written, read = found
            what = f"{name}.{written.member}" if written.member else name
            yield Match(
                written.at,
                f"'{what}' is set for one event and read for another, and the browser stops the background in between: "
                "after a pause of 30 seconds it is what it was at the start.",
                related=((read.at, "read here"), (declared, "what it is at the start")),
            )


def _variables(module: Module) -> Iterator[Assign]:
    """Yield the variables at the top that begin empty, as a switch, or as a record of such."""
    for assign in module.all(Assign):
        if assign.declare and function_of(assign) is None and isinstance(assign.target, Name):
            value = strip(assign.value) if assign.value is not None else None
            if (assign.declare != "const" and (value is None or _is_blank(value))) or _is_empty(value):
                yield assign


def _is_empty(value: Expr | None) -> bool:
    """Tell whether a value is a collection with nothing in it, or a record of switches and numbers."""
    if isinstance(value, Call):
        return value.new and value.name in _COLLECTIONS and not value.args
    if isinstance(value, Array):
        return not value.items
    return isinstance(value, Object) and all(_is_blank(strip(one)) for _, one in value.entries)


def _is_emptied(value: Expr | None) -> bool:
    """Tell whether a variable is given a collection with nothing in it: what it held was taken out."""
    made = strip(value) if value is not None else None
    return not isinstance(made, Object) and _is_empty(made)


def _is_blank(value: Expr) -> bool:
    return isinstance(value, Literal) and value.value in (None, 0, False, "", True)


def _lost(module: Module, declared: Assign, name: str) -> tuple[_Use, _Use] | None:
    """Return a write and a read of a variable that no event shares, where nothing else keeps what it holds."""
    uses: list[_Use] = []
    for one in module.all(Name):
        if one.id == name and one is not declared.target and _is_top(module, one, declared):
            use = _use(module, one)
            if use is None:
                return None
            uses.append(use)
    written = [one for one in uses if one.writes]
    if not written or any(not _is_plain(module, one, name) for one in written) or _kept(module, name):
        return None
    for write in written:
        same = [one for one in written if one.member == write.member]
        during = frozenset(event for one in same for event in one.events)
        for read in uses:
            meant = not read.writes and read.member != _GONE and read.member in ("", write.member or read.member)
            if meant and read.events - during and not _of_one_request(read.events | during):
                return write, read
    return None


def _use(module: Module, name: Name) -> _Use | None:
    """Say what is done with a variable at one place; None where it is handed on, and anything may be done with it."""
    if any(isinstance(around, Call) and _SAVES & set(words(around.name)) for around in ancestors(name)):
        return None
    node: Node = name
    member = ""
    parent = name.parent
    if isinstance(parent, Index) and parent.object is name:
        node = parent
    elif isinstance(parent, Member) and parent.object is name:
        by = parent.parent
        if isinstance(by, Call) and by.callee is parent:
            if parent.name in _LETS_GO:
                return _Use(name, False, _GONE, frozenset())
            return _Use(name, parent.name in _ENTERS, "", events_of(module, name))
        node, member = parent, parent.name
    elif isinstance(parent, Call) and parent.callee is not name and not path_of(module, parent.callee):
        told = {"reply", "response"} & set(words(parent.name)) or module.text_of(parent.callee) in _LOOKS
        return _Use(name, False, "", events_of(module, name)) if told else None
    parent = node.parent
    writes = (isinstance(parent, Assign) and parent.target is node) or (
        isinstance(parent, Unary) and parent.op in ("++", "--")
    )
    if isinstance(parent, Unary) and parent.op == "delete":
        return _Use(name, False, _GONE, frozenset())
    if (
        isinstance(parent, Assign)
        and writes
        and node is name
        and parent.value is not None
        and _is_emptied(parent.value)
    ):
        return _Use(name, False, _GONE, frozenset())
    if member in ("length", "size"):
        member = _GONE if writes else ""
        writes = False
    return _Use(name, writes, member, events_of(module, name))


def _is_top(module: Module, name: Name, declared: Assign) -> bool:
    """Tell whether a name means the variable at the top, and none of a function around it."""
    function = function_of(name)
    while function is not None:
        bound = module.scopes.table(function).get(name.id, ())
        if any(not (isinstance(one, Assign) and not one.declare) for one in bound):
            return False
        function = function.outer
    return True


def _is_plain(module: Module, use: _Use, variable: str) -> bool:
    """Tell whether a write belongs to an event, holds what a storage can keep, and makes or restores nothing."""
    if not use.events or all(event.endswith("onConnect") for event, _, _ in use.events):
        return False
    for around in ancestors(use.at):
        if isinstance(around, If) and _asks(around, variable) and not _toggles(around, variable):
            return False
        if isinstance(around, Call) and "storage." in path_of(module, around.callee):
            return False
        if isinstance(around, Assign | Call) and _holds_live(around):
            return False
    statement = next((one for one in ancestors(use.at) if isinstance(one, Assign)), None)
    value = statement.value if statement is not None else None
    return not (value is not None and _from_storage(module, value))


def _asks(test: If, variable: str) -> bool:
    return any(one.id == variable for one in find(test.test, Name))


def _toggles(test: If, variable: str) -> bool:
    """Tell whether what a branch enters, the other takes out: a switch for each key, and nothing made at first use."""
    return any(
        call.name in _LETS_GO and isinstance(call.receiver, Name) and call.receiver.id == variable
        for call in find(test, Call)
    )


def _holds_live(entering: Assign | Call) -> bool:
    """Tell whether what is kept is no data: a function, an object of a class, a connection, a request under way."""
    given = [entering.value] if isinstance(entering, Assign) else entering.args
    if isinstance(entering, Call) and entering.name not in _ENTERS:
        return False
    for one in given:
        value = strip(one) if one is not None else None
        if isinstance(value, Function) or (isinstance(value, Call) and (value.new or value.name in _LIVE)):
            return True
        if isinstance(value, Await) and any(call.name in _LIVE for call in find(value, Call)):
            return True
        if isinstance(value, Name) and _HARMLESS & set(words(value.id)):
            return True
    return False


def _from_storage(module: Module, value: Node) -> bool:
    return any("storage." in path_of(module, call.callee) for call in find(value, Call))


def _of_one_request(events: frozenset[Event]) -> bool:
    return all(event.startswith(_ONE_REQUEST) for event, _, _ in events)


def _kept(module: Module, variable: str) -> bool:
    """Tell whether a variable is also kept in the storage, or filled from it."""
    for call in module.calls({"set", "get", "setItem"}):
        if "storage." in path_of(module, call.callee):
            said = {one.id for argument in call.args for one in find(argument, Name)}
            texts = {one.value for argument in call.args for one in find(argument, Literal)}
            if variable in said or variable in texts or _restored(module, call, variable):
                return True
    return False


def _restored(module: Module, call: Call, variable: str) -> bool:
    """Tell whether the function around a call of the storage fills or gives the variable, too."""
    function = function_of(call)
    return function is not None and any(one.id == variable for one in find(function, Name))
