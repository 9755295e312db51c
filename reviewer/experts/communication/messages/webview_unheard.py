"""COM205: a page of an extension, or the extension, sends a message under a name which the other side does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.nearest import nearest
from reviewer.core.scale import Confidence
from reviewer.experts.browser.permissions import counted
from reviewer.experts.check import Match, subject_check
from reviewer.experts.editor.webviews import scripts_are_here, talks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.experts.editor.webviews import Talk

_MOST: Final = 40


@subject_check("COM205")
def webview_unheard(inquiry: Inquiry) -> Iterator[Match]:
    """Hold what each side sends against what the other one listens for, where both can be seen whole."""
    parts = talks(inquiry)
    inside = [part for part in parts if part.page]
    outside = [part for part in parts if not part.page]
    yield from _unheard(inquiry, inside, outside, "the page sends", "the extension does not know it")
    if scripts_are_here(inquiry, outside, inside):
        yield from _unheard(inquiry, outside, inside, "the extension sends", "no page of it knows it")


def _unheard(inquiry: Inquiry, speaking: list[Talk], hearing: list[Talk], who: str, what: str) -> Iterator[Match]:
    """Yield the messages of one side that the other one looks for nowhere."""
    listeners = [part for part in hearing if part.listens]
    if not listeners:
        return
    anything = any(part.open for part in listeners)
    heard = {name for part in listeners for name in part.heard}
    sent = [one for part in speaking for one in part.sent]
    for name in sorted({one.name for one in sent} - heard)[:_MOST]:
        places = [one for one in sent if one.name == name]
        if counted(inquiry, name, quoted=True) > len(places):
            continue  # it is spoken of somewhere else
        near = nearest(name, heard - {one.name for one in sent}) or ""
        if anything and not near:
            continue  # a listener that takes whatever comes may be meant
        hint = f"; it listens for '{near}', which nobody sends" if near else ""
        yield Match(
            places[0].at,
            f"A message with '{places[0].key}' '{name[:60]}' goes unheard: {who} it, and {what}{hint}.",
            related=tuple((one.at, "sent here, too") for one in places[1:6]),
            confidence=Confidence.POSSIBLE if anything else None,
        )
