"""COM206 and COM224: a part of an extension listens for a message that no other part sends."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from reviewer.core.nearest import nearest
from reviewer.experts.browser.messages import SPOKEN
from reviewer.experts.browser.permissions import counted
from reviewer.experts.check import Match, subject_check
from reviewer.experts.editor.webviews import scripts_are_here, talks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_MOST: Final = 20


@subject_check("COM224")
def message_never_sent(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the kinds that listeners look for against all that is sent, where all of it can be seen."""
    parts = list(SPOKEN.of(inquiry))
    sent = {one.name for part in parts for one in part.sent}
    if not sent or any(part.vague for part in parts):
        return
    heard: dict[str, set[Location]] = defaultdict(set)
    for part in parts:
        for one in part.kinds:
            heard[one.name].add(one.at)
    outside = {name for part in parts for name in part.outside}
    meant = sent - {name for part in parts for name in part.compared}
    yield from _never(inquiry, heard, sent | outside, meant, "no part of the extension sends it")


@subject_check("COM206")
def webview_message_never_sent(inquiry: Inquiry) -> Iterator[Match]:
    """Hold what each side looks for against what the other one sends, where both can be seen whole."""
    parts = talks(inquiry)
    inside = [part for part in parts if part.page]
    outside = [part for part in parts if not part.page]
    if not scripts_are_here(inquiry, outside, inside):
        return
    for hearing, speaking, what in (
        (outside, inside, "no page of the extension sends it"),
        (inside, outside, "the extension sends it to no page"),
    ):
        sent = {one.name for part in speaking for one in part.sent}
        if not sent or any(part.vague for part in speaking):
            continue
        heard: dict[str, set[Location]] = defaultdict(set)
        for part in hearing:
            for one in part.kinds:
                heard[one.name].add(one.at)
        meant = sent - {name for part in hearing for name in part.heard}
        yield from _never(inquiry, heard, sent, meant, what)


def _never(
    inquiry: Inquiry, heard: Mapping[str, Collection[Location]], sent: Collection[str], meant: Iterable[str], what: str
) -> Iterator[Match]:
    """Yield the names that are looked for and that nothing but the looking speaks of."""
    for name in sorted(set(heard) - set(sent))[:_MOST]:
        places = sorted(heard[name])
        if counted(inquiry, name) > len(places):
            continue  # it is spoken of somewhere else, and may be sent by another way
        near = nearest(name, meant) or ""
        hint = f"; '{near}' is sent, and nobody listens for that" if near else ""
        yield Match(
            places[0],
            f"The listener waits for '{name[:60]}', and {what}{hint}: this code never runs.",
            related=tuple((at, "looked for here, too") for at in places[1:6]),
        )
