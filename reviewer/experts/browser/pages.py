"""The scripts of HTML pages: which files they load, and what is written into the page itself."""

from __future__ import annotations

import posixpath
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from reviewer.core.errors import UnreadableError
from reviewer.core.location import Location

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry

_LARGEST: Final = 2_000_000
_MOST_TAGS: Final = 500
_MOST_PAGES: Final = 300


class Script(Struct, frozen=True):
    """One ``<script>``, or an attribute that holds code; ``src`` is empty for code in the page."""

    src: str
    code: str
    at: Location
    attribute: str = ""
    """``onclick`` and the like, for code in an attribute."""
    type: str = ""


class Page(Struct, frozen=True):
    """One HTML file of the subject."""

    path: str
    scripts: tuple[Script, ...]

    def files(self, top: str) -> list[str]:
        """Return the paths of the scripts that it loads from the subject; ``top`` is the folder of the manifest."""
        return [path for script in self.scripts if (path := page_path(self.path, script.src, top))]


def page_path(page: str, src: str, top: str) -> str:
    """Return the file that an address in a page means, counted from the folder of the subject; empty for none."""
    plain = src.split("?", 1)[0].split("#", 1)[0].strip()
    if not plain or ":" in plain or plain.startswith("//"):
        return ""
    folder = top if plain.startswith("/") else posixpath.dirname(page)
    return posixpath.normpath(posixpath.join(folder, plain.lstrip("/")))


def pages(inquiry: Inquiry) -> dict[str, Page]:
    """Return the HTML pages of the subject by path; read once."""
    known = inquiry.memory.get("browser.pages")
    if isinstance(known, dict):
        return known
    made: dict[str, Page] = {}
    for path in [one for one in inquiry.subject.files if one.lower().endswith((".html", ".htm", ".xhtml"))][
        :_MOST_PAGES
    ]:
        try:
            data = inquiry.subject.read(path)
        except UnreadableError:
            continue
        if len(data) <= _LARGEST:
            made[path] = Page(path, tuple(_scripts(path, data.decode("utf-8", "replace"))))
    inquiry.memory["browser.pages"] = made
    return made


@cache
def _pattern(text: str) -> Any:
    import re2

    return re2.compile(text)


_COMMENT: Final = r"(?s)<!--.*?-->"
_TAG: Final = r"(?is)<([a-z][a-z0-9-]*)((?:\s+|/)(?:\"[^\"]*\"|'[^']*'|[^'\">])*)?>"
_ATTRIBUTE: Final = r"(?is)([a-z_:@][\w:.@-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))"
_END: Final = r"(?i)</script"


def _scripts(path: str, text: str) -> list[Script]:
    found: list[Script] = []
    hidden = [hit.span() for hit in _pattern(_COMMENT).finditer(text)]
    starts = _line_starts(text)
    after = 0
    for tag in _pattern(_TAG).finditer(text):
        start = tag.start()
        if start < after or any(begin <= start < end for begin, end in hidden):
            continue
        attributes = {
            hit[1].lower(): (
                unescape(hit[2] or hit[3] or hit[4] or ""),
                tag.start(2) + hit.start(),
                tag.start(2) + hit.end(),
            )
            for hit in _pattern(_ATTRIBUTE).finditer(tag[2] or "")
        }
        if tag[1].lower() == "script":
            closing = _pattern(_END).search(text, tag.end())
            after = closing.start() if closing else len(text)
            src = attributes.get("src", ("", 0, 0))
            kind = attributes.get("type", ("", 0, 0))[0].lower()
            found.append(
                Script(src[0].strip(), text[tag.end() : after], _place(path, starts, start, tag.end()), "", kind)
            )
        for name, (value, begin, end) in attributes.items():
            if name.startswith("on") and name.isalpha() and value.strip():
                found.append(Script("", value, _place(path, starts, begin, end), name))
        if len(found) >= _MOST_TAGS:
            break
    return found


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for number, letter in enumerate(text):
        if letter == "\n":
            starts.append(number + 1)
    return starts


def _place(path: str, starts: list[int], begin: int, end: int) -> Location:
    from bisect import bisect_right

    first, last = bisect_right(starts, begin), bisect_right(starts, end)
    return Location(path, first, begin - starts[first - 1] + 1, last, end - starts[last - 1] + 1)
