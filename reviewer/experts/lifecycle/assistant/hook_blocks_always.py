"""LIF276: a hook that never lets anything pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.assistant.hooks import hooks_of
from reviewer.experts.assistant.verdicts import Verdict, constant_verdict
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_HARM: Final = {
    "Stop": "the session never ends, and starts over each time that it would",
    "SubagentStop": "no subagent ever ends",
    "UserPromptSubmit": "nothing that the person types gets through",
    "PreToolUse": "no tool can be used",
}


@subject_check("LIF276")
def hook_blocks_always(inquiry: Inquiry) -> Iterator[Match]:
    """Find hooks that block whatever they are asked."""
    for hook in hooks_of(inquiry):
        wide = hook.event != "PreToolUse" or (hook.fits_every_tool and hook.entry.get("if") is None)
        if hook.event in _HARM and wide and constant_verdict(inquiry, hook) is Verdict.BLOCKS:
            yield Match(hook.command or hook.entry, f"This hook blocks whatever it is asked: {_HARM[hook.event]}.")
