"""LIF026: a hook of a plugin is awaited without a deadline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.deadlines import has_deadline, knows_deadlines
from reviewer.experts.lifecycle.hooks import HOOK_WORDS, HookUse, awaited, hook_uses

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("LIF026", words=HOOK_WORDS)
def hook_without_deadline(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a hook that may hang the host; sure only where the host has deadlines and forgot one."""
    if module.is_test:
        return
    uses = [use for use in hook_uses(inquiry, module) if _waits(module, use)]
    open_ended = [use for use in uses if not has_deadline(module, use)]
    if not open_ended:
        return
    careful = any(use not in open_ended for use in hook_uses(inquiry, module) if has_deadline(module, use))
    careful = careful or knows_deadlines(module)
    for use in open_ended:
        sure = careful and use.kind in ("start", "stop")
        beside = "although other hooks of this host have a deadline" if careful else "without a deadline"
        yield Match(
            use.call,
            f"'{module.text_of(use.member)}' is waited for without a limit, {beside}: one plugin that never answers "
            f"{'blocks shutdown' if use.kind == 'stop' else 'holds up the host'}."
            if careful
            else f"'{module.text_of(use.member)}' is waited for without a deadline: one plugin that never answers "
            f"{'blocks shutdown' if use.kind == 'stop' else 'holds up the host'}.",
            confidence=None if sure else Confidence.POSSIBLE,
        )


def _waits(module: Module, use: HookUse) -> bool:
    return awaited(use.site) or (use.site is use.call and awaited(use.call)) or awaited(use.call)
