"""LIF049: an asynchronous loop catches its own cancellation and goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.flow import enclosing_loop, exits
from reviewer.code.syntax import (
    Await,
    Call,
    Expr,
    For,
    Function,
    Handler,
    Jump,
    Name,
    Node,
    Return,
    Statement,
    Throw,
    Try,
    While,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, walk
from reviewer.core.location import Edit, Location
from reviewer.experts import edits
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.place import locate_raw

if TYPE_CHECKING:
    from reviewer.code.module import Module

_CANCELS: Final = frozenset(
    {"BaseException", "CancelledError", "asyncio.CancelledError", "asyncio.exceptions.CancelledError"}
)
_WAITING_FOR_OTHERS: Final = frozenset({"gather", "wait", "wait_for", "shield", "as_completed"})
_ENDINGS: Final = frozenset(
    "close stop shutdown dispose cancel cleanup teardown aclose deactivate disable unload unmount end finish release "
    "terminate kill disconnect quit leave exit".split()
)
"""First words of what brings something to an end."""
_ENDS: Final = frozenset({"exit", "_exit", "stop"})


@module_check("LIF049", words={"except", "suppress"})
def cancellation_swallowed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the clause that catches ``CancelledError`` inside a loop which then takes its next turn."""
    if module.is_test or module.language != "python" or "await" not in module.identifiers:
        return
    for attempt in module.all(Try):
        handler = _catching(module, attempt)
        if handler is not None and _goes_on(attempt, handler):
            yield Match(handler, _message(_named(module, handler), handler), edits=_narrowed(module, handler))
    for block in module.all(With):
        if _only_closes(block):
            continue
        if any(_suppresses(module, value) for value, _target in block.items) and _in_endless(block, block.body):
            yield Match(block, _message("This block", block))


def _only_closes(block: With) -> bool:
    """Tell whether all that is waited for is the end of one of several, where the loop over them has its own end."""
    waits = [strip(one.value) for one in find(block.body, Await)]
    return (
        isinstance(enclosing_loop(block), For)
        and bool(waits)
        and all(isinstance(one, Call) and one.name in ("aclose", "close", "wait_closed") for one in waits)
    )


def _narrowed(module: Module, handler: Handler) -> tuple[Edit, ...]:
    """Return the edit that lets a cancellation through: ``Exception`` in the place of all there is."""
    if not handler.types:
        colon = next((child for child in handler.raw.children if child.type == ":"), None)
        place = locate_raw(module, colon) if colon is not None else None
        if place is None:
            return ()
        return (Edit(Location(place.path, place.line, place.column, place.line, place.column), " Exception"),)
    plain = len(handler.types) == 1 and module.text_of(handler.types[0]) == "BaseException"
    return edits.replace(module, handler.types[0], "Exception") if plain else ()


def _message(what: str, at: Node) -> str:
    function = function_of(at)
    name = function.name if function is not None else ""
    return (
        f"{what} also catches the cancellation of '{name}', and the loop takes its next turn: cancel() does not end "
        "it, and whoever waits for its end waits for ever."
    )


def _named(module: Module, handler: Handler) -> str:
    if not handler.types:
        return "A bare 'except'"
    return f"'except {module.text_of(handler.types[0])}'" if len(handler.types) == 1 else "This 'except'"


def _catching(module: Module, attempt: Try) -> Handler | None:
    """Return the first clause that a cancellation comes to."""
    for handler in attempt.handlers:
        if not handler.types or any(_means_cancel(module, kind) for kind in handler.types):
            return handler
    return None


def _means_cancel(module: Module, kind: Expr) -> bool:
    return any(isinstance(part, Expr) and module.resolve(part) in _CANCELS for part in walk(kind))


def _goes_on(attempt: Try, handler: Handler) -> bool:
    if exits(attempt.final) or any(_leaves(node) for node in walk(handler.body, into_functions=False)):
        return False
    return _in_endless(attempt, attempt.body, broad=_is_broad(handler))


def _is_broad(handler: Handler) -> bool:
    """Tell whether a clause catches all there is, and so a cancellation without having thought of it."""
    return not handler.types or any(isinstance(one, Name) and one.id == "BaseException" for one in handler.types)


def _leaves(node: Node) -> bool:
    """Tell whether a node of a clause ends the loop, on some way at least."""
    if isinstance(node, Throw | Return) or (isinstance(node, Jump) and node.kind == "break"):
        return True
    return isinstance(node, Call) and node.name in _ENDS


def _in_endless(node: Node, body: list[Statement], *, broad: bool = False) -> bool:
    """Tell whether a statement stands in a loop of an asynchronous function and awaits work of its own.

    A loop over a few things counts as well, unless they are ended there, where a clause catches whatever comes.
    """
    function = function_of(node)
    loop = enclosing_loop(node)
    if function is None or not function.asynchronous or not isinstance(loop, While | For):
        return False
    if isinstance(loop, For) and not loop.asynchronous and not _tries_again(loop):
        around = enclosing_loop(loop)  # of several in each turn of a loop that goes on
        loop = loop if around is None and broad and not _ends_things(function, body) else around
        endless = isinstance(loop, While) or (isinstance(loop, For) and loop.asynchronous)
        if loop is None or (around is not None and not endless):
            return False
    if any(isinstance(one, Try) and one is not node and _rethrown(one, loop) for one in ancestors(node)):
        return False
    loops = any(one.asynchronous for one in find(body, For, into_functions=False))
    blocks = any(one.asynchronous for one in find(body, With, into_functions=False))
    return (broad and (loops or blocks)) or any(_own_work(wait) for wait in find(body, Await, into_functions=False))


def _ends_things(function: Function, body: list[Statement]) -> bool:
    """Tell whether a function, or what is awaited in it, ends something: a failure must not keep the rest alive."""
    names = [function.name, *(call.name for call in find(body, Call, into_functions=False))]
    return any(is_stopper(name) or not _ENDINGS.isdisjoint(words(name)[:1]) for name in names)


def _tries_again(loop: For) -> bool:
    """Tell whether a loop only counts how often something is tried: ``for attempt in range(4)``."""
    over = strip(loop.iterable) if loop.iterable is not None else None
    return isinstance(over, Call) and over.name in ("range", "count") and over.receiver is None


def _rethrown(around: Try, loop: Node) -> bool:
    return around.raw.start_byte > loop.raw.start_byte and exits(around.final)


def _own_work(wait: Await) -> bool:
    """Tell whether what is awaited is cancelled together with this function, and is no task that it has cancelled."""
    value = strip(wait.value)
    if not isinstance(value, Call):
        return False
    if value.name == "wait_for" and value.args and isinstance(strip(value.args[0]), Call):
        return True  # with a limit, and made on the spot
    return value.name not in _WAITING_FOR_OTHERS


def _suppresses(module: Module, value: Expr) -> bool:
    made = strip(value)
    if not isinstance(made, Call) or made.name != "suppress":
        return False
    return any(_means_cancel(module, arg) for arg in made.args)
