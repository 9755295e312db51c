"""API271: a grant or a matcher names a tool that the assistant does not have, and one that it has is near."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.experts.assistant.grants import grants_of
from reviewer.experts.assistant.hooks import hooks_of
from reviewer.experts.assistant.host import PLUGIN, the_host
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_PLAIN: Final = regex(r"[A-Za-z]{2,40}")
_CLOSE: Final = 0.75


@subject_check("API271")
def unknown_tool(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the tools that pages grant and those that hooks wait for."""
    if inquiry.subject.ecosystem != PLUGIN:
        return
    for page in parts_of(inquiry).of("skill", "command", "agent"):
        for key in ("allowed-tools", "tools"):
            for grant in grants_of(page, key):
                meant = _meant(grant.tool)
                if meant:
                    yield Match(
                        grant.at,
                        f"There is no tool '{short(grant.tool)}', and '{meant}' is near: this grants nothing.",
                        fix=f"Write '{meant}'.",
                    )
    done: set[int] = set()
    for hook in hooks_of(inquiry):
        if hook.matcher is not None and hook.event in the_host().tool_events and id(hook.matcher) not in done:
            done.add(id(hook.matcher))
            yield from _matcher(hook.matcher)


def _matcher(matcher: Value) -> Iterator[Match]:
    """Yield the alternatives of a matcher that fit no tool."""
    for part in matcher.text[:500].replace("(", "").replace(")", "").split("|"):
        word = part.strip().removeprefix("^").removesuffix("$")
        meant = _meant(word) if _PLAIN.fullmatch(word) else ""
        if meant:
            yield Match(
                matcher,
                f"The matcher waits for a tool '{word}', which there is not; '{meant}' is near: the hook never runs.",
                fix=f"Write '{meant}'.",
            )


def _meant(name: str) -> str:
    """Return the tool that a name misspells, or an empty string where it is one or like none."""
    tools = the_host().tools
    if name in tools or "_" in name or "*" in name or not _PLAIN.fullmatch(name):
        return ""
    same = next((one for one in tools if one.lower() == name.lower()), "")
    close = get_close_matches(name, tools, n=1, cutoff=_CLOSE)
    return same or (close[0] if close else "")
