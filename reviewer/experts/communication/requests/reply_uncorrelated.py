"""COM026: the next reply is taken for the reply to this request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.communication.pending import keeps_promise
from reviewer.experts.communication.sources import sources
from reviewer.experts.paths import name_words, path_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access
    from reviewer.experts.check import Inquiry

_REPLIES: Final = frozenset(
    "reply replies response responses result results answer answers message ack acks done".split()
)
_ASKS: Final = frozenset("emit publish send postMessage post write dispatch request fire trigger broadcast".split())
_TOPICS: Final = frozenset("topic event name channel subject type kind command method verb".split())
"""Names of what a request is about, which every request of its kind shares."""
_SETTLES: Final = frozenset(
    {"resolve", "reject", "timer", "timeout", "settle", "result", "exception", "done", "cancelled", "cancel"}
)
"""Words of what ends the waiting of one who waits."""
_MAKERS: Final = frozenset({"Worker", "fork", "spawn", "MessageChannel", "BroadcastChannel"})


@module_check("COM026", words={"once", "shift", "popleft"})
def reply_uncorrelated(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each promise that the next event of a fixed name fulfils."""
    if module.is_test:
        return
    yield from _first_come(inquiry, module)
    yield from _next_of_all(module)
    for call in module.calls({"once"}):
        if len(call.args) < 2:
            continue
        name = fixed_text(module, call.args[0]) or _fixed_but_for_topic(call.args[0])
        executor = _executor(call)
        if not name or not set(words(name)) & _REPLIES or executor is None:
            continue
        asked = next((c for c in calls_in(_asking(executor)) if c.name in _ASKS and c is not call), None)
        if asked is None or not _fulfils(call.args[1], executor) or _own_channel(module, call.receiver):
            continue
        yield _taken_for(call, name, asked)


def _next_of_all(module: Module) -> Iterator[Match]:
    """Speak of ``await once(channel, "message")`` in a function that asks on that channel."""
    for call in module.calls({"once"}):
        function = function_of(call)
        if function is None or len(call.args) < 2 or module.resolve(call.callee) != "events.once":
            continue
        name, channel = fixed_text(module, call.args[1]), module.text_of(call.args[0])
        asked = next(
            (
                other
                for other in calls_in(function.body, into_functions=False)
                if other.name in _ASKS and other.receiver is not None and module.text_of(other.receiver) == channel
            ),
            None,
        )
        if asked is not None and set(words(name)) & _REPLIES and not _own_channel(module, call.args[0]):
            yield _taken_for(call, name, asked)


def _taken_for(call: Call, name: str, asked: Call) -> Match:
    return Match(
        call,
        f"The next '{name}' is taken for the answer to this request, whoever it is for: of two requests under way, "
        "both get the first answer, and the second answer is lost.",
        related=((asked, "asked here"),),
    )


def _fixed_but_for_topic(given: Expr) -> str:
    """Return the last part of a name that is made of the topic alone: ``answer`` of ```${topic}.answer```."""
    made = strip(given)
    if not isinstance(made, Template) or not isinstance(made.items[-1], Literal):
        return ""
    return str(made.items[-1].value) if all(set(path_words(hole)) <= _TOPICS for hole in made.holes) else ""


def _first_come(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a reply goes to whoever has waited longest: a line of promises from which the first is taken."""
    for table in sources(inquiry, module).tables:
        if table.kind != "list":
            continue
        taken = [
            a for a in table.of("delete") if isinstance(a.node, Call) and a.node.name in ("shift", "popleft", "pop")
        ]
        entry = next((a for a in table.of("write") if a.value is not None and keeps_promise(module, a)), None)
        if entry is None or not taken or taken[0].function is entry.function:
            continue
        if _limits(module, table.name) or _is_work(taken[0]) or _only_wakes(taken[0]):
            continue
        yield Match(
            taken[0].node,
            f"Requests wait in the line '{table.name}', and each reply goes to the first of them: no id says which "
            "reply is whose, so one that is late, lost or out of order gives everybody behind it the wrong answer.",
            related=((entry.node, "put in line here"),),
        )


def _limits(module: Module, name: str) -> bool:
    """Tell whether a line is one of callers who wait for their turn, and not for a reply."""
    said = set(words(name)) | set(words(module.path.rsplit("/", 1)[-1]))
    return not said.isdisjoint(
        {"lock", "locks", "mutex", "semaphore", "slot", "slots", "turn", "turns", "limiter", "limit", "queue", "pool"}
    )


def _is_work(taken: Access) -> bool:
    """Tell whether what is taken out is work to be done, with the ends of the promise that waits for it."""
    function, call = taken.function, taken.node
    holders = _holders(taken)
    for done in calls_in(function.body) if function is not None else ():
        if done is call or set(words(done.name)) & _SETTLES:
            continue
        for part in (*([done.callee] if done.receiver is not None else []), *done.args):
            base = strip(part)
            while isinstance(base, Member):
                base = strip(base.object)
            if isinstance(base, Name) and base.id in holders and not set(name_words(part)) & _SETTLES:
                return True
    return False


def _holders(taken: Access) -> set[str]:
    """Return the names that hold what was taken out."""
    return {
        assign.target.id
        for assign in (find(taken.function.body, Assign) if taken.function is not None else ())
        if isinstance(assign.target, Name)
        and assign.value is not None
        and any(node is taken.node for node in walk(assign.value))
    }


def _only_wakes(taken: Access) -> bool:
    """Tell whether who has waited longest is let go on, and given nothing: a slot that is free, and no reply."""
    function, holders = taken.function, _holders(taken)
    ends = [
        call
        for call in (calls_in(function.body) if function is not None else ())
        if any(name.id in holders for name in find(call.callee, Name))
        and (isinstance(strip(call.callee), Name) or call.name in ("resolve", "set_result"))
    ]
    return bool(ends) and all(
        not call.args or (isinstance(call.args[0], Literal) and call.args[0].value is None) for call in ends
    )


def _executor(call: Call) -> Function | None:
    """Return the executor of the promise around a call."""
    for around in ancestors(call):
        outer = around.parent
        if isinstance(around, Function) and isinstance(outer, Call) and outer.new and outer.name == "Promise":
            return around
    return None


def _asking(executor: Function) -> list[Node]:
    """Return the body in which the request is sent: that of the function around the promise."""
    outer = executor.outer
    return list(outer.body) if outer is not None else list(executor.body)


def _fulfils(handler: Expr, executor: Function) -> bool:
    """Tell whether a handler gives what comes to the promise, without looking at whom it is for."""
    handler = strip(handler)
    resolve = executor.params[0].name if executor.params else ""
    if isinstance(handler, Name):
        return handler.id == resolve
    if not isinstance(handler, Function):
        return False
    compares = any(isinstance(node, Binary) and node.op in ("==", "!=") for node in walk(handler.body))
    return not compares and any(c.name == resolve for c in calls_in(handler.body))


def _own_channel(module: Module, receiver: Expr | None) -> bool:
    """Tell whether the channel was made for this one request, in the same function."""
    if receiver is None or not isinstance(strip(receiver), Name):
        return False
    name = strip(receiver)
    for binding in module.scopes.lookup(getattr(name, "id", ""), name):
        value = strip(binding.value) if isinstance(binding, Assign) and binding.value is not None else None
        if isinstance(value, Member):
            value = strip(value.object)
        if isinstance(value, Call) and (value.new or value.name in _MAKERS):
            return any(isinstance(around, Function) for around in ancestors(value))
    return False
