"""SEC369: whoever is connected may answer a request that somebody else was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Call, Function, Literal, Member, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import Pending, pending_requests
from reviewer.experts.communication.sources import sources
from reviewer.experts.communication.vocabulary import PLUGINS
from reviewer.experts.paths import last_name, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_PEERS: Final = PLUGINS | word_set(
    "session sessions socket peer client connection conn port target worker sender responder node device callee to"
)
"""Last words of a member that says who was asked."""


@module_check("SEC369", words={"promise", "future", "fut"})
def reply_of_anyone(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what takes in replies for a look at who sends them, where each request is kept with who was asked."""
    if module.is_test:
        return
    known = sources(inquiry, module)
    for found in pending_requests(inquiry, module):
        asked = _asked(found)
        if not asked:
            continue
        for call in module.calls(found.ends.fulfil):
            function = function_of(call)
            source = known.of(call.receiver if call.receiver is not None else call.callee)
            if function is None or source is None or source.table is not found.table or not call.args:
                continue
            if (
                function.outer is found.function
                or _speaks_of(function, asked)
                or _told_by_caller(module, function, asked)
            ):
                continue
            yield Match(
                _look_up(found, function) or call,
                f"Each request in '{found.table.name.removeprefix('#')}' is kept with the '{min(asked)}' that was "
                f"asked, and '{function.name or 'this function'}' takes a reply from anybody who names its id: one "
                "plugin answers for another.",
                related=((found.entry.node, "kept with who was asked"),),
            )
            break


def _asked(found: Pending) -> set[str]:
    """Return the members of what waits that say who was asked."""
    value = found.entry.value
    keys = value.keys if isinstance(value, Object) else []
    if isinstance(value, Array) and value.kind == "tuple":  # ``self._waiting[number] = session.name, done``
        keys = [last_name(held.object if isinstance(held, Member) else held) for held in map(strip, value.items)]
    return {key for key in keys if words(key) and words(key)[-1] in _PEERS}


def _speaks_of(function: Function, asked: set[str]) -> bool:
    for node in walk(function.body):
        text = str(node.value) if isinstance(node, Literal) else last_name(node)
        if text in asked:
            return True
    return any(set(param.fields) & asked for param in function.params)


def _told_by_caller(module: Module, function: Function, asked: set[str]) -> bool:
    """Tell whether who calls the function of the file has compared the sender before."""
    for call in module.calls((function.name,)) if function.name else ():
        around = function_of(call)
        if around is not None and around is not function and _speaks_of(around, asked):
            return True
    return False


def _look_up(found: Pending, function: Function) -> Node | None:
    """Return where the request is taken out of the table by its id."""
    reads = (one.node for one in found.table.of("read") if one.function is function)
    return next((node for node in reads if isinstance(node, Call)), None) or next(
        (call for call in calls_in(function.body) if call.name in ("get", "pop")), None
    )
