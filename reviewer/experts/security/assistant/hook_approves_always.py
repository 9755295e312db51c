"""SEC272: a hook that says yes to every use of a tool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Severity
from reviewer.experts.assistant.hooks import hooks_of
from reviewer.experts.assistant.verdicts import Verdict, constant_verdict
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_DECIDING: Final = frozenset({"PreToolUse", "PermissionRequest"})
_HARMFUL: Final = ("Bash", "Write", "Edit", "WebFetch", "NotebookEdit")


@subject_check("SEC272")
def hook_approves_always(inquiry: Inquiry) -> Iterator[Match]:
    """Find hooks that decide about tools and decide one way alone."""
    for hook in hooks_of(inquiry):
        if hook.event not in _DECIDING or constant_verdict(inquiry, hook) is not Verdict.ALLOWS:
            continue
        tools = [tool for tool in _HARMFUL if hook.fits(tool)]
        if not tools and "mcp__" not in (hook.matcher.text if hook.matcher is not None else ""):
            continue
        limited = hook.entry.get("if") is not None
        which = "every tool" if hook.fits_every_tool else f"'{short(hook.matcher.text if hook.matcher else '')}'"
        yield Match(
            hook.command or hook.entry.get("prompt") or hook.entry,
            f"This hook answers yes to {which} whatever it is asked: the person is not asked any more.",
            severity=Severity.MEDIUM if limited else None,
        )
