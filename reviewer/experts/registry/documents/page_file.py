"""REG220: a page of an extension loads a script that the extension does not hold."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from reviewer.experts.browser.pages import page_path
from reviewer.experts.browser.shown_pages import shown_pages
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.subject.building import Building

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_NOT_PATHS: Final = r"^[A-Za-z][A-Za-z0-9+.-]*:|^//|[{}$<>%]|^\s*$"
_MADE: Final = (".js", ".mjs", ".ts", ".tsx", ".jsx")
_MOST: Final = 40


@subject_check("REG220")
def page_file(inquiry: Inquiry) -> Iterator[Match]:
    """Follow the scripts of every page that the extension shows."""
    if inquiry.manifest is None:
        return
    known = frozenset(inquiry.subject.files) | inquiry.subject.unread
    lower = {path.lower(): path for path in known}
    building = Building(inquiry.subject)
    top = posixpath.dirname(inquiry.subject.manifest_path)
    left = _MOST
    for page in shown_pages(inquiry, sandboxed=True):
        for script in page.scripts:
            path = page_path(page.path, script.src, top)
            if not path or found(_NOT_PATHS, script.src) or path in known or left <= 0:
                continue
            near = lower.get(path.lower(), "")
            if not near and building.makes(path, _MADE):
                continue
            left -= 1
            said = f"; the file is called '{near}', and capital letters count" if near else ""
            yield Match(
                script.at, f"The page loads '{short(script.src)}', and there is no such file in the extension{said}."
            )
