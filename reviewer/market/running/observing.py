"""What is kept of a review besides its result, so that the next one asks only the rules that have changed."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from reviewer.market.running.rules import parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.market.running.content import Content
    from reviewer.market.running.task import Wishes
    from reviewer.market.writing import MarketWriter

_LARGEST: Final = 32_000_000
"""Bytes of an observation, unpacked; one that is larger is made again."""


class Earlier(Struct, frozen=True):
    """An observation of an entry, as it is kept, and the rules that would say the same again."""

    data: bytes
    unchanged: tuple[str, ...]


def packed(observed: Any) -> bytes:
    """Return what a review observed, given as plain data, as it is kept; empty where it is too large."""
    text = json.dumps(observed, ensure_ascii=True, separators=(",", ":")).encode()
    return zlib.compress(text, 6) if len(text) <= _LARGEST else b""


def unpacked(earlier: Earlier | None) -> dict[str, Any] | None:
    """Return an observation as a review takes it; None where there is none, or it is damaged."""
    if earlier is None:
        return None
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(earlier.data, _LARGEST)
        return {"subjects": json.loads(text), "unchanged": list(earlier.unchanged)}
    except (zlib.error, ValueError, RecursionError):
        return None


class Observations:
    """The observations in a store, as the rules of one run see them."""

    def __init__(self, wishes: Wishes, store: MarketWriter, news: Callable[[str], None]) -> None:
        """Take what was asked for; the rules are looked at when the first entry has to be reviewed."""
        self._news = news
        self._wishes = wishes
        self._store = store
        self._common = ""
        self._rules: dict[str, str] | None = None
        self._unchanged: dict[str, tuple[str, ...]] = {}

    def key(self, content: Content) -> str:
        """Return what an observation is kept under; empty where the rules can't be told apart."""
        if self._rules is None:
            found = parts(self._wishes.skills)
            self._common = found.common if found is not None else ""
            self._rules = found.rules if found is not None else {}
            if found is not None:
                self._store.know_rules(self._wishes.rules, found.rules)
        return self._wishes.key(content, self._common) if self._common else ""

    def of(self, content: Content) -> Earlier | None:
        """Return what an earlier run observed of a content, where rules would say the same again."""
        kept = self._store.observation(self.key(content))
        if kept is None:
            return None
        rules, data = kept
        if rules not in self._unchanged:
            then, now = self._store.rules(rules), self._rules or {}
            same = tuple(sorted(rule for rule, digest in then.items() if now.get(rule) == digest))
            self._unchanged[rules] = same
            if same:
                others = len(now) - len(same)
                self._news(f"of {len(now)} rules, {others} are others than in an earlier run: only they are asked")
        return Earlier(data, self._unchanged[rules]) if self._unchanged[rules] else None
