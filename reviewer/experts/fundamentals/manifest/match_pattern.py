"""FUN224: a pattern of addresses in the manifest of an extension that browsers refuse."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.named_files import values_at
from reviewer.experts.profile import profile_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_MOST: Final = 2000


@subject_check("FUN224")
def match_pattern(inquiry: Inquiry) -> Iterator[Match]:
    """Look at every pattern that the table ``match-patterns`` of the profile leads to."""
    document, profile = inquiry.manifest, profile_of(inquiry)
    said = profile.extra.get("match-patterns") if profile is not None else None
    if document is None or said is None:
        return
    values = (one for at in said["at"] for one in values_at(document.root, at))
    for pointer, value in islice(values, _MOST):
        if value.text and not found(said["like"], value.text) and not found(said["skip"], value.text):
            yield Match(
                value, f"'{pointer}' is '{short(value.text)}', which is no match pattern: {_wrong(value.text)}."
            )


def _wrong(text: str) -> str:
    scheme, separator, rest = text.partition("://")
    if not separator:
        return "it has no scheme; expected for example 'https://example.com/*'"
    if "/" not in rest:
        return f"it has no path behind the host; expected for example '{scheme}://{rest or 'example.com'}/*'"
    host = rest.split("/", 1)[0]
    if "*" in host:
        return "in a host '*' stands alone, or as '*.' at its beginning"
    return f"'{short(scheme)}' with this host is none that browsers take; expected for example 'https://example.com/*'"
