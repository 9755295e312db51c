"""COM051: handling an event sends it again, at once or through the handler of another."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import Array, Call, Expr, For, Function, Member, Object, strip
from reviewer.code.text.ideas import LISTEN_WORDS, LISTENS, REGISTERING, SENDS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.circles import Frame, comes_again, ways
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.communication.named_events import is_wire
from reviewer.experts.communication.subscriptions import OFFS, Subscription, handler_of, same_object, subscriptions
from reviewer.experts.communication.vocabulary import EVENTS, NAMED_BY
from reviewer.experts.paths import name_words
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_MOST: Final = 200
_DECORATES: Final = LISTENS | frozenset(
    "listens subscribes handles subscriber listener event_handler on_message".split()
)
"""Decorators that say which event a function hears."""


class _Echo(Struct, frozen=True):
    """A handler of one event that always sends another."""

    heard: str
    sent: str
    call: Call
    at: Location
    subscription: Subscription


@module_check("COM051", words=LISTEN_WORDS)
def event_feeds_itself(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each handler always sends, on what it listens to."""
    if module.is_test:
        return
    commands = _commands(module)
    heard = list(islice(chain(subscriptions(module), _decorated(module), _in_tables(module)), _MOST))
    echoes = [echo for found in heard for echo in _echoes(module, found, commands)][:_MOST]
    for echo in echoes:
        if echo.sent == echo.heard:
            yield Match(
                echo.at,
                f"The handler of '{echo.heard}' sends '{echo.heard}' again, on the same bus, and nothing of the event "
                "ends that: it calls itself without an end.",
                related=((echo.subscription.call, "subscribed here"),),
            )
            continue
        back = next((b for b in echoes if b.heard == echo.sent and b.sent == echo.heard and _first(echo, b)), None)
        if back is not None and same_object(module, back.subscription.receiver, echo.subscription.receiver):
            yield Match(
                back.at,
                f"Handling '{echo.heard}' sends '{echo.sent}', and handling '{back.heard}' sends '{back.sent}': the "
                "two call each other without an end.",
                related=((echo.at, f"'{echo.sent}' is sent here"),),
            )


def _first(one: _Echo, other: _Echo) -> bool:
    return one.call.raw.start_byte < other.call.raw.start_byte


def _echoes(module: Module, found: Subscription, commands: Mapping[str, Function]) -> Iterator[_Echo]:
    handler = found.handler
    if handler is None or is_wire(found.receiver) or any(call.name in OFFS for call in calls_in(handler.body)):
        return
    for call, frame in ways(handler, commands):
        if call.name not in SENDS or not call.args or not _on_the_same(module, frame, call, found):
            continue
        sent, body = _sent(frame.function.module, call)
        if sent and comes_again(frame, body):
            at = locate(*(frame.asked or (frame.function.module, call)))
            yield from (_Echo(name, sent, call, at, found) for name in found.names)


def _sent(module: Module, call: Call) -> tuple[str, Expr | None]:
    """Return the name of the event that a call sends, and what is sent with it."""
    first = strip(call.args[0])
    if isinstance(first, Object):
        return next((name for key in NAMED_BY if (name := fixed_text(module, first.get(key)))), ""), first
    return fixed_text(module, first), call.args[1] if len(call.args) > 1 else None


def _on_the_same(module: Module, frame: Frame, call: Call, found: Subscription) -> bool:
    """Tell whether a call sends on the bus that is listened to, as far as the function was handed the same one."""
    reached = frame.receiver(call.receiver)
    if reached is None:
        return False
    if found.receiver is None:  # heard by a decorator: on the only bus there is
        return not EVENTS.isdisjoint(name_words(reached[1]))
    if reached[0] is module and same_object(module, reached[1], found.receiver):
        return True
    if reached[0] is module and frame.asked is None:
        return False  # worker.events.on(name, (data) => this.events.emit(name, data)): from one bus to another
    one, other = strip(reached[1]), strip(found.receiver)
    return isinstance(one, Member) and isinstance(other, Member) and words(one.name) == words(other.name)


def _commands(module: Module) -> dict[str, Function]:
    """Return the functions that a module registers as commands, by the name of the command."""
    found: dict[str, Function] = {}
    for call in islice(module.calls(REGISTERING & module.identifiers), _MOST):
        name = fixed_text(module, call.args[0]) if len(call.args) > 1 else ""
        handler = handler_of(module, call.args[1]) if name else None
        if handler is not None:
            found.setdefault(name, handler)
    return found


def _decorated(module: Module) -> Iterator[Subscription]:
    """Yield what a decorator says that a function hears: ``@on("ship.sighted")``."""
    for function in module.functions:
        for given in function.decorators:
            made = strip(given)
            if not isinstance(made, Call) or made.name not in _DECORATES or not made.args:
                continue
            if name := fixed_text(module, made.args[0]):
                yield Subscription(made, (name,), function)


def _in_tables(module: Module) -> Iterator[Subscription]:
    """Yield what a loop over a table of handlers subscribes: ``for name, run in handlers.items():``."""
    for call in module.calls(LISTENS & module.identifiers):
        loop = next((around for around in ancestors(call) if isinstance(around, For)), None)
        if loop is None or len(call.args) < 2 or loop.iterable is None:
            continue
        for name, given in _pairs(module, loop.iterable):
            if text := fixed_text(module, name):
                yield Subscription(call, (text,), handler_of(module, given))


def _pairs(module: Module, gone_through: Expr) -> Iterator[tuple[Expr, Expr]]:
    gone_through = strip(gone_through)
    if isinstance(gone_through, Call):
        of_object = gone_through.name == "entries" and gone_through.args
        inner = gone_through.args[0] if of_object else gone_through.receiver if gone_through.name == "items" else None
        gone_through = strip(inner) if inner is not None else gone_through
    made = module.scopes.origin(gone_through)
    if isinstance(made, Object):
        yield from ((key, value) for key, value in made.entries if key is not None)
    elif isinstance(made, Array):
        for item in map(strip, made.items):
            if isinstance(item, Array) and len(item.items) == 2:
                yield item.items[0], item.items[1]
