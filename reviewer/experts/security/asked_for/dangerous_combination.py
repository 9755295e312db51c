"""SEC045: permissions of one plugin that are worse together than apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, subject_check
from reviewer.experts.permission_use import picture
from reviewer.experts.picture import combinations
from reviewer.subject.permission_table import permission_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry


@subject_check("SEC045")
def dangerous_combination(inquiry: Inquiry) -> Iterator[Match]:
    """Report every dangerous combination of what the manifest asks for."""
    table = permission_table(inquiry.subject.ecosystem)
    if inquiry.manifest is None or table is None:
        return
    for combination, parts in combinations(table, picture(inquiry).declared):
        names = " and ".join(f"'{part.spelled}'" for part in parts)
        yield Match(
            parts[-1].at,
            f"{names} together allow {combination.name}: {combination.why}.",
            related=tuple((part.at, "the other part") for part in parts[:-1]),
        )
