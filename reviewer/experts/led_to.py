"""The files that a manifest leads to: those that it names, and the scripts of the pages among them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from reviewer.experts.browser.pages import pages
from reviewer.experts.named_files import named_files

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry


def led_to(inquiry: Inquiry) -> frozenset[str]:
    """Return the paths of the files that the manifest of the subject leads to, so far as its profile says where."""
    named = {one.path for one in named_files(inquiry) if one.path}
    top = posixpath.dirname(inquiry.subject.manifest_path)
    shown = pages(inquiry) if any(path.endswith((".html", ".htm")) for path in named) else {}
    return frozenset(named | {script for path, page in shown.items() if path in named for script in page.files(top)})
