"""Files that several plugins ship byte for byte, and in which something was found: one flaw, many who have it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from reviewer.core.scale import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.market.whole.records import FileFinding


class Shared(NamedTuple):
    """One file that several plugins have."""

    digest: str
    path: str
    """Where the first of them has it."""
    plugins: tuple[tuple[str, int], ...]
    """Id of each and the entry that shows it, by id."""
    findings: tuple[FileFinding, ...]
    """Each once, as it stands in the first of them; gravest first."""

    @property
    def weight(self) -> tuple[int, int]:
        """The gravest finding, then how many have it."""
        return Severity(self.findings[0].severity).rank, len(self.plugins)


def shared(found: Iterable[FileFinding]) -> list[Shared]:
    """Return files that two plugins or more have; the rows come in the order of their digests."""
    groups = []
    for digest, rows in groupby(found, key=lambda row: row.digest):
        here = list(rows)
        owners: dict[tuple[str, str], int] = {}
        for row in here:
            owners[row.ecosystem, row.plugin] = min(row.entry, owners.get((row.ecosystem, row.plugin), row.entry))
        if len(owners) > 1:
            first = min(row.entry for row in here)
            told = {(row.rule, row.line, row.message): row for row in here if row.entry == first}
            graded = sorted(told.values(), key=lambda row: (-Severity(row.severity).rank, row.line, row.rule))
            plugins = tuple(sorted((plugin, entry) for (_ecosystem, plugin), entry in owners.items()))
            groups.append(Shared(digest, graded[0].path, plugins, tuple(graded)))
    return sorted(groups, key=lambda one: (*(-by for by in one.weight), one.path, one.digest))
