"""COM036: the other side ends, and nobody tells those who wait for its replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, ExprStatement, Function, Literal, Member, Node, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.communication.pending import Pending, pending_requests
from reviewer.experts.paths import last_name, last_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

LISTENS: Final = frozenset({"on", "once", "addListener", "addEventListener"})
ENDS: Final = frozenset({"exit", "close", "disconnect", "end", "disconnected", "closed", "finish", "terminated"})
_TELLS: Final = frozenset({"exit", "exited", "close", "closed", "disconnect", "disconnected", "lost"})
"""Last words of a method that is called when the other side has ended: ``connection_lost``, ``onClose``."""
_DEEPEST: Final = 3
"""Calls that are followed from the one who hears of the end."""


@module_check("COM036", words=ENDS | _TELLS | {"onclose", "onexit"})
def peer_ended(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at who hears that the other side has ended, for whether one of them goes to those who wait."""
    if module.is_test:
        return
    heard: list[tuple[Node, Function]] | None = None
    for found in pending_requests(inquiry, module):
        heard = list(_heard(module)) if heard is None else heard
        own = [one for one in heard if same_place(found, one[1])]
        if not own or any(reaches(module, found, function, 0) for _place, function in own):
            continue
        yield Match(
            _place(module, *own[0]),
            f"The end of the other side is heard here, and the requests that wait in '{found.table.name}' are left "
            "as they are: no reply will come, and whoever asked waits all the same.",
            related=((found.entry.node, "requests wait since here"),),
        )


def _heard(module: Module) -> Iterator[tuple[Node, Function]]:
    """Yield who hears of the end of the other side: the place that listens, and the function that is told."""
    for call in module.calls(LISTENS):
        event = fixed_text(module, call.args[0]) if len(call.args) > 1 else ""
        if event in ENDS and not set(last_words(call.receiver)) & {"server", "app", "window", "rl", "process"}:
            yield from told(module, call, call.args[1])
    for assign in module.all(Assign):
        if isinstance(assign.target, Member) and assign.target.name in ("onclose", "onexit", "ondisconnect"):
            yield from told(module, assign, assign.value) if assign.value is not None else ()
    for function in module.functions:
        said = words(function.name)
        if len(said) > 1 and said[-1] in _TELLS and (said[0] in ("on", "handle") or said[-1] == "lost"):
            yield function, function


def _heard_later(body: Sequence[Node]) -> list[Function]:
    """Return the functions that some statements only hand to what may call them for an event to come."""
    listens = (call for call in calls_in(body) if call.name in LISTENS or call.name == "setInterval")
    handed = [part for call in listens for part in map(strip, call.args) if isinstance(part, Function)]
    for made in find(body, Assign):
        value = strip(made.value) if made.value is not None else None
        if isinstance(made.target, Member) and made.target.name.startswith("on") and isinstance(value, Function):
            handed.append(value)
    return handed


def told(module: Module, place: Node, handler: Expr) -> Iterator[tuple[Node, Function]]:
    """Yield the function that is told of an event, beside the place that listens."""
    inner = strip(handler)
    if isinstance(inner, Call) and inner.name == "bind" and inner.receiver is not None:
        inner = strip(inner.receiver)
    function = definition(module, inner)
    if isinstance(function, Function):
        yield place, function


def _is_around(function: Function, call: Call) -> bool:
    """Tell whether a function calls itself."""
    around = function_of(call)
    while around is not None and around is not function:
        around = around.outer
    return around is function


def _place(module: Module, place: Node, function: Function) -> Node:
    """Return where it should be told: the method that ``() => this.onGone()`` calls, else where somebody listens."""
    only = function.body[0] if len(function.body) == 1 else None
    value = only.value if isinstance(only, Return | ExprStatement) else None
    call = strip(value) if value is not None else None
    target = definition(module, call.callee) if isinstance(call, Call) and function is not place else None
    return target if isinstance(target, Function) and target.module is module else place


def same_place(found: Pending, function: Function) -> bool:
    """Tell whether a function stands in the class, or in the function, that the table belongs to."""
    home = function_of(found.table.declared)
    if found.table.owner is None and home is None:
        return True
    around: Function | None = function
    while around is not None:
        if around is home or (found.table.owner is not None and around.owner is found.table.owner):
            return True
        around = around.outer
    return False


def touches(module: Module, found: Pending, function: Function) -> bool:
    """Tell whether a function that hears something comes to the requests that wait."""
    return reaches(module, found, function, 0)


def reaches(module: Module, found: Pending, function: Function, depth: int) -> bool:
    """Tell whether a function, or one that it calls, goes to the table or ends the waiting in another way."""
    return reached_from(module, found, function.body, depth)


def reached_from(module: Module, found: Pending, body: Sequence[Node], depth: int = 0) -> bool:
    """Tell the same of statements."""
    later = _heard_later(body)
    for node in walk(body):
        named = last_name(node) == found.table.name and not isinstance(node, Literal)
        if named and not any(inside(node, one) for one in later):
            return True
    if depth == _DEEPEST:
        return False
    for call in calls_in(body):
        if any(inside(call, one) for one in later):
            continue
        target = definition(module, call.callee)
        if isinstance(target, Function) and target.module is module and not _is_around(target, call):
            if reaches(module, found, target, depth + 1):
                return True
        elif any(last_name(one) == found.table.name for one in call.args):
            return True
    return False
