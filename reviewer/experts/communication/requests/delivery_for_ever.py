"""COM445: what could not be delivered is tried again after a pause, and nothing counts how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Conditional,
    ExprStatement,
    For,
    Function,
    If,
    Jump,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Throw,
    Try,
    Unary,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.requests.retry_at_once import until_done
from reviewer.experts.communication.vocabulary import spoken
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Handler, Statement
    from reviewer.experts.check import Inquiry

_TIMERS: Final = frozenset({"setTimeout", "call_later", "Timer", "setImmediate"})
_PAUSES: Final = frozenset({"sleep", "delay", "pause", "wait", "setTimeout", "backoff", "later"})
_SENDS: Final = frozenset(
    "post send deliver push publish notify put upload forward emit report submit transmit dispatch pass relay".split()
)
"""Words of what gives something to somebody; a connection that is opened again and again gives nothing."""
_VERBS: Final = frozenset({"POST", "PUT", "PATCH"})
_STANDING: Final = frozenset(
    "connect reconnect start listen open init initialize poll watch subscribe ping refresh load run tick check sync "
    "heartbeat beat schedule loop main serve consume join login fetch read get".split()
)
"""First words of what a program keeps up as long as it lives, so that it is right to try it for ever."""
_COUNTS: Final = frozenset(
    "attempt attempts retries retry tries try count left max remaining tried budget limit deadline until ttl elapsed "
    "backoff times again".split()
)


@module_check("COM445", words=_SENDS)
def delivery_for_ever(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a function that gives something away does when that fails, for an end of its attempts."""
    if module.is_test:
        return
    for guard in module.all(Try):
        function = _named(function_of(guard))
        if function is None or not _gives_away(function, guard) or _counts(function) or _timed(module, function):
            continue
        for handler in guard.handlers:
            again = _again(module, function, handler) or _loop_again(function, guard, handler)
            if again is not None:
                given = ", ".join(name for name in _items(function, guard)[:2])
                yield Match(
                    again,
                    f"'{short(function.name)}' tries to give away the same '{given}' again after each failure, for "
                    "ever: what can't be delivered is never given up, and all that comes later adds such a chain.",
                )
                break


def _named(function: Function | None) -> Function | None:
    while function is not None and not function.name:
        function = function.outer
    return function


def _items(function: Function, guard: Try) -> list[str]:
    """Return the parameters that the attempt gives away: those that stand in a call of it."""
    used = {
        name
        for call in calls_in(guard.body)
        for given in (*call.args, *call.keywords.values(), call.callee)
        for name in names_in(given)
    }
    return [p.name for p in function.params if p.name in used and not set(words(p.name)) & {"log", "logger", "self"}]


def _gives_away(function: Function, guard: Try) -> bool:
    """Tell whether a function gives away something that it was handed, by what it is called or what it calls."""
    first = words(function.name)[:1]
    if not _items(function, guard) or set(first) & _STANDING:
        return False
    called = {word for call in calls_in(guard.body) for word in words(call.name)}
    verbs = any(literal.value in _VERBS for literal in find(guard.body, Literal) if isinstance(literal.value, str))
    return bool((set(words(function.name)) | called) & _SENDS) or verbs


def _counts(function: Function) -> bool:
    """Tell whether a function counts its attempts or looks at the time: in a parameter, a test or a sum."""
    said = {word for param in function.params for word in words(param.name)}
    for node in find(function.body, Node):
        if isinstance(node, If | Conditional):
            said |= spoken(node.test)
        elif isinstance(node, Binary) and node.op in ("<", ">", "<=", ">="):
            said |= spoken(node)
        elif isinstance(node, For) and not _is_endless(node):
            return True  # as many attempts as the loop has rounds
    return bool(said & _COUNTS)


def _timed(module: Module, function: Function) -> bool:
    """Tell whether a caller lets it go on only for a time: ``wait_for(self.deliver(x), 30)``."""
    for call in module.calls((function.name,)):
        for around in ancestors(call):
            if isinstance(around, Call) and around.name in ("wait_for", "race", "timeout", "within", "withTimeout"):
                return True
            if isinstance(around, Function):
                break
    return False


