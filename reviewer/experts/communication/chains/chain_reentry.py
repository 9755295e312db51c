"""COM045: a chain lets each of its steps run the rest as often as it likes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Function, If, Index, Literal, Name, Node, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import HANDLERS, spoken
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_STEPS: Final = HANDLERS | {"chain", "stack", "stage", "stages", "step", "steps", "fn", "pipeline"}
_GUARDS: Final = frozenset("called twice already once used consumed done multiple times guard".split())
_DEPTHS: Final = frozenset("depth depths hop hops level levels nesting ttl".split())


_FOR_LATER: Final = frozenset(
    "on once addListener addEventListener prependListener setTimeout setInterval setImmediate queueMicrotask nextTick "
    "requestAnimationFrame requestIdleCallback then catch finally call_later call_soon create_task "
    "ensure_future".split()
)
"""What is handed a function to call when something happens, or time has passed, and is no step."""

CHAIN_WORDS: Final = frozenset(
    "next middleware middlewares chain interceptors proceed compose filters filter steps stages onward forward "
    "continue index position".split()
)
"""Words of which a file that runs a chain has at least one."""


@module_check("COM045", words=CHAIN_WORDS)
def chain_reentry(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that runs a chain by an index for something that remembers how far it has come."""
    if module.is_test:
        return
    for function in module.functions:
        index = index_of(function)
        if index is None or function.signature_only:
            continue
        onward = next((c for c in own_calls(function) if _goes_on(c, index)), None)
        step = next((c for c in calls_in(function.body) if runs_step(c, onward)), None)
        if onward is None or step is None or _remembers(function, index) or _handed_to_guard(module, onward):
            continue
        yield Match(
            locate_bytes(module, function.body[0].raw.start_byte, step.raw.end_byte),
            "A step that calls its 'next' twice runs the rest of the chain twice, handler included: nothing remembers "
            "that this place was passed.",
        )


def index_of(function: Function) -> Param | None:
    """Return the parameter that says how far a function has come in a chain, or None."""
    named = (p for p in function.params if set(words(p.name)) & {"i", "index", "idx", "position", "pos", "at", "n"})
    deep = (
        p for p in function.params if not set(words(p.name)) & _DEPTHS
    )  # limits circles, and is no place in a chain
    counted = (p for p in deep if any(_goes_on(call, p) for call in own_calls(function)))
    return next(named, None) or next(counted, None)


def own_calls(function: Function) -> Iterator[Call]:
    """Yield the calls by which a function calls itself, ``bind`` included."""
    for call in calls_in(function.body):
        if function.name and call.name == function.name:
            yield call
        elif call.name == "bind" and call.receiver is not None:
            last = getattr(call.receiver, "id", getattr(call.receiver, "name", ""))
            if function.name and last == function.name:
                yield call


def _goes_on(call: Call, index: Param) -> bool:
    return any(
        isinstance(node, Binary)
        and node.op == "+"
        and any(isinstance(n, Name) and n.id == index.name for n in walk(node))
        and any(isinstance(n, Literal) and n.value == 1 for n in walk(node))
        for argument in call.args
        for node in walk(argument)
    )


def runs_step(call: Call, onward: Call | None) -> bool:
    """Tell whether a call hands a step of the chain the way on."""
    if onward is None or call is onward or call.name in _FOR_LATER:
        return False
    holds: list[Node] = [*call.args, *call.keywords.values()]
    if any(isinstance(n, Call) and n is onward for a in holds for n in walk(a)):
        # What is worked out at once is handed over as a value: nobody can call it a second time.
        return onward.name == "bind" or not any(a is onward for a in holds)
    way = _way_on(call, onward)
    if way and any(isinstance(n, Name) and n.id == way for a in holds for n in walk(a)):
        return bool(spoken(call.callee) & _STEPS) or isinstance(strip(call.callee), Name | Index)
    named = {n.id.lower() for a in holds for n in walk(a) if isinstance(n, Name)}
    return bool(named & {"next", "next_", "call_next", "proceed"}) and bool(spoken(call.callee) & _STEPS)


def _way_on(call: Call, onward: Call) -> str:
    """Return the name of the inner function by which a step goes on, where there is one: ``def onward(cue): …``."""
    way, around = function_of(onward), function_of(call)
    return way.name if way is not None and way is not around and way.outer is around else ""


def _remembers(function: Function, index: Param) -> bool:
    """Tell whether the function holds the index against the furthest place, or a flag against a second call."""
    if spoken(function.body) & _GUARDS or any(_goes_once(inner) for inner in find(function.body, Function)):
        return True
    for node in walk(function.body):
        if isinstance(node, Binary) and node.op in ("<=", "<", ">", ">=", "==", "!="):
            sides = [node.left, node.right]
            if any(isinstance(s, Name) and s.id == index.name for s in sides):
                other = next(s for s in sides if not (isinstance(s, Name) and s.id == index.name))
                if isinstance(other, Name) and not set(words(other.id)) & {"length", "size", "count", "total", "end"}:
                    return True
    return False


def _handed_to_guard(module: Module, onward: Call) -> bool:
    """Tell whether the way on is handed to a function that lets it be gone once: ``once(() => walk(at + 1))``."""
    way = function_of(onward)
    call = way.parent if way is not None else None
    guard = definition(module, call.callee) if isinstance(call, Call) and way in call.args else None
    return isinstance(guard, Function) and any(_goes_once(inner) for inner in find(guard.body, Function))


def _goes_once(way: Function) -> bool:
    """Tell whether a function turns back where something is set that it sets itself."""
    put = {node.target.id for node in find(way.body, Assign) if isinstance(node.target, Name)}
    return any(
        isinstance(strip(test.test), Name) and getattr(strip(test.test), "id", "") in put and exits(test.body)
        for test in find(way.body, If)
    )
