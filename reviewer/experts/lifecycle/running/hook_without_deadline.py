"""LIF026: a hook of a plugin is awaited without a deadline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of, use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Await, Call, ExprStatement, Function, Member, Name, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.loading import runs_elsewhere
from reviewer.experts.lifecycle.holding.stacks import closings, is_waited_for_by_stack
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, HookUse, awaited, hook_uses
from reviewer.experts.lifecycle.turns.deadlines import (
    bounded_around,
    has_deadline,
    knows_deadlines,
    only_aborts,
    only_told,
)
from reviewer.experts.lifecycle.values import value_class
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_IMPORTERS: Final = frozenset({"import_module", "spec_from_file_location", "entry_points", "iter_entry_points"})
_CLOSING: Final = frozenset({"close", "terminate", "kill", "destroy"})
_CHAINS: Final = frozenset({"then", "finally"})


@module_check("LIF026", words=HOOK_WORDS)
def hook_without_deadline(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a hook that may hang the host.

    Where a host bounds other hooks each forgotten one is a mistake; where it bounds none, that is a
    decision to think about, and the first start and the first stop stand for all.
    """
    if module.is_test:
        return
    bounds_hooks = any(has_deadline(module, use) for use in hook_uses(inquiry, module))
    careful = knows_deadlines(module) or bounds_hooks
    told_only = {id(use) for use in hook_uses(inquiry, module) if _waits(use) and only_told(module, use)}
    yield from _said_in_helpers(inquiry, module)
    waited = _only_waited_for(inquiry, module)
    for wait, passed in waited:
        yield Match(
            wait,
            f"What '{module.text_of(passed[0].member)}' and other hooks give is waited for without a deadline: one "
            "plugin that never answers holds up the host.",
            related=tuple((use.call, "waited for there") for use in passed[:2]),
        )
    told_only |= {id(use) for _wait, passed in waited for use in passed}
    for use in hook_uses(inquiry, module):
        if id(use) in told_only and not any(use in passed for _wait, passed in waited):
            yield Match(
                use.call,
                f"'{module.text_of(use.member)}' is told when its time is up, and waited for however long it takes: "
                "a plugin that does not look at that holds up the host.",
            )
    open_ended = [
        use
        for use in hook_uses(inquiry, module)
        if id(use) not in told_only
        and (_waits(use) or _stack_waits(module, use) or (careful and _blocks(module, use)))
        and not has_deadline(module, use)
        and not _is_of_program(module, use)
        and not _ends_what_holds_it(module, use, hook_uses(inquiry, module))
    ]
    if not open_ended:
        return
    told: set[str] = set()
    for use in open_ended:
        sure = use.kind in ("start", "stop") and (careful or (use.kind not in told and _surely_foreign(module)))
        # A plain call can't be left after a while: only where other hooks run elsewhere this one was forgotten.
        sure = sure and (bounds_hooks or _waits(use) or _stack_waits(module, use))
        if sure:
            told.add(use.kind)
        beside = ", although this host bounds others" if careful else ""
        harm = "blocks shutdown" if use.kind == "stop" else "holds up the host"
        yield Match(
            use.call,
            f"'{module.text_of(use.member)}' is waited for without a deadline{beside}: one plugin that never answers "
            f"{harm}.",
            confidence=None if sure else Confidence.POSSIBLE,
            severity=None if careful else Severity.LOW,
        )


def _is_of_program(module: Module, use: HookUse) -> bool:
    """Tell whether what is started or ended is an object of a class of the subject, which names no plugin.

    A class without a body of its own says only what others have to bring.
    """
    if not isinstance(strip(use.receiver), Name | Member) or set(last_words(use.receiver)) & PLUGIN_WORDS:
        return False
    cls = value_class(module, use.receiver)
    method = cls.method(use.name) if cls is not None and cls.kind == "class" else None
    if cls is None or method is None or method.signature_only or set(words(cls.name)) & PLUGIN_WORDS:
        return False
    bases = {word for base in cls.bases for word in last_words(base)}
    done = any(True for _ in calls_in(method.body))
    return done and not bases & (PLUGIN_WORDS | {"abc", "protocol", "interface"})


