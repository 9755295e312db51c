"""COM003: what one function puts at the end and another takes from the front as it finds time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Await, Call, For, Function, Literal, Name, Object, Param, While, Yield, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.lengths import has_length, is_measured, made_as_line
from reviewer.experts.communication.queues.kept_otherwise import counted_beside
from reviewer.experts.communication.queues.unbounded_queue import PUTS, is_handler, keeps_messages
from reviewer.experts.communication.sources import sources
from reviewer.experts.communication.vocabulary import CLEANUPS, HANDLERS
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_FRONT: Final = frozenset({"shift", "popleft"})
_AT: Final = frozenset({"pop", "splice"})
_STEPS: Final = frozenset({"next", "__anext__"})
"""Members of iterators that give one thing at a time, whenever they are asked."""
WAITS: Final = HANDLERS | CLEANUPS | frozenset("resolve reject waiter waiters future promise done".split())
"""Words of what is put in line and is no message: somebody who waits, or something to do at the end."""


@module_check("COM003", words={*_FRONT, *_AT})
def unbounded_line(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list with two ends that lie in two functions, of which the one that takes out may lag."""
    if module.is_test:
        return
    for table in sources(inquiry, module).tables:
        if table.kind != "list" or keeps_messages(module, table) or WAITS & set(words(table.name)):
            continue
        puts = [access for access in table.of("write") if _is_given(access)]
        takers = {id(taker): taker for access in table.of("delete") if (taker := _takes_each(access)) is not None}
        first = next((put for put in puts if _is_apart(module, put.function, list(takers.values()))), None)
        if first is None or has_length(table) or is_measured(module, table):
            continue
        if not counted_beside(module, (put.node for put in puts if isinstance(put.node, Call))):
            alone = _of_one_thread(table, list(takers.values()))
            yield Match(
                made_as_line(table) or first.node,
                f"'{table.name}' is emptied only as fast as what it holds is dealt with, and nothing limits its "
                "length: whoever puts in faster fills the memory.",
                confidence=Confidence.POSSIBLE
                if alone or (inquiry.subject.kind == "plugin" and table.owner is None)
                else None,
            )


def _of_one_thread(table: Table, takers: list[Function]) -> bool:
    """Tell whether a list is a variable of the function that takes out, and that one stops for nobody.

    What puts in is called by what the function itself calls then, as long as there is no other thread.
    """
    return any(taker is table.scope and not taker.asynchronous for taker in takers)


def _is_given(access: Access) -> bool:
    """Tell whether something is put in that the function was given, and that is nobody who waits."""
    put, function = access.node, access.function
    if not isinstance(put, Call) or put.name not in PUTS or len(put.args) != 1 or function is None or is_handler(put):
        return False
    given = strip(put.args[0])
    named = {word for key in given.keys for word in words(key)} if isinstance(given, Object) else set()
    told = {param.name for param in function.params if not _is_function(param)}
    made = function.module.scopes.origin(given)
    held = names_in(given) | (names_in(made) if isinstance(made, Object | Call) else set())
    return not named & WAITS and bool(held & told)


def _is_function(param: Param) -> bool:
    return "=>" in param.type or "Callable" in param.type or bool(WAITS & set(words(param.name)))


def _takes_each(access: Access) -> Function | None:
    """Return the function that takes one after the other out of the front, waiting in between."""
    take, function = access.node, access.function
    if not isinstance(take, Call) or function is None or function_of(take) is not function:
        return None
    first = strip(take.args[0]) if take.args else None
    front = take.name in _FRONT or (take.name in _AT and isinstance(first, Literal) and first.value == 0)
    loop = next((one for one in ancestors(take) if isinstance(one, While | For | Function)), None)
    if front and function.name in _STEPS:
        return function  # whoever goes over it asks for the next one when he has time
    if not front or not isinstance(loop, While | For):
        return None
    if isinstance(loop, For) and loop.iterable is not None and inside(take, loop.iterable):
        return None  # all at once: for (const one of running.splice(0))
    lags = any(True for _ in find(loop, Await)) or any(True for _ in find(loop, Yield))
    return function if lags or _has_thread(function, loop) else None


def _has_thread(function: Function, loop: While | For) -> bool:
    """Tell whether a loop runs in a thread of its own: it is what one is made for, or waits until somebody tells it."""
    waits = any(call.name == "wait" and call.receiver is not None for call in find(loop, Call))
    return waits or any(
        last_name(call.keywords["target"]) == function.name
        for call in function.module.calls(("Thread",))
        if "target" in call.keywords
    )


def _is_apart(module: Module, putter: Function | None, takers: list[Function]) -> bool:
    """Tell whether a function only puts in, so that whoever calls it does not wait for what is taken out."""
    if putter is None or not takers or putter in takers:
        return False
    return not any(
        isinstance(call.parent, Await) and callee(module, call) in takers
        for call in calls_in(putter.body, into_functions=False)
        if isinstance(call.callee, Name) or call.receiver is not None
    )
