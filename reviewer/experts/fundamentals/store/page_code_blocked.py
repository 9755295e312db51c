"""FUN222: code that stands in a page of an extension, where the browser does not run it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.languages import is_test
from reviewer.experts.browser.shown_pages import shown_pages
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_CODE: Final = frozenset({"", "module", "text/javascript", "application/javascript", "text/ecmascript"})
_MOST: Final = 20


@subject_check("FUN222")
def page_code_blocked(inquiry: Inquiry) -> Iterator[Match]:
    """Look for scripts without a file and for attributes that hold code; one finding of each kind for a page."""
    if inquiry.manifest is None or _allowed(inquiry):
        return
    for page in [one for one in shown_pages(inquiry) if not is_test(one.path)][:_MOST]:
        inline = [one for one in page.scripts if not one.attribute and not one.src and one.code.strip()]
        attributes = [one for one in page.scripts if one.attribute]
        for first, *rest in filter(None, ([one for one in inline if one.type in _CODE], attributes)):
            what = f"The code in '{first.attribute}'" if first.attribute else "The code of this script"
            yield Match(
                first.at,
                f"{what} never runs: the policy of extensions allows files alone.",
                related=tuple((one.at, "nor does this") for one in rest[:_MOST]),
            )


def _allowed(inquiry: Inquiry) -> bool:
    """Tell whether the policy of the manifest lets code in pages run: by hashes, or by its old word for it."""
    document = inquiry.manifest
    said = (
        [document.get("content_security_policy"), document.get("content_security_policy", "extension_pages")]
        if document
        else []
    )
    return any(one is not None and ("'sha" in one.text or "'unsafe-" in one.text) for one in said)