def _ends_what_holds_it(module: Module, use: HookUse, uses: Iterable[HookUse]) -> bool:
    """Tell whether what holds a plugin is closed, whose own end is bounded: ``deactivate()``, then ``close()``."""
    return use.name in _CLOSING and any(
        other.kind == "stop" and other.name not in _CLOSING and has_deadline(module, other) for other in uses
    )


def _said_in_helpers(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Yield the helpers for deadlines that raise a signal when the time is up, and go on waiting."""
    seen: set[int] = set()
    for use in hook_uses(inquiry, module):
        wait = only_aborts(module, use)
        if wait is not None and id(wait) not in seen and use.site is not use.call:
            seen.add(id(wait))
            yield Match(
                wait,
                f"The time limit around '{module.text_of(use.member)}' only raises a signal and goes on waiting: a "
                "plugin that does not look at that holds up the host.",
                related=((use.call, "meant to be limited"),),
            )


def _only_waited_for(inquiry: Inquiry, module: Module) -> list[tuple[Await, list[HookUse]]]:
    """Return the helpers that hooks go through, and that wait for what they are handed and do nothing else."""
    found: dict[int, tuple[Await, list[HookUse]]] = {}
    for use in hook_uses(inquiry, module):
        around = use.call.parent
        helper = definition(module, around.callee) if isinstance(around, Call) and use.call in around.args else None
        step = helper.body[0] if isinstance(helper, Function) and len(helper.body) == 1 else None
        wait = _wait_of(step)
        if isinstance(helper, Function) and wait is not None and not has_deadline(module, use):
            held = strip(wait.value)
            if isinstance(held, Name) and any(param.name == held.id for param in helper.params):
                found.setdefault(id(wait), (wait, []))[1].append(use)
    return [(wait, uses) for wait, uses in found.values() if len({use.name for use in uses}) > 1]


def _wait_of(step: Node | None) -> Await | None:
    """Return the wait that a statement is, whatever becomes of the answer."""
    value = step.value if isinstance(step, Return | ExprStatement) else None
    return value if isinstance(value, Await) else None


def _surely_foreign(module: Module) -> bool:
    """Tell whether what is called is a stranger's beyond doubt: the file itself loads code."""
    if not _IMPORTERS.isdisjoint(module.identifiers):
        return True
    return module.language != "python" and next(module.calls(("import",)), None) is not None


def _blocks(module: Module, use: HookUse) -> bool:
    """Tell whether the host runs a hook on its own thread: it calls it there and goes on when it is done."""
    frame = use.frame
    if module.language != "python" or frame is None or frame.asynchronous or use.call.callee is not use.member:
        return False
    return not runs_elsewhere(frame)


def _stack_waits(module: Module, use: HookUse) -> bool:
    """Tell whether the end of a guest waits on a stack, and nobody closes that with a deadline."""
    return is_waited_for_by_stack(module, use) and not any(bounded_around(module, call) for call in closings(module))


def _waits(use: HookUse) -> bool:
    return awaited(use.site) or awaited(use.call) or _all_awaited(use.call) or _chained(use.call)


def _chained(call: Call) -> bool:
    """Tell whether a chain of promises goes on only when a hook is through: ``before.then(() => plugin.stop())``."""
    step = function_of(call)
    around = step.parent if step is not None else None
    if (
        step is None
        or not isinstance(around, Call)
        or around.name not in ("then", "finally")
        or step not in around.args
    ):
        return False
    given = any(one.value is not None and strip(one.value) is call for one in returns_of(step))
    while isinstance(around.parent, Member) and isinstance(around.parent.parent, Call):
        around = around.parent.parent
    return given and (awaited(around) or use_of(around).how in ("returned", "assigned"))


def _all_awaited(call: Call) -> bool:
    """Tell whether a hook is called for each plugin, and all are waited for: ``await Promise.all(plugins.map(…))``."""
    function = function_of(call)
    each = function.parent if function is not None else None
    return isinstance(each, Call) and each.name in ("map", "flatMap") and awaited(each)
