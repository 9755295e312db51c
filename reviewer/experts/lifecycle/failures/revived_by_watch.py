"""LIF042: a watch that looks again and again whether something is alive starts it anew, as often as it dies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Binary, Call, Expr, Function, Literal, Member, Name, Unary, While, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.failures.start_retried_for_ever import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_ALIVE: Final = frozenset({"alive", "isAlive", "is_alive", "is_running", "isRunning", "running"})
_DEAD: Final = frozenset({"exited", "dead", "crashed", "has_exited", "hasExited", "is_dead", "isDead", "died"})
_CODES: Final = frozenset({"exitCode", "exit_code", "returncode", "exitcode", "signalCode"})
_SPAWNS: Final = frozenset({"Popen", "spawn", "fork", "Worker", "Process", "create_subprocess_exec", "execFile"})
_AGAIN: Final = frozenset("start restart revive respawn relaunch spawn launch reopen boot rerun resume run".split())
_ASIDE: Final = frozenset("quarantine quarantined disable disabled backoff budget strikes limit aside".split())
_WORDS: Final = {"alive", "running", "poll", "exited", "dead", "crashed", "exitcode", "returncode", "exit"}
_DEEPEST: Final = 4


@module_check("LIF042", words=_WORDS)
def revived_by_watch(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call in a watch that is made where something has died, and at all that it goes through."""
    if module.is_test:
        return
    for watch in _watches(module):
        if counted([watch]) or _puts_aside(watch):
            continue
        for call in calls_in(watch.body):
            dead = next((one.test for one in conditions(call) if _says_dead(one.test, holds=one.holds)), None)
            way = _way_to_spawn(module, call) if dead is not None else None
            if dead is not None and way is not None:
                yield Match(
                    way[0],
                    "This starts again whatever the watch finds dead, as often as it dies: nothing holds a count "
                    "against a limit, and what crashes at its start is started for ever.",
                    related=((dead, "found dead here"), (way[-1], "started here")),
                )
                return


def _says_dead(test: Expr, *, holds: bool) -> bool:
    """Tell whether a condition asks that something is no longer alive: ``not worker.alive``, ``poll() is not None``."""
    test = strip(test)
    if isinstance(test, Unary) and test.op == "not":
        return _says_dead(test.operand, holds=not holds)
    if isinstance(test, Binary):
        ended = holds if test.op in ("!=", "is not") else not holds if test.op in ("==", "is") else False
        return ended and _is_none(test.right) and _named(test.left) in _CODES | {"poll"}
    return (_named(test) in _ALIVE and not holds) or (_named(test) in _DEAD and holds)


def _named(expr: Expr) -> str:
    expr = strip(expr)
    if isinstance(expr, Call):
        return expr.name
    return expr.name if isinstance(expr, Member) else expr.id if isinstance(expr, Name) else ""


def _is_none(expr: Expr) -> bool:
    expr = strip(expr)
    return isinstance(expr, Literal) and expr.value is None


def _watches(module: Module) -> Iterator[Function | While]:
    """Yield what goes round for ever: endless loops, and the work of intervals."""
    yield from module.all(While)
    for call in module.calls(("setInterval",)):
        given = strip(call.args[0]) if call.args else None
        if isinstance(given, Function):
            yield given
        for one in calls_in(given.body) if isinstance(given, Function) else ():
            run = definition(module, one.callee)
            if isinstance(run, Function) and run.module is module:
                yield run
        run = definition(module, given) if isinstance(given, Name | Member) else None
        if isinstance(run, Function) and run.module is module:
            yield run


def _puts_aside(watch: Function | While) -> bool:
    return any(set(words(_named(node))) & _ASIDE for node in find(watch.body, Expr))


def _way_to_spawn(module: Module, first: Call) -> list[Call] | None:
    """Return the calls from a first one to what starts a process anew, if nothing on the way counts or puts aside."""
    edge: list[tuple[Module, list[Call]]] = [(module, [first])]
    seen: set[int] = set()
    for _ in range(_DEEPEST):
        further: list[tuple[Module, list[Call]]] = []
        for place, way in edge:
            target = definition(place, way[-1].callee)
            if way[-1].name in _SPAWNS or _makes_process(target):
                return _from_decision(module, way)
            if not isinstance(target, Function) or id(target) in seen or counted([target]) or _puts_aside(target):
                continue
            seen.add(id(target))
            further += [(target.module, [*way, inner]) for inner in calls_in(target.body)]
        edge = further
    return None


def _makes_process(target: Node | None) -> bool:
    """Tell whether a class starts a process when an object of it is made."""
    methods = getattr(target, "methods", ())
    return any(
        one.name in _SPAWNS
        for method in methods
        if method.name in ("__init__", "constructor", "__post_init__")
        for one in calls_in(method.body)
    )


def _from_decision(module: Module, way: list[Call]) -> list[Call]:
    """Return a way from the last call of the file on that starts something by its name, or all of it."""
    own = [call for call in way if any(one is call for one in module.calls((call.name,)))]
    again = [number for number, call in enumerate(own) if set(words(call.name)[:1]) & _AGAIN]
    return own[again[-1] if again else 0 :]
