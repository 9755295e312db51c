"""API205: the types that code is checked with are newer than the host that the manifest promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, subject_check
from reviewer.experts.host.promised import promises
from reviewer.experts.profile import profile_of
from reviewer.subject.api_table import release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry


@subject_check("API205")
def types_newer_than_host(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the range of the types, which the profile names in ``[[api]]``, with that of the host."""
    profile, manifest = profile_of(inquiry), inquiry.manifest
    if profile is None or manifest is None:
        return
    for row, promise in zip(profile.extra.get("api", ()), promises(inquiry), strict=True):
        types = row.get("types", "")
        for holder in ("devDependencies", "dependencies"):
            wanted = manifest.get(holder, types) if types else None
            if wanted is None or promise.said is None or not promise.oldest:
                continue
            text = wanted.text.strip()
            floor = release(text) if text[:1] in "^~=v0123456789" or text.startswith(">=") else ()
            if floor[:2] > promise.oldest[:2]:
                yield Match(
                    wanted,
                    f"'{types}' is '{text[:40]}' and '{promise.table.minimum}' is '{promise.said.text[:40]}': the "
                    f"compiler lets pass what {promise.table.host} {promise.spelled} does not have, and the packager "
                    "refuses this.",
                    related=((promise.said, "the host that is promised"),),
                )
