"""COM223: a listener of an extension answers when the channel is closed already, for it did not say that it would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, before
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Await, Call, Function, Literal, Name, Node, Return, strip
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.browser.api import calls_of, path_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_EVENTS: Final = (
    "runtime.onMessage.addListener",
    "runtime.onMessageExternal.addListener",
    "extension.onMessage.addListener",
)
_AT_ONCE: Final = frozenset(
    "forEach map filter some every find findIndex findLast reduce flatMap sort replace replaceAll from call "
    "apply".split()
)
"""Functions that call what they are given before they return."""
_LATER: Final = frozenset({"then", "catch", "finally", "setTimeout", "requestAnimationFrame", "queueMicrotask"})
_DEEPEST: Final = 3


@module_check("COM223", words={"listener"})
def reply_too_late(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look in each listener of messages for an answer that is given later while nothing keeps the channel open."""
    if module.is_test:
        return
    for _path, call in calls_of(module, *_EVENTS):
        listener = definition(module, call.args[0]) if call.args else None
        if not isinstance(listener, Function) or len(listener.params) < 3 or listener.module is not module:
            continue
        late = [use for use in _late_uses(module, listener, listener.params[2].name, 0) if not _is_kept(listener, use)]
        if late:
            yield Match(late[0], _said(listener), related=tuple((one, "answered late here, too") for one in late[1:4]))


def _said(listener: Function) -> str:
    reply = listener.params[2].name
    if listener.asynchronous:
        return (
            f"'{reply}' is called after a wait, and the listener is asynchronous: it gives a promise and not 'true', "
            "so the channel is closed by then and the sender gets nothing."
        )
    return (
        f"'{reply}' is called when the listener has returned, and it does not return 'true' on this way: the channel "
        "is closed by then and the sender gets nothing."
    )


def _late_uses(module: Module, function: Function, reply: str, depth: int) -> Iterator[Node]:
    """Yield the places of a function at which the reply is called, or handed on to be called, after it returned."""
    if not reply or depth > _DEEPEST:
        return
    for name in find(function, Name):
        if name.id != reply or name.parent is None:
            continue
        around = name.parent
        if function_of(name) is not function:
            if isinstance(around, Call) and _runs_later(function, name):
                yield name
        elif isinstance(around, Call) and around.callee is name:
            if function.asynchronous and _waited(name):
                yield name
        elif isinstance(around, Call) and _hands_on(module, around, name, depth):
            yield name


def _runs_later(function: Function, name: Name) -> bool:
    """Tell whether what stands in a function inside another runs when that one has returned."""
    inner = function_of(name)
    while inner is not None and inner is not function:
        by = inner.parent
        if isinstance(by, Call) and by.callee is inner:
            if inner.asynchronous and _waited(name):
                return True
        elif isinstance(by, Call) and by.name not in _AT_ONCE:
            return True
        inner = inner.outer
    return False


def _waited(node: Node) -> bool:
    return any(isinstance(earlier, Await) for earlier in before(node))


def _hands_on(module: Module, call: Call, name: Name, depth: int) -> bool:
    """Tell whether a call is given the reply to call it later."""
    if call.name in _LATER or path_of(module, call.callee):
        return True
    target = definition(module, call.callee)
    position = next((index for index, given in enumerate(call.args) if strip(given) is name), -1)
    if not isinstance(target, Function) or not 0 <= position < len(target.params):
        return False
    param = target.params[position]
    return not param.rest and any(_late_uses(target.module, target, param.name, depth + 1))


def _is_kept(listener: Function, use: Node) -> bool:
    """Tell whether the channel stays open on the way of a late reply: ``return true`` follows, or all is returned."""
    if listener.asynchronous:
        return False
    own = [node for node in (use, *ancestors(use)) if function_of(node) is listener]
    if any(isinstance(node, Return) for node in own):
        return True
    return bool(own) and any(isinstance(node, Return) and _gives(node) for node in after(own[0]))


def _gives(answer: Return) -> bool:
    value = strip(answer.value) if answer.value is not None else None
    return value is not None and not (isinstance(value, Literal) and not value.value)
