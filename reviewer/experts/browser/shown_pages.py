"""The pages that an extension shows."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from reviewer.experts.browser.pages import pages
from reviewer.experts.browser.permissions import api_uses, spoken
from reviewer.experts.named_files import named_files

if TYPE_CHECKING:
    from reviewer.experts.browser.pages import Page
    from reviewer.experts.check import Inquiry


def shown_pages(inquiry: Inquiry, *, sandboxed: bool = False) -> list[Page]:
    """Return the pages of the extension, those of the sandbox only where asked for.

    The manifest names them, code speaks of them, or a script of theirs uses the API that web pages do not have.
    """
    known = inquiry.memory.get("browser.shown")
    if not isinstance(known, dict):
        speaking = {use.at.path for use in api_uses(inquiry)}
        base = posixpath.dirname(inquiry.subject.manifest_path)
        named = {one.path: one.pointer for one in named_files(inquiry) if one.what == "page"}
        known = {
            path: named.get(path, "code")
            for path, page in pages(inquiry).items()
            if path in named
            or spoken(inquiry, rf"['\"`/]{_escaped(_tail(path))}['\"`?#]", in_pages=False)
            or not speaking.isdisjoint(page.files(base))
        }
        inquiry.memory["browser.shown"] = known
    return [
        page
        for path, page in pages(inquiry).items()
        if path in known and (sandboxed or not known[path].startswith("sandbox"))
    ]


def _tail(path: str) -> str:
    """Return how code would speak of a page: by its name, or for one that is called like many by its folder too."""
    return "/".join(path.split("/")[-2:]) if path.endswith(("index.html", "index.htm")) else path.rsplit("/", 1)[-1]


def _escaped(name: str) -> str:
    import re2

    return str(re2.escape(name))
