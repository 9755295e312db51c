"""LIF491: the time limit around the start of a plugin resolves when it is over, as the start itself does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of, use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Call, Function, Literal, Name, Throw, With, strip
from reviewer.code.walk import ancestors, calls_in, find, inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, HookUse, uses_in
from reviewer.experts.place import locate
from reviewer.experts.security.reaching.log_lines import is_log

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

_SLEEPS: Final = frozenset({"timers.promises.setTimeout", "asyncio.sleep", "Bun.sleep"})
"""What resolves when some time is over, and gives its second argument, if there is one."""
_UNTOLD: Final = frozenset({"move_on_after", "move_on_at"})
"""Blocks that are left when the time is over, as if nothing had happened."""
_CHAINS: Final = frozenset({"finally", "then", "catch"})
_DEEPEST: Final = 3


@module_check("LIF491", words=HOOK_WORDS | frozenset({"race", "wait", "move"}))
def deadline_counts_as_done(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what bounds the start of each plugin for a way to tell a late one from one that is up."""
    if module.is_test:
        return
    told: set[int] = set()
    for use in uses_in(inquiry, module, "start"):
        found = _race_around(module, use) or _left_untold(module, use)
        if found is None or id(found[1]) in told:
            continue
        told.add(id(found[1]))
        where, race = found
        yield Match(
            locate(where, race),
            f"When the time is over this goes on as if '{short(module.text_of(use.member))}' had succeeded: a plugin "
            "that hangs in its start is taken for one that runs.",
            related=((use.call, "meant to be limited"),),
        )


def _race_around(module: Module, use: HookUse) -> tuple[Module, Call] | None:
    """Return the race that a start runs in, here or in the helper that it is handed to, if its clock only resolves."""
    for around in ancestors(use.member):
        if isinstance(around, Call):
            if around.name == "race" and _clock(module, around) and use_of(_whole(around)).how == "dropped":
                return module, around
            if around.name == "wait" and module.resolve(around.callee) == "asyncio.wait" and _dropped_wait(around):
                return module, around
            helper = definition(module, around.callee) if not inside(use.member, around.callee) else None
            if isinstance(helper, Function) and use_of(_whole(around)).how == "dropped":
                race = _race_in(helper)
                if race is not None:
                    return helper.module, race
        if isinstance(around, Function) and around.name:
            return None
    return None


def _race_in(helper: Function) -> Call | None:
    """Return the race of a helper between what it is handed and a clock that resolves."""
    given = {param.name for param in helper.params}
    for race in calls_in(helper.body):
        if race.name != "race" or not _clock(helper.module, race):
            continue
        first = race.args[0]
        runs = any(name.id in given for name in find(first, Name)) if isinstance(first, Array) else False
        if runs and use_of(_whole(race)).how in ("dropped", "returned"):
            return race
    return None


def _whole(call: Call) -> Call:
    """Return the end of the chain that a promise stands in: ``race([…]).finally(clear)``."""
    node: Node = call
    while node.parent is not None and isinstance(node.parent.parent, Call) and node.parent.parent.name in _CHAINS:
        if node.parent.parent.callee is not node.parent:
            break
        node = node.parent.parent
    return node if isinstance(node, Call) else call


def _clock(module: Module, race: Call) -> bool:
    """Tell whether one side of a race is time that passes, and that gives nothing by which it could be told."""
    sides = strip(race.args[0]) if len(race.args) == 1 else None
    return isinstance(sides, Array) and len(sides.items) > 1 and any(_passes(module, one, 0) for one in sides.items[1:])


def _passes(module: Module, side: Expr, depth: int) -> bool:
    made = module.scopes.origin(strip(side)) if isinstance(strip(side), Name) else strip(side)
    if not isinstance(made, Call) or depth > _DEEPEST:
        return False
    if made.name == "then" and made.receiver is not None:
        return len(made.args) == 1 and _tells_nothing(made.args[0]) and _passes(module, made.receiver, depth + 1)
    if module.resolve(made.callee) in _SLEEPS:
        return len(made.args) < 2 or _is_nothing(made.args[1])
    if made.new and made.name == "Promise" and made.args:
        return _only_resolves(made.args[0])
    target = definition(module, made.callee)
    if not isinstance(target, Function):
        return False
    answers = [one.value for one in returns_of(target) if one.value is not None]
    return len(answers) == 1 and _passes(target.module, answers[0], depth + 1)


def _tells_nothing(after: Expr) -> bool:
    """Tell whether what is done when the time is over leaves no trace in the race: ``() => console.warn("slow")``."""
    step = strip(after)
    if not isinstance(step, Function) or any(find(step.body, Throw)):
        return False
    given = [strip(one.value) for one in returns_of(step) if one.value is not None]
    return all(_is_nothing(one) or (isinstance(one, Call) and is_log(one)) for one in given)


def _only_resolves(executor: Expr) -> bool:
    """Tell whether a promise is resolved by a timer, with nothing: ``new Promise((done) => setTimeout(done, ms))``."""
    step = strip(executor)
    if not isinstance(step, Function) or not step.params or len(step.params) > 1:
        return False
    name = step.params[0].name
    for call in calls_in(step.body):
        if call.name != "setTimeout" or not call.args or len(call.args) > 2:
            continue
        ran = strip(call.args[0])
        if isinstance(ran, Name):
            return ran.id == name
        inner = list(calls_in(ran.body)) if isinstance(ran, Function) else []
        done = [one for one in inner if isinstance(one.callee, Name) and one.callee.id == name]
        return bool(done) and all(not one.args or _is_nothing(one.args[0]) for one in done)
    return False


def _is_nothing(value: Expr) -> bool:
    value = strip(value)
    return (isinstance(value, Literal) and value.value is None) or (isinstance(value, Name) and value.id == "undefined")


def _dropped_wait(call: Call) -> bool:
    """Tell whether nobody looks at who was through in time: ``await asyncio.wait({task}, timeout=5)``."""
    return "timeout" in call.keywords and use_of(call).how == "dropped"


def _left_untold(module: Module, use: HookUse) -> tuple[Module, Call] | None:
    """Return the block around a start that is left when its time is over, and that nobody asks whether it was."""
    for around in ancestors(use.call):
        if isinstance(around, With):
            for value, target in around.items:
                made = strip(value)
                if isinstance(made, Call) and made.name in _UNTOLD and target is None:
                    return module, made
        if isinstance(around, Function):
            return None
    return None
