"""The difference of two runs: what is new, gone or graded otherwise, by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct, field

if TYPE_CHECKING:
    from reviewer.market.records import FindingRow, Run

NEW, GONE, CHANGED = KINDS = ("new", "gone", "changed")
KEPT: Final = 200
"""Changes of a rule that are kept one by one, of each kind; the others are counted."""


class Change(NamedTuple):
    """One finding that only one of the runs has, or that both have and tell otherwise."""

    kind: str
    """One of `KINDS`."""
    entry: str
    """Name of the entry."""
    number: int
    """Of the entry in the later run, or in the earlier one where the finding is gone."""
    version: str
    subject: str
    """Folder of the subject in the entry; empty for the entry as a whole."""
    same_bytes: bool
    """Whether both runs saw the same bytes: then the rules have changed, and not the code."""
    finding: FindingRow
    """As the later run has it, or the earlier one where it is gone."""
    was: str = ""
    """Of a changed one: what was said before, for instance ``high, likely``."""


class RuleDifference(Struct):
    """What changed of one rule."""

    rule: str
    name: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    entries: int = 0
    """In how many entries something changed."""
    changes: dict[str, list[Change]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    """The first of each kind, in the order of the entries."""
    last_entry: str | None = None

    @property
    def total(self) -> int:
        """How many changes there are."""
        return sum(self.counts.values())

    def take(self, change: Change) -> None:
        """Count a change, and keep it while there is room; those of one entry come together."""
        self.counts[change.kind] += 1
        kept = self.changes[change.kind]
        if len(kept) < KEPT:
            kept.append(change)
        if change.entry != self.last_entry:
            self.last_entry = change.entry
            self.entries += 1


class NotCompared(NamedTuple):
    """An entry of both runs of which one has no result."""

    entry: str
    old: str
    """Its state in the earlier run, and in the later one."""
    new: str
    why: str


class Difference(Struct):
    """Everything that tells two runs apart."""

    old: Run
    new: Run
    both: int = 0
    """Entries of both runs."""
    same_bytes: int = 0
    """Those of them that are the same bytes."""
    only_old: list[str] = field(default_factory=list)
    only_new: list[str] = field(default_factory=list)
    not_compared: list[NotCompared] = field(default_factory=list)
    rules: dict[str, RuleDifference] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        """Return how many findings are new, gone or changed."""
        return sum(rule.counts[kind] for rule in self.rules.values())

    def by_weight(self) -> list[RuleDifference]:
        """Return the rules with the most changes first."""
        return sorted(self.rules.values(), key=lambda rule: (-rule.total, rule.rule))
