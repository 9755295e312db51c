"""COM053: what failed is tried again at once, and in an endless loop for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits, guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Conditional,
    For,
    Function,
    If,
    Jump,
    Literal,
    Member,
    Name,
    Return,
    Switch,
    Try,
    Unary,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import spoken
from reviewer.experts.paths import last_name, path_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Handler, Statement
    from reviewer.experts.check import Inquiry

_WAITS: Final = frozenset(
    "sleep delay pause backoff settimeout retry_after jitter throttle interval debounce cooldown".split()
)
_FEW: Final = 5
"""Attempts one right after the other that a flicker of the network may be worth."""
_COUNTS: Final = frozenset("attempt attempts retries tries count left max remaining tried budget limit".split())


_ASKS: Final = frozenset("fetch http client axios session request connect poll api download".split())
"""Words of a call that asks another machine."""
_NETWORK: Final = frozenset("os connection client network http socket transport io".split())
"""Words of the errors by which it fails."""
_QUEUES: Final = frozenset("queue inbox mailbox get recv receive take next".split())
"""Words of a call that waits for somebody to put something in."""


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


def _is_one_kind(test: Expr) -> bool:
    """Tell whether one kind of failure is asked for, by its number, which another try gets around: a name is taken."""
    sides = [strip(test.left), strip(test.right)] if isinstance(test, Binary) and test.op == "==" else []
    told = any(isinstance(one, Member) and one.name in ("errno", "code", "status", "sqlState") for one in sides)
    return told and any(isinstance(one, Literal) and one.value is not None for one in sides)


def _again(module: Module, function: Function, guard: Try, handler: Handler) -> Match | None:
    if _pauses(handler.body):
        return None
    own = next((c for c in calls_in(handler.body, into_functions=False) if _is_itself(module, c, function)), None)
    if own is not None and _waits_before(handler, own):
        return None
    if own is not None and function.name:
        ended = any(isinstance(n, If | Conditional) and spoken(n.test) & _COUNTS for n in walk(function.body))
        told = {p.name for p in function.params}
        asked = any(told & names_in(one.test) or (one.holds and _is_one_kind(one.test)) for one in conditions(own))
        if ended or asked or {w for p in function.params for w in words(p.name)} & _COUNTS or _goes_on(own, told):
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
    if not isinstance(loop, For | While) or gives_up(handler) or _pauses(loop.body):
        return None
    if (
        _waits_for_the_next(loop, guard)
        or _passes_one_over(guard, handler)
        or (not _leaves(guard) and not _asks_afar(guard, handler) and not until_done(loop, guard))
    ):
        return None
    if _endless(loop) or until_done(loop, guard):
        return Match(
            handler,
            "What failed is tried again at once and for ever: while the other side is down this loop does nothing "
            "else, and adds to its load.",
        )
    if spoken([n for n in (getattr(loop, "target", None), *getattr(loop, "header", ())) if n is not None]) & _COUNTS:
        return Match(
            handler,
            "What failed is tried again at once: all attempts are used up in the moment in which it can't work.",
            confidence=None if _is_many(loop) else Confidence.POSSIBLE,
        )
    return None


def _is_many(loop: For | While) -> bool:
    """Tell whether a loop says with a number that it tries more than a few times: ``range(100)``, ``n < 20``."""
    told = [loop.test] if isinstance(loop, While) else [loop.iterable, *loop.header]
    numbers = (one.value for part in told if part is not None for one in find(part, Literal))
    return any(isinstance(number, int) and number > _FEW for number in numbers)


def _pauses(statements: Sequence[Statement]) -> bool:
    """Tell whether some time passes there, and not only that something may take no longer than that."""
    waited = (call for call in calls_in(statements) if call.name in ("wait", "timeout"))
    return bool(spoken(statements) & _WAITS) or any(
        call.name == "wait" or isinstance(call.parent, Await) for call in waited
    )


def _waits_for_the_next(loop: For | While, guard: Try) -> bool:
    """Tell whether each round waits in front of the attempt for what it is made with: ``job = await jobs.get()``."""
    first = guard.body[0] if guard.body else None
    asked = first.subject if isinstance(first, Switch) else first.value if isinstance(first, Assign) else None
    taken = next(find(asked, Await), None) if asked is not None else None
    of_line = strip(taken.value) if taken is not None else None
    if isinstance(of_line, Call) and of_line.name in ("get", "take", "next", "receive") and not of_line.args:
        return True  # what came is told by the attempt itself, and another one is waited for
    tried = names_in(guard.body)
    return any(
        node.start < guard.start
        and any(find(node.value, Await))
        and (bool(names_in(node.target) & tried) or _hears(node.value))
        for node in walk(loop.body, into_functions=False)
        if isinstance(node, Assign) and node.value is not None
    )


def _hears(value: Expr) -> bool:
    """Tell whether a round begins when somebody sends something: ``message = await socket.receive()``."""
    waited = [strip(one.value) for one in find(value, Await)]
    return any(isinstance(one, Call) and one.name in ("receive", "recv", "readline") for one in waited)


def _passes_one_over(guard: Try, handler: Handler) -> bool:
    """Tell whether one message that does not fit is passed over, and the next one waited for.

    An error of the connection itself comes again at once.
    """
    told = {word for kind in handler.types for word in path_words(kind)}
    waits = next(find(guard.body, Await, into_functions=False), None)
    asked = strip(waits.value) if waits is not None else None
    while isinstance(asked, Call) and asked.name in ("wait_for", "shield") and asked.args:
        asked = strip(asked.args[0])
    takes = isinstance(asked, Call) and not set(words(asked.name)).isdisjoint(_QUEUES | {"read", "deliver", "accept"})
    known = told - {"error", "exception"}
    return takes and bool(known) and not told & (_NETWORK | {"exception", "reset", "broken", "timeout", "eof"})


def _skips_the_pause(loop: While, guard: Try, handler: Handler) -> bool:
    """Tell whether an error goes back to the top of a loop before the pause behind the attempt."""
    last = handler.body[-1] if handler.body else None
    if not isinstance(last, Jump) or last.kind != "continue" or gives_up(handler):
        return False
    if _pauses(guard.body) or guard not in loop.body:
        return False
    place = loop.body.index(guard)
    return _pauses(loop.body[place + 1 :]) and not _pauses(loop.body[:place])


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


def _goes_on(own: Call, told: set[str]) -> bool:
    """Tell whether a function calls itself for the next of many, and not for the same again: ``run(index + 1)``."""
    steps = (strip(arg) for arg in own.args)
    return any(isinstance(one, Binary) and one.op in ("+", "-") and bool(names_in(one) & told) for one in steps)


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
    return any(
        isinstance(n, If) and exits(n.body) and not _continues(n.body) and not _of_a_kind(handler, n.test)
        for n in walk(handler.body)
    )


def _of_a_kind(handler: Handler, test: Expr) -> bool:
    """Tell whether a test only asks what kind of error it is, as a handler for one kind does by itself."""
    asked = next((n for n in walk(test) if isinstance(n, Binary) and n.op in ("==", "!=", "instanceof")), None)
    told = names_in(test)
    return asked is not None and handler.name in told and not spoken(test) & _COUNTS


def _continues(body: Sequence[object]) -> bool:
    return any(isinstance(s, Jump) and s.kind == "continue" for s in body)


def _asks_afar(guard: Try, handler: Handler) -> bool:
    """Tell whether what is tried first asks the other side, so that it fails at once while that one is down."""
    first = next((n for n in walk(guard.body, into_functions=False) if isinstance(n, Await)), None)
    call = strip(first.value) if first is not None else None
    if not isinstance(call, Call) or set(words(call.name)) & _QUEUES or path_words(call.receiver) & _QUEUES:
        return False
    if any(path_words(kind) & _NETWORK for types in handler.types for kind in walk(types)):
        return True
    return bool((path_words(call.receiver) | set(words(call.name))) & _ASKS)


def until_done(loop: For | While, guard: Try) -> bool:
    """Tell whether a loop ends by a flag that only the success of an attempt sets: ``while not sent``."""
    test = loop.test if isinstance(loop, While) else None
    flag = strip(test.operand) if isinstance(test, Unary) and test.op == "not" else None
    if not isinstance(flag, Name):
        return False
    writes = [one for one in find(loop.body, Assign) if isinstance(one.target, Name) and one.target.id == flag.id]
    tried = [*guard.body, *guard.orelse]
    return bool(writes) and all(any(one is write for one in find(tried, Assign)) for write in writes)


def _endless(loop: For | While) -> bool:
    """Tell whether a loop goes on until somebody says stop: ``while (true)``, ``for (;;)``, ``while (!aborted)``."""
    if isinstance(loop, For):
        return loop.iterable is None and not loop.header
    if isinstance(loop.test, Literal):
        return bool(loop.test.value)
    test = loop.test.operand if isinstance(loop.test, Unary) and loop.test.op == "not" else loop.test
    flag = test.callee if isinstance(test, Call) and test.name in ("is_set", "isSet") and not test.args else test
    if not isinstance(flag, Name | Member) or _works_off(loop, flag):
        return False
    text = last_name(flag)
    return not any(
        isinstance(node, Assign) and last_name(node.target) == text for node in walk(loop.body, into_functions=False)
    )


def _works_off(loop: While, flag: Name | Member) -> bool:
    """Tell whether a loop takes one after the other off a list, whatever becomes of it: ``while (files.length)``."""
    held = last_name(flag.object) if isinstance(flag, Member) and flag.name in ("length", "size") else last_name(flag)
    taken = (call for call in calls_in(loop.body) if call.name in ("shift", "pop", "popleft", "splice"))
    first = next(find(loop.body, Await, into_functions=False), None)
    early = first.stop if first is not None else 0
    return any(
        last_name(call.receiver) == held and (call.start < early or guarding_try(call) is None) for call in taken
    )
