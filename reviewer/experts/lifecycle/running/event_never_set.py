"""LIF180 and LIF448: loops go on until an event is set, which nobody does, or only behind the wait for their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Await, Call, Class, Literal, Member, Name, While, strip
from reviewer.code.walk import calls_in, class_of, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.holding.owners import is_end
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function, Node
    from reviewer.experts.check import Inquiry

_EVENTS: Final = frozenset(
    {"threading.Event", "asyncio.Event", "multiprocessing.Event", "anyio.Event", "trio.Event", "gevent.event.Event"}
)
_ASKS: Final = frozenset({"is_set", "wait", "isSet"})
_KEEPS: Final = _ASKS | {"clear"}
"""Methods that leave an event as it is, or take it back."""


@module_check("LIF180", words={"event"})
def event_never_set(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each event of a class on which its loops end for somebody who sets it."""
    for cls, name, loop in _ended_by_events(module):
        uses = [use for use in module.all(Member) if use.name == name]
        if not name.startswith("_") or any(not _leaves_alone(use) for use in uses):
            continue
        end = next((one for one in cls.methods if _ends(one)), None)
        yield Match(
            end or loop,
            f"The loop in line {loop.line} goes on until '{name}' is set, and nobody ever sets it: what runs there "
            "works on after its owner has ended.",
            related=((loop, "this asks for it"),),
        )


@module_check("LIF448", words={"event"})
def told_after_the_wait(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each end that sets such an event for what it has waited for before."""
    for cls, name, loop in _ended_by_events(module):
        for method in cls.methods:
            sets = [call for call in calls_in(method.body) if call.name == "set" and _is_of(call, name)]
            if not sets or not _ends(method):
                continue
            wait = next((one for one in _waits(method) if one.start < sets[0].start), None)
            if wait is not None:
                yield Match(
                    wait,
                    f"This waits for a loop that goes on until '{name}' is set, and that is done only in line "
                    f"{sets[0].line}: the wait lasts as long as its limit, or for ever.",
                    related=((sets[0], "told here"), (loop, "the loop that asks for it")),
                )


def _ended_by_events(module: Module) -> Iterator[tuple[Class, str, While]]:
    """Yield each class with the name of an event that its loops ask for, and the first of these loops."""
    if module.is_test or module.language != "python":
        return
    for cls in module.classes:
        for name, assigns in module.scopes.fields(cls).items():
            made = [strip(one.value) for one in assigns if one.value is not None]
            if not made or not all(isinstance(one, Call) and module.resolve(one.callee) in _EVENTS for one in made):
                continue
            loop = next((one for method in cls.methods for one in find(method.body, While) if _asks(one, name)), None)
            if loop is not None:
                yield cls, name, loop


def _asks(loop: While, name: str) -> bool:
    return any(call.name in _ASKS and _is_of(call, name) for call in calls_in(loop.test))


def _is_of(call: Call, name: str) -> bool:
    held = strip(call.receiver) if call.receiver is not None else None
    return held is not None and is_this_member(held) and isinstance(held, Member) and held.name == name


def _leaves_alone(use: Member) -> bool:
    """Tell whether a use of an event only asks for it, clears it, or makes it."""
    parent: Node | None = use.parent
    if isinstance(parent, Member):
        return isinstance(parent.parent, Call) and parent.name in _KEEPS
    return getattr(parent, "target", None) is use and class_of(use) is not None


def _ends(method: Function) -> bool:
    return is_end(method.name) or is_stopper(method.name)


def _waits(method: Function) -> Iterator[Node]:
    """Yield what waits for the end of a thread or a task that the object holds."""
    for call in calls_in(method.body):
        held = strip(call.receiver) if call.receiver is not None else None
        own = held is not None and (isinstance(held, Name) or is_this_member(held))
        if call.name == "join" and own and all(_is_limit(strip(arg)) for arg in call.args):
            yield call
    for wait in find(method.body, Await):
        inner = strip(wait.value)
        given = [strip(arg) for arg in inner.args] if isinstance(inner, Call) and inner.name in _GATHERS else [inner]
        if any(is_this_member(one) for one in given):
            yield wait


def _is_limit(arg: Expr) -> bool:
    """Tell whether an argument of ``join`` is how long it may last, and no list of texts."""
    return (isinstance(arg, Literal) and not isinstance(arg.value, str)) or last_name(arg).isupper()


_GATHERS: Final = frozenset({"gather", "wait", "wait_for", "shield"})
