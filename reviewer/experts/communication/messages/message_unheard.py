"""COM220: a part of an extension sends a message under a name that no listener knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.nearest import nearest
from reviewer.core.scale import Confidence
from reviewer.experts.browser.messages import SPOKEN
from reviewer.experts.browser.permissions import counted
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_MOST: Final = 60


@subject_check("COM220")
def message_unheard(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the names of messages that are sent against those that are listened for, and against all other code."""
    parts = list(SPOKEN.of(inquiry))
    if not any(part.listens for part in parts):
        return
    anything = any(part.open for part in parts)
    heard = {name for part in parts for name in part.compared}
    sent = [one for part in parts for one in part.sent]
    names = {one.name for one in sent} - heard
    for name in sorted(names)[:_MOST]:
        places = [one for one in sent if one.name == name]
        if counted(inquiry, name) > len(places):
            continue  # it is spoken of somewhere else
        near = nearest(name, heard - {one.name for one in sent}) or ""
        if anything and not near:
            continue  # a listener that takes whatever comes may be meant
        hint = f"; one listens for '{near}', which nobody sends" if near else ""
        yield Match(
            places[0].at,
            f"A message with '{places[0].key}' '{name[:60]}' is sent, and no listener of the extension knows it{hint}: "
            "nothing happens, and the sender gets no answer.",
            related=tuple((one.at, "sent here, too") for one in places[1:6]),
            confidence=Confidence.POSSIBLE if anything else None,
        )
