"""SEC276: a page that lets the assistant run anything without a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Severity
from reviewer.experts.assistant.grants import grants_of
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.assistant.grants import Grant
    from reviewer.experts.check import Inquiry

_ANYTHING: Final = frozenset("sh bash zsh dash ksh fish eval exec sudo su env xargs doas pwsh powershell".split())
"""Programs that run whatever they are told."""
_OPEN: Final = frozenset({"*", "**", "-c", "-lc", "--"})
"""What stands behind such a program where it is not limited to one script."""


@subject_check("SEC276")
def tool_grants(inquiry: Inquiry) -> Iterator[Match]:
    """Look at what every skill and command grants; the tools of an agent are no grants."""
    for page in parts_of(inquiry).of("skill", "command"):
        for grant in grants_of(page):
            problem = _problem(grant)
            if problem:
                yield Match(
                    grant.at,
                    f"'{grant.text}' {problem}, without asking the person.",
                    severity=Severity.HIGH if grant.tool == "*" else None,
                    fix="Name what the page needs, for example 'Bash(git status:*), Bash(git diff:*)'.",
                )


def _problem(grant: Grant) -> str:
    """Say what a grant allows that is too much, or return an empty text."""
    if grant.tool == "*":
        return "lets the assistant use every tool"
    if grant.tool in ("mcp__*", "mcp__"):
        return "lets the assistant use every tool of every server"
    if grant.tool != "Bash":
        return ""
    if grant.program == "":
        return "lets the assistant run any command"
    rest = (grant.limit or "").replace(":", " ").split()[1:]
    whole = all(word in _OPEN for word in rest)
    return f"lets it run any command, by '{grant.program}'" if grant.program in _ANYTHING and whole else ""
