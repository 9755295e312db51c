"""FUN274: a key of front matter that no host reads: misspelt, or one of another kind of page."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.experts.assistant.host import the_host
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.assistant.page import Page
    from reviewer.experts.check import Inquiry

_MOST: Final = 100
_CLOSE: Final = 0.84


@subject_check("FUN274")
def page_keys(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the keys of every page with those that its kind has."""
    for page in parts_of(inquiry).of("skill", "command", "agent"):
        yield from _page(page)


def _page(page: Page) -> Iterator[Match]:
    if page.fields is None:
        return
    known = the_host().keys[page.kind]
    elsewhere = the_host().keys_elsewhere.get(page.kind, {})
    present = {key for key, _value in page.fields.members()}
    for key, value in islice(page.fields.members(), _MOST):
        meant = elsewhere.get(key) or _meant(key, known)
        if meant and meant not in present:
            said = "belongs to other pages and does nothing here" if key in elsewhere else "is no key of it"
            yield Match(
                value.key or value,
                f"'{short(key)}' in the front matter of a {page.kind} {said}; '{meant}' is meant.",
                fix=f"Write '{meant}'.",
            )


def _meant(key: str, known: tuple[str, ...]) -> str:
    """Return the key that another misspells, or an empty string."""
    if key in known:
        return ""
    bare = key.replace("_", "").replace("-", "").lower()
    same = next((one for one in known if one.replace("_", "").replace("-", "").lower() == bare), "")
    close = get_close_matches(key[:60], known, n=1, cutoff=_CLOSE)
    return same or (close[0] if close and len(key) > 3 else "")
