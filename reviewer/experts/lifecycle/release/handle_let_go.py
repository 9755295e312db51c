"""LIF420: the end of an object lets go of what works on by itself in one of its fields, and ends it nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.reach.made import values_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Literal, Member, Name, strip
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.release.handle_taken_out import LASTING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Expr, Function
    from reviewer.experts.check import Inquiry

_KEEPS_ON: Final = frozenset(
    "removeAllListeners removeListener removeEventListener off on once addListener addEventListener ref unref".split()
)
"""Methods of a handle that leave it at its work."""
_LASTS: Final = frozenset({"worker", "process", "watcher"})
"""What works on until somebody ends it; a timer that rings once, or a task, may find out by itself."""
_ENDS: Final = frozenset({"abort", "cancel", "kill", "terminate", "exit"})


@module_check(
    "LIF420",
    words={"interval", "watch", "worker", "fork", "spawn", "popen", "subprocess"},
)
def handle_let_go(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each field that is emptied by the end of its object for somebody who ends what stood in it."""
    if module.is_test:
        return
    for cls in module.classes:
        for name, assigns in module.scopes.fields(cls).items():
            what = next((one for assign in assigns if (one := _what(module, assign.value))), "")
            for method in cls.methods if what else ():
                gone = _emptied(method, name) if is_stopper(method.name) else None
                if gone is None or _is_ended(module, cls, method, name):
                    continue
                yield Match(
                    gone,
                    f"'{method.name}' lets go of the {what} in '{name}' and ends it nowhere: it works on, and nobody "
                    "can reach it any more.",
                )


def _what(module: Module, value: Expr | None) -> str:
    """Return what a value is that goes on by itself; empty where that can't be seen.

    Processes and workers that a field is given where they are made are looked after as all that is opened.
    """
    straight = isinstance(strip(value), Call) if value is not None else False
    for where, made in values_of(module, value) if value is not None else ():
        if isinstance(made, Call) and (what := LASTING.get(where.resolve(made.callee), "")):
            if straight and what != "watcher":
                return ""
            return what if what in _LASTS or made.name == "setInterval" else ""
    return ""


def _emptied(method: Function, name: str) -> Assign | None:
    """Return where a method gives its field nothing."""
    for assign in find(method.body, Assign, into_functions=False):
        target, value = strip(assign.target), strip(assign.value) if assign.value is not None else None
        if is_this_member(target) and isinstance(target, Member) and target.name == name:
            return assign if isinstance(value, Literal) and value.value is None else None
    return None


def _is_ended(module: Module, cls: Class, method: Function, name: str) -> bool:
    """Tell whether a method does anything with a handle but to stop listening to it, or hands it to somebody."""
    for function in with_helpers(method):
        if function.owner is not cls and function is not method:
            continue
        held = {
            one.target.id
            for one in find(function.body, Assign)
            if isinstance(one.target, Name) and one.value is not None and _is_field(one.value, name)
        }
        for call in calls_in(function.body):
            on = call.receiver is not None and _is_held(call.receiver, name, held)
            if (
                call.name in _ENDS
                or (on and call.name not in _KEEPS_ON)
                or any(_is_held(arg, name, held) for arg in call.args)
            ):
                return True
        if any(_is_held(one.value, name, held) for one in find(function.body, Await)):
            return True
        if any(_is_field(one.value, name) for one in find(function.body, Assign) if _goes_elsewhere(one)):
            return True
    return False


def _goes_elsewhere(assign: Assign) -> bool:
    return assign.value is not None and not isinstance(assign.target, Name)


def _is_held(expr: Expr, name: str, held: set[str]) -> bool:
    inner = strip(expr)
    return _is_field(inner, name) or (isinstance(inner, Name) and inner.id in held)


def _is_field(expr: Expr | None, name: str) -> bool:
    inner = strip(expr) if expr is not None else None
    return isinstance(inner, Member) and is_this_member(inner) and inner.name == name
