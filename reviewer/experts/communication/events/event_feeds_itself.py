"""COM051: handling an event sends it again, at once or through the handler of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import conditions
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, Function, Name
from reviewer.code.text.ideas import LISTEN_WORDS, SENDS
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.communication.subscriptions import OFFS, Subscription, same_object, subscriptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MOST: Final = 200


class _Echo(Struct, frozen=True):
    """A handler of one event that always sends another."""

    heard: str
    sent: str
    call: Call
    subscription: Subscription


@module_check("COM051", words=LISTEN_WORDS)
def event_feeds_itself(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each handler always sends, on what it listens to."""
    if module.is_test:
        return
    echoes = [echo for found in list(subscriptions(module))[:_MOST] for echo in _echoes(module, found)][:_MOST]
    for echo in echoes:
        if echo.sent == echo.heard:
            yield Match(
                echo.call,
                f"The handler of '{echo.heard}' sends '{echo.heard}' again, on the same bus, and nothing of the event "
                "ends that: it calls itself without an end.",
                related=((echo.subscription.call, "subscribed here"),),
            )
            continue
        back = next((b for b in echoes if b.heard == echo.sent and b.sent == echo.heard and _first(echo, b)), None)
        if back is not None and same_object(module, back.subscription.receiver, echo.subscription.receiver):
            yield Match(
                back.call,
                f"Handling '{echo.heard}' sends '{echo.sent}', and handling '{back.heard}' sends '{back.sent}': the "
                "two call each other without an end.",
                related=((echo.call, f"'{echo.sent}' is sent here"),),
            )


def _first(one: _Echo, other: _Echo) -> bool:
    return one.call.raw.start_byte < other.call.raw.start_byte


def _echoes(module: Module, found: Subscription) -> Iterator[_Echo]:
    handler = found.handler
    if handler is None or any(call.name in OFFS for call in calls_in(handler.body)):
        return
    for call in _always_called(module, handler):
        if call.name not in SENDS or not call.args or not same_object(module, call.receiver, found.receiver):
            continue
        sent = fixed_text(module, call.args[0])
        for name in found.names:
            if sent:
                yield _Echo(name, sent, call, found)


def _ends(handler: Function, test: Expr) -> bool:
    """Tell whether a test may end the circle: it looks at the event, at a field, or at something that is counted.

    A test of what the event itself goes into, such as a mean over the readings, does not end it.
    """
    given = {param.name for param in handler.params} | {local for p in handler.params for local in p.fields.values()}
    if any(name.id in given for name in find(test, Name)):
        return True
    calls = [call for call in find(test, Call) if call.receiver is not None]
    return not calls or any(not isinstance(call.receiver, Name) or call.receiver.id == "this" for call in calls)


def _always_called(module: Module, handler: Function) -> Iterator[Call]:
    """Yield the calls that run whenever a handler runs, those of a function that it always calls included."""
    for call in calls_in(handler.body, into_functions=False):
        if any(_ends(handler, condition.test) for condition in conditions(call)):
            continue
        yield call
        target = definition(module, call.callee)
        if isinstance(target, Function) and target.module is module and target is not handler:
            yield from (c for c in calls_in(target.body, into_functions=False) if not conditions(c))
