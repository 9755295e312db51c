"""The tools that a page asks to be let use without a question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from reviewer.experts.assistant.page import Page
    from reviewer.subject.document import Value

_LIMIT: Final = r"\(([^()]{0,400}(?:\([^()]{0,200}\)[^()]{0,200})?)\)"
_ENTRY: Final = regex(rf"\s{{0,20}}([A-Za-z_*][\w*-]{{0,200}})\s{{0,5}}(?:{_LIMIT})?")
_SEPARATOR: Final = regex(r"[\s,]{0,40}")
_MOST: Final = 200


class Grant(Struct, frozen=True):
    """One tool, with what it may be used for where that is limited."""

    tool: str
    limit: str | None
    at: Value

    @property
    def program(self) -> str:
        """The first word that a shell may run, or an empty text for any."""
        words = (self.limit or "").replace(":", " ").split()
        first = words[0] if words else ""
        return "" if first.startswith("*") else first.rstrip("*")

    @property
    def text(self) -> str:
        """How it is written."""
        return self.tool if self.limit is None else f"{self.tool}({self.limit})"


def grants_of(page: Page, key: str = "allowed-tools") -> list[Grant]:
    """Return the tools under a key of the front matter: a text with commas or spaces, or a list."""
    value = page.get(key)
    if value is None:
        return []
    texts = [value, *value.items()]
    return [grant for one in texts if one.text for grant in _of_text(one)][:_MOST]


def _of_text(value: Value) -> Iterator[Grant]:
    text, at = value.text, 0
    while at < len(text):
        hit = _ENTRY.match(text, at)
        if hit is None or hit.end() == at:
            at += 1
            continue
        yield Grant(hit[1], hit[2].strip() if hit[2] is not None else None, value)
        separated = _SEPARATOR.match(text, hit.end())
        at = separated.end() if separated is not None and separated.end() > hit.end() else hit.end()
