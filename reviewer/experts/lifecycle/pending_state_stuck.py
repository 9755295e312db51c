"""LIF034: a plugin is said to be starting or stopping, and stays so when its hook throws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.entries import Entry, concerns, entries, ran_after, ran_before, undone_on_failure
from reviewer.experts.lifecycle.hooks import HookUse, hook_uses
from reviewer.experts.lifecycle.vocabulary import PENDING_WORDS

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("LIF034", words=PENDING_WORDS)
def pending_state_stuck(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a passing state is set, then a hook is called, and only its success sets another state."""
    if module.is_test:
        return
    for use in hook_uses(inquiry, module):
        if use.kind not in ("start", "stop") or undone_on_failure(module, use.site):
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


def _stuck(inquiry: Inquiry, module: Module, use: HookUse) -> tuple[Entry, Entry] | None:
    """Return the entry of the passing state and the one that would end it."""
    told = [e for e in entries(inquiry, module) if e.state and (e.table is not None or concerns(module, e, use))]
    passing = [e for e in told if e.state == "pending" and ran_before(e, use.site)]
    ended = [e for e in told if e.state != "pending" and ran_after(e, use.site)]
    return (passing[-1], ended[0]) if passing and ended else None
