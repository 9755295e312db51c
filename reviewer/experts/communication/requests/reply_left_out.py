"""COM035: one kind of failure is answered, another is only noted, and whoever asked waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.bindings import param_names
from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import Assign, Call, Function, Handler, If, Name, Node, Return, Statement, Try
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.requests.answering import Answering, answering, is_reply, only_noted
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


_NOBODY_WAITS: Final = frozenset(
    "abort aborted cancel cancelled canceled close closed gone disconnect disconnected stopped ended epipe".split()
)
"""Words of a failure after which nobody waits for a reply any more."""


@module_check("COM035", words={"reply", "answer", "response", "respond", "send", "write", "result"})
def reply_left_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``try`` that makes a reply for a handler that neither makes one nor throws."""
    if module.is_test:
        return
    for attempt in module.all(Try):
        function = function_of(attempt)
        if function is None or len(attempt.handlers) < 1:
            continue
        mute: Handler | If | None = next((one for one in attempt.handlers if _is_mute(one.body)), None)
        mute = mute or next((way for one in attempt.handlers for way in _mute_ways(one)), None)
        sent = _sent_behind(function, attempt) if mute is not None else None
        if mute is not None and sent is not None:
            yield Match(
                mute,
                f"What fails here is noted, and '{function.name or 'the function'}' ends: the reply that is sent for "
                "everything else is not sent, and the other side waits until its time is up.",
                related=((sent, "answered here otherwise"),),
            )


@module_check("COM035", words={"message", "onmessage", "request", "msg", "frame", "packet"})
def reply_only_where_well(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function whose only answers stand in a ``try``, for what its handlers tell whoever asked."""
    if module.is_test:
        return
    for function in module.functions:
        found = answering(function)
        if found is None or not found.ids:
            continue
        for attempt in find(function.body, Try, into_functions=False):
            replies = [one for one in found.replies if any(inside(one, part) for part in attempt.body)]
            mute = next((one for one in attempt.handlers if only_noted(one.body) and not _asks_id(found, one)), None)
            if mute is None or len(replies) != len(found.replies) or found.answers([*mute.body, *attempt.final]):
                continue
            if all(_only_sends(found, call) for call in calls_in(attempt.body, into_functions=False)):
                continue
            if any(isinstance(one.target, Name) for one in find(mute.body, Assign)):
                continue  # what goes on behind it hears of the failure: ``catch { result = { button: -1 } }``
            yield Match(
                mute,
                f"What fails here is only noted: the answer in line {replies[0].line} is not sent then, and whoever "
                "asked waits until its time is up, or for ever.",
                related=((replies[0], "answered where all goes well"),),
            )
            break


def _only_sends(found: Answering, call: Call) -> bool:
    """Tell whether a call does nothing that may fail on account of what was asked: it sends, or takes a text apart."""
    return call in found.replies or call.name in ("parse", "loads", "stringify", "dumps", "encode", "decode")


def _asks_id(found: Answering, handler: Handler) -> bool:
    """Tell whether a handler looks at the id, so that what wants no answer gets none."""
    return bool(names_in(handler.body) & found.ids) and any(True for _ in find(handler.body, If))


def _mute_ways(handler: Handler) -> Iterator[If]:
    """Yield the kinds of failure that a handler only notes, where it makes a reply for another: ``instanceof``."""
    for way in handler.body:
        asked = isinstance(way, If) and not way.orelse and handler.name in names_in(way.test)
        if asked and isinstance(way, If) and _is_mute(way.body) and not said_in(way.test) & _NOBODY_WAITS:
            yield way


def _is_mute(body: list[Statement]) -> bool:
    """Tell whether a handler, or a way through it, only notes the failure and ends the function."""
    last = body[-1] if body else None
    return isinstance(last, Return) and last.value is None and exits(body) and only_noted(body)


def _sent_behind(function: Function, attempt: Try) -> Call | None:
    """Return the call behind a ``try`` that sends what its body makes as the answer to what the function was told."""
    made = {
        one.target.id: one
        for part in (attempt.body, attempt.orelse)
        for one in find(part, Assign, into_functions=False)
        if isinstance(one.target, Name) and one.value is not None
    }
    beside = siblings(attempt)
    later: list[Node] = list(beside[beside.index(attempt) + 1 :]) if attempt in beside else []
    told = {name for param in function.params for name in param_names(param)} - {"self", "cls"}
    for call in (*calls_in(later, into_functions=False), *calls_in(attempt.orelse, into_functions=False)):
        carried = names_in([call]) & set(made)
        if not carried or not is_reply(call):
            continue
        if any(names_in(made[name].value or []) & told or set(words(name)) & {"reply", "answer"} for name in carried):
            answered = any(_makes(handler, carried) for handler in attempt.handlers)
            return call if answered else None
    return None


def _makes(handler: Handler, names: set[str]) -> bool:
    """Tell whether a handler puts something into the variable of the reply."""
    return any(isinstance(one.target, Name) and one.target.id in names for one in find(handler.body, Assign))