def _again(module: Module, function: Function, handler: Handler) -> Node | None:
    """Return where a function is called again, with what it was given, once a pause has passed."""
    for call in calls_in(handler.body):
        timer = call.name in _TIMERS
        if timer and _set_for(module, function, call) and not _asked(handler, call):
            return call
        if _is_itself(module, call, function) and _same(function, call.args) and not _asked(handler, call):
            within = any(isinstance(around, Call) and around.name in _TIMERS for around in ancestors(call))
            if not within and _pauses_before(handler.body, call):
                return call
    return None


def _set_for(module: Module, function: Function, timer: Call) -> bool:
    """Tell whether a timer calls a function again with what it was given: ``call_later(2, self.send, line)``."""
    for position, given in enumerate(timer.args):
        inner = strip(given)
        if isinstance(inner, Function):
            return any(_is_itself(module, own, function) and _same(function, own.args) for own in calls_in(inner.body))
        if isinstance(inner, Name | Member) and definition(module, inner) is function:
            rest = [strip(one) for one in timer.args[position + 1 :]]
            rest = [item for one in rest for item in (one.items if isinstance(one, Array) else [one])]
            return _same(function, [one for one in rest if not isinstance(one, Literal)] or rest)
    return False


def _is_itself(module: Module, call: Call, function: Function) -> bool:
    if call.name != function.name:
        return False
    receiver = call.receiver
    if receiver is None or (isinstance(receiver, Name) and receiver.id == "this"):
        return True
    return definition(module, call.callee) is function


def _same(function: Function, given: Sequence[Node]) -> bool:
    """Tell whether all that is given is what the function itself was given, so that nothing counts."""
    own = {param.name for param in function.params}
    return bool(given) and all(isinstance(one, Name) for one in given) and bool(names_in(list(given)) & own)


def _asked(handler: Handler, place: Node) -> bool:
    """Tell whether something is asked in the handler before the next attempt."""
    return any(inside(condition.test, handler) for condition in conditions(place))


def _pauses_before(body: Sequence[Statement], place: Node) -> bool:
    return any(
        set(words(call.name)) & _PAUSES and call.stop <= place.start and _waited(call) for call in calls_in(body)
    )


def _waited(call: Call) -> bool:
    """Tell whether a pause is waited for: awaited, or one that stops the thread."""
    return any(isinstance(around, Await) for around in ancestors(call)) or call.name in ("sleep", "wait")


def _loop_again(function: Function, guard: Try, handler: Handler) -> Node | None:
    """Return the handler of an attempt in a loop without an end, which goes round again after a pause."""
    loop = next((around for around in ancestors(guard) if isinstance(around, For | While | Function)), None)
    done = isinstance(loop, While) and until_done(loop, guard)
    if loop is None or not (done or _is_endless(loop)):
        return None
    if function_of(loop) is not function or not (done or _leaves(guard)):
        return None
    ends = (n for s in (handler.body, loop.body) for n in walk(s, into_functions=False) if not inside(n, guard.body[0]))
    told = [one for one in find(handler.body, If) if _leaves_by_its_kind(one, handler)]
    for node in ends:
        if any(inside(node, one) for one in told):
            continue
        if isinstance(node, If) or (isinstance(node, Return) and inside(node, handler)) or isinstance(node, Throw):
            return None
        if isinstance(node, Jump) and node.kind == "break" and inside(node, handler):
            return None
    last = loop.stop
    paused = any(
        {call.name, *words(call.name)} & _PAUSES
        and (inside(call, handler) or guard.stop <= call.start < last)
        and _waited(call)
        for call in calls_in(loop.body)
    )
    return handler if paused else None


def _is_endless(loop: Node) -> bool:
    """Tell whether the head of a loop never ends it: ``while (true)``, ``for (let attempt = 1; ; attempt += 1)``."""
    if isinstance(loop, While):
        return isinstance(loop.test, Literal) and bool(loop.test.value)
    counts = isinstance(loop, For) and loop.style == "c"
    return (
        counts and isinstance(loop, For) and all(isinstance(one, Assign | Unary | ExprStatement) for one in loop.header)
    )


def _leaves_by_its_kind(test: If, handler: Handler) -> bool:
    """Tell whether only the kind of an error decides that it is given up: ``if (error.permanent) throw error``."""
    return exits(test.body) and bool(handler.name) and names_in(test.test) == {handler.name}


def _leaves(guard: Try) -> bool:
    """Tell whether success ends the loop."""
    return any(
        isinstance(n, Return) or (isinstance(n, Jump) and n.kind == "break")
        for n in walk([*guard.body, *guard.orelse], into_functions=False)
    )
