"""LIF042, second part: a plugin whose start fails is started again at once, from the handler of the failure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Binary,
    Call,
    For,
    Function,
    Jump,
    Member,
    Name,
    Node,
    Return,
    While,
    is_zero,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, inside, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.failures.restart_without_limit import goes_round
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, HookUse, uses_in

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Handler

_COUNTS: Final = frozenset(
    (
        "attempt attempts restarts retries tries count crashes failures strikes backoff delay limit max budget "
        "remaining quarantine quarantined times left tried"
    ).split()
)

_BOUNDS: Final = frozenset("timeout wait within race deadline limited bounded".split())
_WAITS: Final = frozenset("sleep setTimeout delay pause backoff call_later".split())


@module_check("LIF042", words=HOOK_WORDS)
def start_retried_for_ever(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the second start in a handler, and at the endless loop around a start, that count nothing."""
    if module.is_test:
        return
    for use in uses_in(inquiry, module, "start"):
        again = retried(module, use)
        if again is not None:
            yield Match(
                again,
                f"When '{module.text_of(use.member)}' fails it is tried again at once, without a count or a limit: a "
                "plugin that can't start keeps the host busy for ever and is never put aside.",
                related=((use.call, "fails here"),),
            )
        elif (hurried := _hurried(use)) is not None:
            yield Match(
                hurried,
                f"When '{module.text_of(use.member)}' fails it is tried again at once, without a pause: what it waits "
                "for has no time to come up, and all tries fail alike.",
                related=((use.call, "fails here"),),
                confidence=Confidence.POSSIBLE,
            )


def retried(module: Module, use: HookUse) -> Node | None:
    """Return what tries a start that failed once more, without an end: the call, or the loop around."""
    return _again(module, use) or _looped(use)


def _again(module: Module, use: HookUse) -> Call | None:
    """Return the call of the same function in the handler of a failed start."""
    home = outermost(use.site)
    guard = guarding_try(use.site)
    if home is None or guard is None or counted([home]):
        return None
    for handler in guard.handlers:
        for call in calls_in(handler.body):
            if definition(module, call.callee) is home:
                return call
    return None


def _looped(use: HookUse) -> Node | None:
    """Return an endless loop that only a success of the start leaves."""
    for around in ancestors(use.site):
        if isinstance(around, While):
            guard = guarding_try(use.site)
            endless = goes_round(around.test) and not counted([around]) and not pauses(around)
            if endless and guard is not None and all(_goes_on(h) for h in guard.handlers):
                return around
        if isinstance(around, Function):
            return None
    return None


def pauses(loop: While | For | Function) -> bool:
    """Tell whether each turn of a loop, or a function, waits for some time: ``sleep(5)``, ``closed.wait(5)``."""
    return any(
        not _WAITS.isdisjoint({call.name, *words(call.name)}) or (call.name == "wait" and bool(call.args))
        for call in calls_in(loop.body)
    )


def _hurried(use: HookUse) -> Node | None:
    """Return a loop that tries one start a number of times, as fast as it can."""
    for around in ancestors(use.site):
        if isinstance(around, For):
            guard = guarding_try(use.site)
            counts = around.style == "c" or (isinstance(around.iterable, Call) and around.iterable.name == "range")
            turn = names_in(around.target) if around.target is not None else set()
            tries = guard is not None and inside(guard, around) and all(_goes_on(h) for h in guard.handlers)
            leaves = guard is not None and any(isinstance(n, Return | Jump) for n in walk([*guard.body, *guard.orelse]))
            same = not names_in(use.receiver) & turn
            return around if counts and tries and leaves and same and not pauses(around) else None
        if isinstance(around, Function):
            return None
    return None


def _goes_on(handler: Handler) -> bool:
    """Tell whether a handler neither leaves the loop nor decides anything."""
    kinds = {type(node).__name__ for node in walk(handler.body, into_functions=False)}
    return not kinds & {"Return", "Throw", "If"} and not exits([s for s in handler.body if not isinstance(s, Jump)])


def _is_deadline(node: Node) -> bool:
    """Tell whether a limit is one of the time that a call may take: ``asyncio.timeout(START_LIMIT)``."""
    around = node.parent
    if not isinstance(around, Call):
        return False
    if around.callee is node:  # limit(5_000, plugin.start())
        return bool(around.args) and set(words(around.name)) & _COUNTS <= {"limit", "max"}
    return not _BOUNDS.isdisjoint(words(around.name))


def counted(nodes: Sequence[Node], *, with_nothing: bool = True) -> bool:
    """Tell whether code counts, compares, or speaks of a limit.

    Whether there is anything at all, ``missing.length > 0``, counts only where it is asked ``with_nothing``.
    """
    for node in walk(nodes):
        said = node.id if isinstance(node, Name) else node.name if isinstance(node, Member) else ""
        if said and not _COUNTS.isdisjoint(words(said)) and not _is_deadline(node):
            return True
        compares = isinstance(node, Binary) and node.op in ("<", ">", "<=", ">=")
        if isinstance(node, Binary) and compares and (with_nothing or not is_zero(node.right)):
            return True
        if isinstance(node, Function) and any(not _COUNTS.isdisjoint(words(p.name)) for p in node.params):
            return True
    return False
