"""LIF042: what hears that a plugin has failed starts it again, as often as it fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Call,
    Expr,
    Function,
    Handler,
    If,
    Jump,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Throw,
    Try,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost
from reviewer.experts.lifecycle.bringing.plugin_work import plugin_work
from reviewer.experts.lifecycle.bringing.unloading import swaps
from reviewer.experts.lifecycle.failures.restart_without_limit import goes_round
from reviewer.experts.lifecycle.failures.start_retried_for_ever import counted, pauses, retried
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hooks_of
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.core.location import Location

_FAILS: Final = frozenset(
    "crash crashed crashes fail failed fails failure died dead fault faulted fell fallen broke broken exit exited lost "
    "gone panic error".split()
)
"""Words of what is called when a plugin has failed: an event, a callback, a function of the host."""
_FAILS_ALONE: Final = _FAILS - {"error", "lost", "gone", "fail", "failed", "fails", "dead", "exit", "exited"}
"""Those of them that say it in the name of a function of the host."""
_LISTENS: Final = frozenset({"on", "once", "addListener", "addEventListener", "subscribe", "listen"})
_BEGINS: Final = frozenset("start restart run launch spawn boot open begin fork respawn".split())
"""First words of a function that begins what may end by itself."""
_DEEPEST: Final = 3


@module_check("LIF042", words=HOOK_WORDS | _FAILS)
def begun_again_for_ever(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at an endless loop that starts what failed in it, and at a listener for a failure that leads to a start."""
    if module.is_test:
        return
    spoken: set[int] = set()
    for loop, place in _rounds(module):
        spoken.add(id(function_of(loop)))
        yield Match(
            place,
            "Whatever fails in this loop is started again, as often as it fails: nothing holds a count against a "
            "limit, and a plugin that crashes at once is never put aside.",
        )
    for hears, said in _told_of_failures(module):
        again, slowed = _way_to_start(module, hears)
        if again is None or id(function_of(again)) in spoken:
            continue
        spoken.add(id(function_of(again)))
        yield Match(
            again,
            f"{said} comes here and starts the plugin again, as often as it fails: nothing holds a count against a "
            "limit, and a plugin that crashes at its start is started for ever.",
            confidence=Confidence.POSSIBLE if slowed else None,
        )


def _rounds(module: Module) -> Iterator[tuple[While, Location]]:
    """Yield the endless loops in which the work of a plugin fails, with the place of what catches that and starts."""
    known = {id(one) for use in hooks_of(module) if (one := retried(module, use)) is not None}
    for loop in module.all(While):
        if id(loop) in known or not (goes_round(loop.test) or _asks_to_go_on(loop.test)) or counted([loop]):
            continue
        guards = [one for one in find(loop.body, Try, into_functions=False) if one.handlers]
        failing = [one for one in guards if any(_runs_plugin(module, call) for call in calls_in(one.body))]
        on = bool(failing) and all(_goes_on(handler) for one in failing for handler in one.handlers)
        begun = [call for call in calls_in(loop.body, into_functions=False) if _starts(module, call)] if on else []
        if begun:
            parts = sorted((begun[-1], *failing[-1].handlers), key=lambda one: one.raw.start_byte)
            yield loop, locate_bytes(module, parts[0].raw.start_byte, max(one.raw.end_byte for one in parts))


def _asks_to_go_on(test: Expr) -> bool:
    """Tell whether a loop goes round as long as something answers that it may: ``while (this.wanted(id))``."""
    test = strip(test)
    return isinstance(test, Call) and bool(set(words(test.name)) & {"open", "running", "wanted", "alive", "is", "on"})


def _runs_plugin(module: Module, call: Call) -> bool:
    return plugin_work(module, call.callee) is not None or _starts(module, call)


def _goes_on(handler: Handler) -> bool:
    """Tell whether nothing of a handler leaves the loop around it."""
    return not any(
        isinstance(node, Return | Throw) or (isinstance(node, Jump) and node.kind == "break")
        for node in walk(handler.body, into_functions=False)
    )


def _told_of_failures(module: Module) -> Iterator[tuple[Function, str]]:
    """Yield the functions that run when a plugin has failed, each with what a finding calls it."""
    for given, said in _handed_over(module):
        hears = target_function(module, given)
        if hears is not None:
            yield hears, f"'{said}'"
    for function in module.functions:
        said_in = set(words(function.name))
        if said_in & _FAILS_ALONE and "is" not in said_in and function.params:
            yield function, f"'{function.name}'"


