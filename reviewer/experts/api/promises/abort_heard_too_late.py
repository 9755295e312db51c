"""API030: a signal is listened to, and nobody asks whether it has been raised before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Literal, Member, Name, Param, strip
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_ASKS: Final = frozenset({"aborted", "throwIfAborted"})
_TWO: Final = 2


@module_check("API030", words={"signal", "abort"})
def abort_heard_too_late(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each promise that ends when a signal is raised, for a question whether it is already."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(("addEventListener",)):
        event = strip(call.args[0]) if len(call.args) >= _TWO else None
        if not isinstance(event, Literal) or event.value != "abort" or call.receiver is None:
            continue
        function = _told(module, call.receiver)
        if function is None or not _in_promise(call) or _is_fresh(module, function, call.receiver):
            continue
        if any(one.name in _ASKS for one in find(function.body, Member)) or _asks_aside(
            function, call.receiver, module
        ):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(call.receiver))}' may have been raised before this listens, and then it is never "
            "heard: who has cancelled already waits to the end.",
            fix="Ask for `signal.aborted` first, and reject at once.",
        )


def _told(module: Module, signal: Expr) -> Function | None:
    """Return the function that is handed a signal, by itself or among options."""
    held = strip(signal)
    while isinstance(held, Member):
        held = strip(held.object)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    only = bound[0] if len(bound) == 1 else None
    owner = only.parent if isinstance(only, Param) else None
    return owner if isinstance(owner, Function) else None


def _is_fresh(module: Module, function: Function, signal: Expr) -> bool:
    """Tell whether all that call a function hand it a clock that they have just set: ``AbortSignal.timeout(ms)``."""
    held = strip(signal)
    place = next((at for at, one in enumerate(function.params) if isinstance(held, Name) and one.name == held.id), None)
    called = [one for one in module.calls((function.name,)) if definition(module, one.callee) is function]
    if place is None or not called:
        return False
    given = [module.scopes.origin(made) if (made := one.arg(place)) is not None else None for one in called]
    return all(isinstance(one, Call) and module.resolve(one.callee) == "AbortSignal.timeout" for one in given)


def _in_promise(call: Call) -> bool:
    """Tell whether a promise waits for what is listened to."""
    return any(isinstance(one, Call) and one.new and one.name == "Promise" for one in ancestors(call))


def _asks_aside(function: Function, signal: Expr, module: Module) -> bool:
    """Tell whether a function hands the signal to somebody who may ask, outside of the promise."""
    text = module.text_of(signal)
    for call in find(function.body, Call):
        if call.name in ("addEventListener", "removeEventListener", "Promise"):
            continue
        if any(module.text_of(arg) == text for arg in call.args) and function_of(call) is function:
            return True
    return False
