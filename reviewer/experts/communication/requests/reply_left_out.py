"""COM035: one kind of failure is answered, another is only noted, and whoever asked waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import Assign, Call, Function, Handler, Name, Node, Return, Try
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.requests.answering import is_reply, only_noted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("COM035", words={"reply", "answer", "response", "respond", "send", "write", "result"})
def reply_left_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``try`` that makes a reply for a handler that neither makes one nor throws."""
    if module.is_test:
        return
    for attempt in module.all(Try):
        function = function_of(attempt)
        if function is None or len(attempt.handlers) < 1:
            continue
        mute = next((one for one in attempt.handlers if _is_mute(one)), None)
        sent = _sent_behind(function, attempt) if mute is not None else None
        if mute is not None and sent is not None:
            yield Match(
                mute,
                f"What fails here is noted, and '{function.name or 'the function'}' ends: the reply that is sent for "
                "everything else is not sent, and the other side waits until its time is up.",
                related=((sent, "answered here otherwise"),),
            )


def _is_mute(handler: Handler) -> bool:
    """Tell whether a handler only notes the failure and ends the function."""
    last = handler.body[-1] if handler.body else None
    return isinstance(last, Return) and last.value is None and exits(handler.body) and only_noted(handler.body)


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
    told = {param.name for param in function.params} - {"self", "cls"}
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
