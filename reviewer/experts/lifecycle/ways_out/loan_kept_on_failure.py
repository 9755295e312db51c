"""LIF372: what was taken from a pool, or a lock, is given back only where all went well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Await, Call, Expr, Function, Name, Node, Param, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

TAKES: Final = word_set("take acquire borrow checkout lease claim reserve obtain rent lock enter hire lend seize")
_GIVES: Final = word_set(
    "give release return put checkin free unlock leave restore recycle surrender giveback putback handback yieldback"
)
_OWN_GIVES: Final = word_set("release unlock giveback putback free surrender")
"""Names by which a thing that was taken gives itself back."""


@module_check("LIF372", words=TAKES)
def loan_kept_on_failure(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each thing that is taken and given back in one function for what may fail between."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or function.generator:
            continue
        for taken in calls_in(function.body, into_functions=False):
            if begins_with(taken, TAKES):
                yield from _lost(module, function, taken)


def _lost(module: Module, function: Function, taken: Call) -> Iterator[Match]:
    name = variable(taken)
    gives = [
        call for call in calls_in(function.body) if call.start > taken.stop and gives_back(module, taken, name, call)
    ]
    if not gives or any(_always(give, taken) for give in gives):
        return
    back = gives[0]
    risk = next((node for node in _risks(module, function) if taken.stop <= node.start < back.start), None)
    if (
        risk is None
        or inside(back, risk)
        or any(isinstance(around, Function) and around is not function for around in _between(back, function))
    ):
        return
    what = f"'{name}'" if name else f"what '{module.text_of(taken.callee)}' took"
    yield Match(
        risk,
        f"When '{module.text_of(_named(risk))}' fails, {what} is never given back by "
        f"'{module.text_of(back.callee)}': after as many failures as there are places, nobody gets one any more.",
        related=((taken, "taken here"), (back, "given back only where all went well")),
    )


def begins_with(call: Call, verbs: frozenset[str]) -> bool:
    """Tell whether the name of a call begins with one of these verbs: ``acquireSession``, ``give_back``."""
    said = words(call.name)
    return bool(said) and (said[0] in verbs or "".join(said) in verbs)


def variable(taken: Call) -> str:
    """Return the variable that what was taken is put into; nothing where it is a turn or a lock."""
    made: Node = taken
    while isinstance(made.parent, Await):
        made = made.parent
    target = getattr(made.parent, "target", None)
    return target.id if isinstance(target, Name) and getattr(made.parent, "value", None) is made else ""


def gives_back(module: Module, taken: Call, name: str, call: Call) -> bool:
    """Tell whether a call gives back what was taken: it is handed over, or it goes back by itself."""
    receiver = strip(call.receiver) if call.receiver is not None else None
    if name:
        if any(isinstance(strip(arg), Name) and getattr(strip(arg), "id", "") == name for arg in call.args):
            return begins_with(call, _GIVES) and _same_holder(module, taken, call)
        if isinstance(call.callee, Name) and call.callee.id == name:
            return not call.args  # const free = await lock(); free()
        return isinstance(receiver, Name) and receiver.id == name and begins_with(call, _OWN_GIVES)
    return begins_with(call, _OWN_GIVES | {"leave"}) and _same_holder(module, taken, call) and receiver is not None


def _same_holder(module: Module, taken: Call, call: Call) -> bool:
    one, other = taken.receiver, call.receiver
    if one is None or other is None:
        return one is other
    return module.text_of(one) == module.text_of(other)


def _always(give: Call, taken: Call) -> bool:
    """Tell whether something is given back in a ``finally``, a clause for errors, or a reaction of a promise."""
    inner: Node = give
    for around in ancestors(give):
        if isinstance(around, Try) and (
            any(inner is s for s in around.final) or any(inner is handler for handler in around.handlers)
        ):
            return True
        if isinstance(around, Call) and around.name in ("finally", "catch", "push", "callback", "defer"):
            return True
        if inside(taken, around):
            return False
        inner = around
    return False


def _between(node: Node, limit: Node) -> Iterator[Node]:
    for around in ancestors(node):
        if around is limit:
            return
        yield around


def _risks(module: Module, function: Function) -> list[Await | Call]:
    """Return what may fail for reasons of its own: what is waited for, and functions that were handed in."""
    waits: list[Await | Call] = [
        wait
        for wait in find(function.body, Await, into_functions=False)
        if not (isinstance(call := strip(wait.value), Call) and call.name == "catch")
    ]
    handed = [call for call in calls_in(function.body, into_functions=False) if is_handed(module, call.callee)]
    return sorted((*waits, *handed), key=lambda node: node.start)


def is_handed(module: Module, callee: Expr) -> bool:
    """Tell whether what is called is a parameter, and so a function of somebody else."""
    return isinstance(callee, Name) and any(
        isinstance(binding, Param) for binding in module.scopes.lookup(callee.id, callee)
    )


def _named(risk: Await | Call) -> Expr:
    made = strip(risk)
    return made.callee if isinstance(made, Call) else made
