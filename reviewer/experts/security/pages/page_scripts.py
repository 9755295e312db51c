"""SEC226 and FUN222: what pages of an extension run: scripts from elsewhere, and code in the page that never runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.languages import is_test
from reviewer.experts.browser.shown_pages import shown_pages
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_REMOTE: Final = r"(?i)^(https?:)?//"


@subject_check("SEC226")
def remote_script(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the scripts of every page that the extension shows."""
    for page in (one for one in shown_pages(inquiry) if not is_test(one.path)):
        for script in page.scripts:
            if found(_REMOTE, script.src):
                yield Match(
                    script.at,
                    f"The page loads '{short(script.src)}': code that is not in the package and that nobody reviewed; "
                    "the browser refuses it under the policy of extensions, and so do the stores.",
                )
