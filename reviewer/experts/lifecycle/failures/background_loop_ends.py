"""LIF163: the first error ends a thread that should loop for as long as the program runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, guarding_try
from reviewer.code.reach.links import callee, definition
from reviewer.code.reach.written_rows import values_in_rows
from reviewer.code.syntax import (
    Call,
    Function,
    Handler,
    Name,
    Try,
    While,
    With,
)
from reviewer.code.walk import ancestors, calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RISKY: Final = frozenset(
    "stat lstat read_text read_bytes write_text write_bytes unlink rmtree iterdir scandir listdir getmtime urlopen "
    "connect recv recv_into sendall accept execute executemany loads check_output check_call open".split()
)
"""Calls that ask something outside of the program, or read what came from there, and raise."""
_FAMILIES: Final = frozenset(
    "Exception BaseException OSError IOError EnvironmentError error ValueError Error RequestException "
    "URLError JSONDecodeError".split()
)


@module_check("LIF163", words={"thread", "timer"})
def background_loop_ends_on_error(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the loop of each thread for what it asks without catching."""
    if module.is_test or module.language != "python":
        return
    seen: set[int] = set()
    for call in module.calls(("Thread",)):
        for function in _run_by(module, call):
            if id(function) in seen:
                continue
            seen.add(id(function))
            for loop in find(function.body, While, into_functions=False):
                risky = None if guarding_try(loop) is not None else _unguarded(module, loop)
                if risky is not None:
                    yield Match(
                        loop,
                        f"When '{short(module.text_of(risky))}' raises, this loop ends and with it the thread that was "
                        "to run for as long as the program does; nobody is told.",
                        related=((risky, "raises here"),),
                    )
                    break


def _run_by(module: Module, thread: Call) -> Iterator[Function]:
    """Yield the functions of this file that a thread runs, or the threads of a loop one after the other."""
    target = thread.arg(1, "target")
    rows = values_in_rows(module, target) if target is not None else []
    if target is None or (not rows and thread.keywords.get("args") is not None and enclosing_loop(thread) is not None):
        return  # one for each connection or job, which may end with it
    for given in rows or [target]:
        function = definition(module, given)
        if isinstance(function, Function) and function.module is module:
            yield function


def _unguarded(module: Module, start: While | Function, depth: int = 2) -> Call | None:
    """Return a call that may raise something which nobody catches on the way to the loop."""
    for call in calls_in(start, into_functions=False):
        if _caught(call, start):
            continue
        if call.name in _RISKY and (call.receiver is not None or call.name in ("open", "urlopen")):
            return call
        target = callee(module, call) if depth else None
        if target is not None and target.module is module and _unguarded(module, target, depth - 1) is not None:
            return _unguarded(module, target, depth - 1)
    return None


def _caught(call: Call, start: While | Function) -> bool:
    inner: object = call
    for around in ancestors(call):
        in_body = isinstance(around, Try) and any(inner is one for one in around.body)
        if in_body and isinstance(around, Try) and any(_broad(handler) for handler in around.handlers):
            return True
        if around is start:
            return False
        if isinstance(around, With) and "suppress" in {c.name for c in _managers(around)}:
            return True
        inner = around
    return False


def _managers(node: object) -> list[Call]:
    return [value for value, _ in getattr(node, "items", ()) if isinstance(value, Call)]


def _broad(handler: Handler) -> bool:
    """Tell whether a handler catches what the outside world raises."""
    named = {name.id for one in handler.types for name in find(one, Name)}
    named |= {getattr(one, "name", "") for one in handler.types}
    return not handler.types or bool(named & _FAMILIES)
