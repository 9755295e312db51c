"""LIF623: a process that is stopped on purpose is taken for one that crashed, and started again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    While,
    strip,
)
from reviewer.code.walk import calls_in, find, function_of, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_SPAWNS: Final = frozenset("spawn fork Worker Popen create_subprocess_exec create_subprocess_shell Process".split())
_KILLS: Final = frozenset({"terminate", "kill", "send_signal"})
_QUIET: Final = frozenset({"removeAllListeners", "removeListener", "off", "cancel"})
"""Calls by which a stop keeps what waits for the end of the process from hearing of it."""
_PUTS: Final = frozenset({"set", "add", "delete", "push", "pop", "discard", "remove", "clear"})
_TOLD: Final = frozenset({"signal", "exitedAfterDisconnect", "killed", "cancelled"})
"""Names in a test that tell an end on purpose from another."""


@module_check("LIF623", words={"terminate", "kill"})
def restarted_after_stop(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that starts a process, and again when it has ended, for how an end on purpose is known."""
    if module.is_test:
        return
    for made in module.calls(_SPAWNS):
        home = outermost(made)
        kept = _kept_in(made)
        if home is None or not kept:
            continue
        again = _in_handler(module, home) if module.language != "python" else _after_waiting(module, home)
        if again is None:
            continue
        at, tests = again
        asked = {name for test in tests for name in _names(test)}
        stop = next((one for one in _stops(module, home, kept) if not asked & _marks(one)), None)
        if stop is None or asked & _TOLD or (not made.new and _needs_code(at)):
            continue
        yield Match(
            at,
            f"'{stop.name}' ends the process, and this starts it again: an end on purpose looks like a crash here, and "
            "what was stopped comes back.",
            related=((stop, "ended on purpose here"),),
            fix="Note before the end that it is meant (a flag, or take the entry out first), and ask for that here.",
        )
        return


def _kept_in(made: Call) -> set[str]:
    """Return the names of the field or the table in which a process is kept: ``this.workers.set(name, worker)``."""
    around = made.parent
    while around is not None and not isinstance(around, Assign | Call | Function):
        around = around.parent
    home = function_of(made)
    if not isinstance(around, Assign) or home is None:
        return set()
    target = strip(around.target)
    if isinstance(target, Index):
        return {last_name(target.object)}
    if isinstance(target, Member):
        return {target.name}
    if not isinstance(target, Name):
        return set()
    return set(_put_by(home, target.id))


def _put_by(home: Function, name: str) -> Iterator[str]:
    for call in calls_in(home.body):
        if call.name in _PUTS and call.receiver is not None and any(_is(arg, name) for arg in call.args):
            yield last_name(call.receiver)
    for assign in find(home.body, Assign):
        if assign.value is not None and _is(assign.value, name):
            target = strip(assign.target)
            if isinstance(target, Index | Member):
                yield last_name(target.object if isinstance(target, Index) else target)


def _is(value: Expr, name: str) -> bool:
    given = strip(value)
    return isinstance(given, Name) and given.id == name


def _in_handler(module: Module, home: Function) -> tuple[Node, list[Expr]] | None:
    """Return where the handler of the end starts the same anew, and the tests on the way."""
    for call in calls_in(home.body):
        event = strip(call.args[0]) if call.args else None
        if call.name not in ("on", "once") or len(call.args) < 2 or not isinstance(event, Literal):
            continue
        heard = target_function(module, call.args[1]) if event.value in ("exit", "close") else None
        again = next((c for c in calls_in(heard.body) if _runs(module, c, home)), None) if heard is not None else None
        if heard is not None and again is not None:
            return again, _tests(heard)
    return None


def _runs(module: Module, call: Call, home: Function) -> bool:
    if target_function(module, call.callee) is home:
        return True
    return any(target_function(module, arg) is home for arg in call.args if isinstance(strip(arg), Member | Name))


def _after_waiting(module: Module, home: Function) -> tuple[Node, list[Expr]] | None:
    """Return where a function of Python starts the same anew behind the wait for its end, and the tests on the way."""
    wait = next((c for c in calls_in(home.body, into_functions=False) if c.name in ("wait", "communicate")), None)
    if wait is None or wait.receiver is None:
        return None
    later = (call for call in calls_in(home.body) if call.raw.start_byte > wait.raw.start_byte)
    own = next((call for call in later if _runs(module, call, home)), None)
    if own is not None:
        return own, _tests(home)
    loop = next((one for one in find(home.body, While, into_functions=False) if inside(wait, one)), None)
    spawned = loop is not None and any(call.name in _SPAWNS for call in calls_in(loop.body))
    return (loop, [*_tests(home), loop.test]) if loop is not None and spawned else None


def _tests(function: Function) -> list[Expr]:
    found: list[Expr] = [one.test for one in walk(function.body) if isinstance(one, If | Conditional | While)]
    return found + [one.left for one in find(function.body, Binary) if one.op in ("and", "or", "??")]


def _names(test: Expr) -> Iterator[str]:
    for part in walk(test):
        if isinstance(part, Member):
            yield part.name
        elif isinstance(part, Name):
            yield part.id


def _stops(module: Module, home: Function, kept: set[str]) -> Iterator[Function]:
    """Yield the functions that end what is kept in one of these fields or tables."""
    seen = {id(home)}
    for call in module.calls(_KILLS):
        stop = outermost(call)
        if stop is None or id(stop) in seen or call.receiver is None or stop.owner is not home.owner:
            continue
        seen.add(id(stop))
        if kept & set(_names_in_body(stop)) and not any(one.name in _QUIET for one in calls_in(stop.body)):
            yield stop


def _names_in_body(function: Function) -> Iterator[str]:
    for part in walk(function.body):
        if isinstance(part, Member):
            yield part.name
        elif isinstance(part, Name):
            yield part.id


def _marks(stop: Function) -> set[str]:
    """Return what a function writes down or takes out: ``this.stopping = true``, ``this.stopped.add(name)``."""
    written = {last_name(assign.target) for assign in find(stop.body, Assign) if not _is_own(assign, stop)}
    written |= {
        last_name(call.receiver) for call in calls_in(stop.body) if call.name in _PUTS and call.receiver is not None
    }
    return written - {""}


def _is_own(assign: Assign, stop: Function) -> bool:
    """Tell whether a variable is one of the function alone."""
    target = strip(assign.target)
    bound = stop.module.scopes.lookup(target.id, target) if isinstance(target, Name) else []
    return bool(bound) and all(isinstance(one, Assign) and function_of(one) is stop for one in bound)


def _needs_code(again: Node) -> bool:
    """Tell whether something is done only where the process left with a code, which one that was killed has not."""
    function = function_of(again)
    around = function.parent if function is not None and not function.name else None
    asked = [*conditions(again), *(conditions(around) if isinstance(around, Call) else ())]
    return any(_is_of_code(one.test, holds=one.holds) for one in asked)


def _is_of_code(test: Expr, *, holds: bool) -> bool:
    given = strip(test)
    if isinstance(given, Name):
        return holds
    if not isinstance(given, Binary) or not isinstance(strip(given.left), Name):
        return False
    return (given.op in (">", ">=", "==") and holds) or (given.op == "!=" and not holds)
