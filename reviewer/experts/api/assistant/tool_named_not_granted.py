"""API276: an agent is told to use a tool that it does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.experts.assistant.grants import grants_of
from reviewer.experts.assistant.host import PLUGIN, the_host
from reviewer.experts.assistant.page import Role
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.assistant.page import Page
    from reviewer.experts.check import Inquiry

_NAMED: Final = regex(
    r"`([A-Z][A-Za-z]{2,30})`|\b(?:the\s+)?`?([A-Z][A-Za-z]{2,30})`?\s+tools?\b|\b(mcp__[\w-]{3,120})\b"
)
_TOLD: Final = r"(?i)\b(us(e|es|ing)|call|run|invoke|with|via|through|by)\b"
_NOT: Final = (
    r"(?i)\b(not|never|no|without|don't|can't|cannot|avoid|instead of|unless|lacks?|other|if available|if you have)\b"
)
_ALIASES: Final = {"Task": "Agent", "Agent": "Task", "KillShell": "KillBash", "SlashCommand": "Skill"}
_ALWAYS: Final = frozenset("Agent AskUserQuestion Skill SlashCommand Task TodoWrite TodoRead ToolSearch".split())
"""Tools of the conversation that do not change what an agent can reach."""


@subject_check("API276")
def tool_named_not_granted(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the tools that the prose of every agent names."""
    if inquiry.subject.ecosystem != PLUGIN:
        return
    for page in parts_of(inquiry).of("agent"):
        if page.get("tools") is not None:
            yield from _page(page)


def _page(page: Page) -> Iterator[Match]:
    has = {grant.tool for grant in grants_of(page, "tools")}
    if not has or "*" in has:
        return
    done: set[str] = set()
    for line in page.lines:
        if line.role is not Role.PROSE or not found(_TOLD, line.text) or found(_NOT, line.text):
            continue
        for hit in _NAMED.finditer(line.text):
            name = hit[1] or hit[2] or hit[3]
            server = "__".join(name.split("__")[:2])
            known = name in the_host().tools or name.startswith("mcp__")
            held = has & {name, _ALIASES.get(name, name), server, f"{server}__*"}
            if known and not held and name not in _ALWAYS and name not in done:
                done.add(name)
                yield Match(
                    page.place(line.number, hit.start(), hit.end()),
                    f"The agent is told to use '{short(name)}', and its tools are {', '.join(sorted(has)[:8])}.",
                    fix=f"Add '{name}' to tools, or take the sentence out.",
                )
