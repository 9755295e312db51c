"""COM163: what publishes waits for a place in the queue that only the thread which runs the handlers can make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Class, Comprehension, Expr, For, Function, Literal, Member, While
from reviewer.code.text.ideas import SEND_WORDS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.invocations import invocations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_QUEUES: Final = frozenset({"Queue", "LifoQueue", "PriorityQueue"})
_STARTERS: Final = frozenset({"Thread", "create_task", "ensure_future", "Timer"})
_PUBLISHING: Final = SEND_WORDS | {"notify", "post", "send", "signal", "raise"}
_DEADLINES: Final = frozenset({"wait_for", "timeout", "fail_after", "move_on_after"})
_OWN_THREAD: Final = frozenset({"current_thread", "get_ident", "current_task"})


@module_check("COM163", words={"queue"})
def queue_filled_by_its_consumer(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each bounded queue of a class whose one consumer calls handlers."""
    if module.is_test or module.language != "python":
        return
    for cls in module.classes:
        for name in _bounded(module, cls):
            consumer = _consumer(module, cls, name)
            if consumer is None:
                continue
            reached = _reached(module, consumer)
            if _calls_handlers(reached) or any(one.function in reached for one in invocations(inquiry, module)):
                yield from _puts(module, cls, name, reached)


def _bounded(module: Module, cls: Class) -> Iterator[str]:
    """Yield the fields that hold a queue with an end."""
    for name, assigns in module.scopes.fields(cls).items():
        for assign in assigns:
            made = assign.value
            if not isinstance(made, Call) or made.name not in _QUEUES:
                continue
            size = made.arg(0, "maxsize")
            if size is not None and not (isinstance(size, Literal) and not size.value):
                yield name
                break


def _consumer(module: Module, cls: Class, queue: str) -> Function | None:
    """Return the one method that takes from the queue, where the class starts it once by itself."""
    takers = [m for m in cls.methods if any(_on(call, queue, ("get",)) for call in calls_in(m.body))]
    if len(takers) != 1:
        return None
    started = [
        call
        for method in cls.methods
        for call in calls_in(method.body)
        if call.name in _STARTERS and any(_names(arg, takers[0]) for arg in (*call.args, *call.keywords.values()))
    ]
    many = any(isinstance(around, For | While | Comprehension) for call in started for around in ancestors(call))
    return takers[0] if len(started) == 1 and not many else None


def _names(given: Expr, method: Function) -> bool:
    named = given.callee if isinstance(given, Call) else given
    return is_this_member(named) and named.name == method.name


def _on(call: Call, queue: str, names: tuple[str, ...]) -> bool:
    holder = call.receiver
    return call.name in names and isinstance(holder, Member) and is_this_member(holder) and holder.name == queue


def _reached(module: Module, consumer: Function) -> list[Function]:
    """Return the consumer and what it calls of its own file."""
    found = [consumer]
    for function in found:
        for call in calls_in(function.body):
            target = callee(module, call)
            if target is not None and target.module is module and target not in found and len(found) < 12:
                found.append(target)
    return found


def _calls_handlers(reached: list[Function]) -> bool:
    """Tell whether the consumer calls a plain name such as ``handler``."""
    named = frozenset({"handler", "listener", "callback", "subscriber"})
    return any(call.receiver is None and call.name in named for function in reached for call in calls_in(function.body))


def _puts(module: Module, cls: Class, queue: str, reached: list[Function]) -> Iterator[Match]:
    for method in cls.methods:
        if method in reached or method.private or not set(words(method.name)) & _PUBLISHING:
            continue
        for call in calls_in(method.body):
            if not _on(call, queue, ("put",)) or "timeout" in call.keywords or len(call.args) != 1:
                continue
            block = call.keywords.get("block")
            if block is not None or (isinstance(call.args[0], Literal) and call.args[0].value is None):
                continue
            if any(one in module.text_of(method) for one in _OWN_THREAD):
                continue
            late = any(one.name in _DEADLINES for function in reached for one in calls_in(function.body))
            yield Match(
                call,
                f"'{method.name}' waits here until the queue has a place, and the one that makes places is busy with "
                "the handlers: a handler that publishes while the queue is full waits for itself "
                + ("until its time is up, and what it had to say is lost." if late else "for ever."),
                confidence=Confidence.POSSIBLE if late else None,
            )
