"""COM053: what failed is tried again at once, and in an endless loop for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits
from reviewer.code.links import definition
from reviewer.code.syntax import Await, Call, Conditional, For, Function, If, Jump, Literal, Name, Return, Try, While
from reviewer.code.walk import ancestors, calls_in, function_of, names_in, walk
from reviewer.code.words import words
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Handler
    from reviewer.experts.check import Inquiry

_WAITS: Final = frozenset(
    "sleep delay wait pause backoff settimeout timeout retry_after jitter throttle interval debounce cooldown".split()
)
_COUNTS: Final = frozenset("attempt attempts retries tries count left max remaining tried budget limit".split())


@module_check("COM053", words={"await"})
def retry_at_once(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each way back to what has just failed for a pause, and for an end."""
    if module.is_test:
        return
    for guard in module.all(Try):
        function = function_of(guard)
        if function is None or not any(isinstance(n, Await) for n in walk(guard.body, into_functions=False)):
            continue
        for handler in guard.handlers:
            match = _again(module, function, guard, handler)
            if match is not None:
                yield match
                break


def _again(module: Module, function: Function, guard: Try, handler: Handler) -> Match | None:
    if spoken(handler.body) & _WAITS:
        return None
    own = next((c for c in calls_in(handler.body, into_functions=False) if _is_itself(module, c, function)), None)
    if own is not None and _waits_before(handler, own):
        return None
    if own is not None and function.name:
        ended = any(isinstance(n, If | Conditional) and spoken(n.test) & _COUNTS for n in walk(function.body))
        told = {p.name for p in function.params}
        asked = any(told & names_in(condition.test) for condition in conditions(own))
        if ended or asked or {w for p in function.params for w in words(p.name)} & _COUNTS:
            return None
        return Match(
            own,
            f"'{function.name}' calls itself when it fails, at once and without a count: while the other side is down "
            "it calls without a pause until the stack is full.",
        )
    loop = next((a for a in ancestors(guard) if isinstance(a, For | While | Function)), None)
    if isinstance(loop, While) and _endless(loop) and _skips_the_pause(loop, guard, handler):
        return Match(
            handler,
            "What failed is tried again at once, for the way back leaves out the pause at the end of the loop: while "
            "the other side is down this loop does nothing else, and adds to its load.",
        )
    if not isinstance(loop, For | While) or not _leaves(guard) or gives_up(handler) or spoken(loop.body) & _WAITS:
        return None
    if isinstance(loop, While) and _endless(loop):
        return Match(
            handler,
            "What failed is tried again at once and for ever: while the other side is down this loop does nothing "
            "else, and adds to its load.",
        )
    if spoken([n for n in (getattr(loop, "target", None), *getattr(loop, "header", ())) if n is not None]) & _COUNTS:
        return Match(
            handler,
            "What failed is tried again at once: all attempts are used up in the moment in which it can't work.",
            confidence=Confidence.POSSIBLE,
        )
    return None


def _skips_the_pause(loop: While, guard: Try, handler: Handler) -> bool:
    """Tell whether an error goes back to the top of a loop before the pause behind the attempt."""
    last = handler.body[-1] if handler.body else None
    if not isinstance(last, Jump) or last.kind != "continue" or gives_up(handler):
        return False
    if spoken(guard.body) & _WAITS or guard not in loop.body:
        return False
    place = loop.body.index(guard)
    return bool(spoken(loop.body[place + 1 :]) & _WAITS) and not spoken(loop.body[:place]) & _WAITS


def _is_itself(module: Module, call: Call, function: Function) -> bool:
    """Tell whether a call runs the function that it stands in, and no namesake of another object."""
    if not function.name or call.name != function.name:
        return False
    receiver = call.receiver
    return (
        receiver is None
        or (isinstance(receiver, Name) and receiver.id == "this")
        or (definition(module, call.callee) is function)
    )


def _waits_before(handler: Handler, own: Call) -> bool:
    """Tell whether something else is awaited before the next attempt, such as an answer of the user."""
    return any(
        isinstance(node, Await) and node.raw.end_byte <= own.raw.start_byte
        for node in walk(handler.body, into_functions=False)
    )


def _leaves(guard: Try) -> bool:
    """Tell whether success ends the loop, so that going on means trying again."""
    return any(
        isinstance(n, Return) or (isinstance(n, Jump) and n.kind == "break")
        for n in walk([*guard.body, *guard.orelse], into_functions=False)
    )


def gives_up(handler: Handler) -> bool:
    """Tell whether an error ends the loop, always or where a count says so."""
    if exits([s for s in handler.body if not isinstance(s, Jump)]):
        return True
    if any(isinstance(s, Jump) and s.kind == "break" for s in handler.body):
        return True
    return any(isinstance(n, If) and exits(n.body) and not _continues(n.body) for n in walk(handler.body))


def _continues(body: Sequence[object]) -> bool:
    return any(isinstance(s, Jump) and s.kind == "continue" for s in body)


def _endless(loop: While) -> bool:
    return isinstance(loop.test, Literal) and bool(loop.test.value)
