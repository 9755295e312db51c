"""LIF034: a plugin is said to be starting or stopping, and stays so when its hook throws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, guarding_try
from reviewer.code.syntax import Assign, Call, ExprStatement, Member
from reviewer.code.walk import inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.taken_back import undone_on_failure
from reviewer.experts.lifecycle.guests.entries import (
    Entry,
    concerns,
    entries,
    ran_after,
    ran_before,
    unconditional_after,
)
from reviewer.experts.lifecycle.hooks.hooks import HookUse, hook_uses
from reviewer.experts.lifecycle.vocabulary import PENDING_WORDS
from reviewer.experts.paths import path_words

if TYPE_CHECKING:
    from reviewer.code.module import Module

_LOGS: Final = frozenset({"log", "logger", "logging", "console", "print"})


@module_check("LIF034", words=PENDING_WORDS)
def pending_state_stuck(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a passing state is set, then a hook is called, and only its success sets another state."""
    if module.is_test:
        return
    for use in hook_uses(inquiry, module):
        if use.kind not in ("start", "stop"):
            continue
        if undone_on_failure(module, use.site) and not _only_noted(module, use):
            continue
        stuck = _stuck(inquiry, module, use)
        if stuck is not None:
            first, last = stuck
            yield Match(
                first.node,
                f"When '{module.text_of(use.member)}' throws, the plugin keeps this state for ever: the next one is "
                f"set in line {last.node.line}, and only when the hook succeeds.",
                related=((use.call, "may throw here"), (last.node, "set only on success")),
            )


def _only_noted(module: Module, use: HookUse) -> bool:
    """Tell whether all that the handlers do is to put the error into a member that nobody ever looks at."""
    attempt = guarding_try(use.site)
    noted: list[Member] = []
    for statement in (one for handler in attempt.handlers for one in handler.body) if attempt is not None else ():
        done = statement.value if isinstance(statement, ExprStatement) else statement
        if isinstance(done, Assign) and isinstance(done.target, Member):
            noted.append(done.target)
        elif not isinstance(done, Call) or not path_words(done.callee) & _LOGS:
            return False
    names = {one.name for one in noted}
    read = any(one.name in names and all(one is not own for own in noted) for one in module.all(Member))
    return bool(noted) and not read


def _stuck(inquiry: Inquiry, module: Module, use: HookUse) -> tuple[Entry, Entry] | None:
    """Return the entry of the passing state and the one that would end it."""
    told = [e for e in entries(inquiry, module) if e.state]
    passing = [e for e in told if e.state == "pending" and ran_before(e, use.site)]
    ended = [e for e in told if e.state != "pending" and ran_after(e, use.site)]
    both = _targets(module, passing) & _targets(module, ended)
    passing, ended = (
        [e for e in some if e.table is not None or _target(module, e) in both or concerns(module, e, use)]
        for some in (passing, ended)
    )
    if not (passing and ended) or _set_either_way(use, ended):
        return None
    return passing[-1], ended[0]


def _targets(module: Module, some: list[Entry]) -> set[str]:
    return {_target(module, entry) for entry in some} - {""}


def _target(module: Module, entry: Entry) -> str:
    """Return the text of the field whose state is set, before a hook and behind it: ``slot.phase``."""
    return module.text_of(entry.node.target) if isinstance(entry.node, Assign) else ""


def _set_either_way(use: HookUse, ended: list[Entry]) -> bool:
    """Tell whether the next state is set behind a ``try`` whose handlers let control go on to it."""
    attempt = guarding_try(use.site)
    if attempt is None or any(exits(handler.body) for handler in attempt.handlers):
        return False
    return any(unconditional_after(entry, attempt) and not inside(entry.node, attempt) for entry in ended)
