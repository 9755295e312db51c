"""COM053: what has just broken off is started again by the event that says so, without a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, conditions, exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Function, If, Index, Literal, Member, Name, Node, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_BREAKS: Final = frozenset({"close", "error", "end", "exit", "disconnect", "disconnected", "onclose", "onerror"})
"""Events that say that something has broken off."""
_BOUNDS: Final = frozenset(
    "attempt attempts retries tries count left max remaining budget limit backoff delay sleep wait pause".split()
)
_OPENS: Final = frozenset(
    "connect reconnect open reopen start restart spawn respawn launch relaunch listen dial attach subscribe boot join "
    "websocket eventsource socket worker fork login".split()
)
"""Words of what keeps something open that may break off; reading to an end is another matter."""
_LATER: Final = frozenset({"setTimeout", "schedule", "debounce", "throttle", "retry", "backoff"})


@module_check("COM053", words=_BREAKS)
def reconnect_at_once(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each handler of a break for whether it runs at once the function that it was set up in."""
    if module.is_test or module.language == "python":
        return
    for handler in _handlers(module):
        set_up = handler.outer
        while set_up is not None and not set_up.name:
            set_up = set_up.outer
        if set_up is None or not _opens(set_up):
            continue
        for call in calls_in(handler.body):
            later = any(isinstance(around, Call) and around.name in _LATER for around in _between(call, handler))
            if later or definition(module, call.callee) is not set_up or spoken(handler.body) & _BOUNDS:
                continue
            if _another(call, set_up) or _wished_for(call) or _given_up_by_number(handler, call):
                continue
            if not any(spoken(condition.test) & _BOUNDS for condition in conditions(call)):
                yield Match(
                    call,
                    "What has broken off is started again at once, and for ever: while the other side is down "
                    f"'{set_up.name}' does nothing else, and adds to its load.",
                )
                break


def _opens(set_up: Function) -> bool:
    """Tell whether a function opens what may break off: by its own name, or by a call in it."""
    named = [set_up.name, *(call.name for call in calls_in(set_up.body))]
    return any(not _OPENS.isdisjoint(words(name)) for name in named)


def _given_up_by_number(handler: Function, call: Call) -> bool:
    """Tell whether a handler leaves before it starts anew where something has come too often: ``falls.length > 4``."""
    for branch in find(handler.body, If):
        if not exits(branch.body) or branch.line > call.line:
            continue
        for test in find(branch.test, Binary):
            sides = [strip(test.left), strip(test.right)]
            number = any(isinstance(one, Literal) and isinstance(one.value, int | float) for one in sides)
            number = number or any(isinstance(one, Name) and one.id.isupper() for one in sides)
            if test.op in ("<", "<=", ">", ">=") and number:
                return True
    return False


def _wished_for(call: Call) -> bool:
    """Tell whether a mark is taken back before what it asks for is done, once: ``if (pending) {pending = false; …``."""
    marks = {one.test.id for one in conditions(call) if one.holds and isinstance(one.test, Name)}
    return any(
        isinstance(node, Assign)
        and isinstance(node.target, Name)
        and node.target.id in marks
        and isinstance(node.value, Literal)
        and node.value.value is False
        for node in before(call)
    )


def _another(call: Call, set_up: Function) -> bool:
    """Tell whether another one is tried, and not the same again: the next port, the next address."""
    given = [strip(argument) for argument in call.args]
    taken = {param.name for param in set_up.params}
    return any(isinstance(one, Binary | Index | Unary) and bool(taken & names_in(one)) for one in given)


def _between(call: Call, handler: Function) -> Iterator[Node]:
    """Yield the nodes between a call and the handler that it stands in."""
    for around in ancestors(call):
        if around is handler:
            return
        yield around


def _handlers(module: Module) -> Iterator[Function]:
    """Yield the functions that are called when something breaks off."""
    for call in module.calls({"on", "once", "addEventListener"}):
        name = strip(call.args[0]) if len(call.args) > 1 else None
        given = strip(call.args[1]) if len(call.args) > 1 else None
        if isinstance(name, Literal) and name.value in _BREAKS and isinstance(given, Function):
            yield given
    for assign in module.all(Assign):
        given = strip(assign.value) if assign.value is not None else None
        if isinstance(assign.target, Member) and assign.target.name in _BREAKS and isinstance(given, Function):
            yield given
