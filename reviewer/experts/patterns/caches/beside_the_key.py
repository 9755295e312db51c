"""Whether what is missing from a key is asked for together with what is in it: both stand in one address or query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Template
from reviewer.code.walk import find, inside, names_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.experts.patterns.feeds import Feed
    from reviewer.experts.patterns.memos import Memo


def asked_together(memo: Memo, part: Feed, key: Iterable[Feed]) -> bool:
    """Tell whether a text that is pieced together, and is not the key, holds the part and all that the key holds."""
    known = {feed.local for feed in key if feed.local and feed.local != "this"}
    place = memo.key_place()
    return bool(known) and any(
        part.local in (held := names_in(text.holes)) and known <= held and not inside(text, place)
        for text in find(memo.function.body, Template)
    )