def _handed_over(module: Module) -> Iterator[tuple[Expr, str]]:
    """Yield what is put where it hears of failures, and the name of that: an event, a member, a parameter."""
    for call in module.all(Call):
        event = strip(call.args[0]) if call.name in _LISTENS and len(call.args) > 1 else None
        if isinstance(event, Literal) and isinstance(event.value, str) and _of_failure(event.value):
            yield call.args[1], event.value
        elif call.args and words(call.name)[:1] == ("on",) and _of_failure(call.name):
            yield call.args[-1], call.name
        yield from ((value, name) for name, value in call.keywords.items() if _of_failure(name))
    for assign in module.all(Assign):
        if isinstance(assign.target, Member) and assign.value is not None and _of_failure(assign.target.name):
            yield assign.value, assign.target.name
    for made in module.all(Object):
        for key, value in made.entries if isinstance(made.parent, Call | Object) else ():
            if isinstance(key, Literal) and isinstance(key.value, str) and _of_failure(key.value):
                yield value, key.value


def _of_failure(name: str) -> bool:
    return bool(set(words(name)) & _FAILS)


def _way_to_start(module: Module, hears: Function) -> tuple[Call | None, bool]:
    """Return the call by which a function comes to the start of a plugin, and whether it pauses on the way.

    None where something on the way, or who runs it, counts or compares, or brings new code in for old.
    """
    edge: list[tuple[Function, Call | None, bool]] = [(hears, None, False)]
    seen = {id(hears)}
    for _ in range(_DEEPEST):
        further: list[tuple[Function, Call | None, bool]] = []
        for function, said, slowed in edge:
            if counted([function]) or (function is not hears and swaps(function.name)):
                continue
            slow = slowed or (pauses(function) and not _always_as_long(function))
            for call in calls_in(function.body):
                if any(isinstance(one, If) and counted([one.test]) for one in ancestors(call)):
                    continue
                step = call if len(function.body) > 1 else said or call  # an arrow that only hands on decides nothing
                if _wakes(module, call) or _comes_home(module, call, hears):
                    return (None, slow) if any(map(_counts, callers(hears))) else (step, slow)
                target = definition(module, call.callee)
                if isinstance(target, Function) and target.module is module and id(target) not in seen:
                    seen.add(id(target))
                    further.append((target, step, slow))
        edge = further
    return None, False


def _always_as_long(function: Function) -> bool:
    """Tell whether a function waits for one and the same time before each start: ``await pause(RETRY_MS)``."""
    waits = [call for call in calls_in(function.body) if set(words(call.name)) & {"sleep", "pause", "delay"}]
    given = [name for call in waits for arg in call.args for name in find(arg, Name)]
    worked_out = any(True for call in waits for _ in find(call.args, Call))
    return bool(waits) and not worked_out and all(name.id.isupper() for name in given)


def _counts(call: Call) -> bool:
    around = outermost(call)
    return around is not None and counted([around])


def _comes_home(module: Module, call: Call, hears: Function) -> bool:
    """Tell whether a call runs the function again that has put up what hears of the end: ``start(name)`` in itself."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or not set(words(target.name)[:1]) & _BEGINS:
        return False
    return any(around is target for around in ancestors(hears)) and not counted([target], with_nothing=False)


def _wakes(module: Module, call: Call) -> bool:
    """Tell whether a call is a hook by which a plugin starts, or goes to the function with that, which counts nothing.

    A function that only goes on to such a one is looked into first.
    """
    if any(use.kind == "start" and use.site is call for use in hooks_of(module)):
        return True
    target = definition(module, call.callee)
    if not isinstance(target, Function) or counted([target]):
        return False
    elsewhere = target.module is not module and _starts(module, call)
    return elsewhere or any(u.kind == "start" and outermost(u.site) is target for u in hooks_of(target.module))


def _starts(module: Module, call: Call, depth: int = 0) -> bool:
    """Tell whether a call wakes a plugin, itself or by functions of the subject."""
    if any(use.kind == "start" and use.site is call for use in hooks_of(module)):
        return True
    target = definition(module, call.callee) if depth < _DEEPEST else None
    if not isinstance(target, Function):
        return False
    known = target.module.memory.setdefault(f"lifecycle.starts_again:{depth}", {})
    if not isinstance(known, dict):
        return False
    if id(target) not in known:
        known[id(target)] = False
        uses = hooks_of(target.module)
        known[id(target)] = any(use.kind == "start" and outermost(use.site) is target for use in uses) or any(
            _starts(target.module, inner, depth + 1) for inner in calls_in(target.body)
        )
    return bool(known[id(target)])
