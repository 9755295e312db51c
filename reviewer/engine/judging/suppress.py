"""Silences findings that a person accepted, and speaks up about silencing that does nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from reviewer.core.finding import Finding, Suppression
from reviewer.core.location import Location
from reviewer.core.nearest import did_you_mean
from reviewer.core.rule import Rule
from reviewer.core.settings import PathIgnore
from reviewer.engine.judging.comments import EXAMPLE, Mark
from reviewer.engine.looking.making import Maker
from reviewer.subject.globs import PathGlobs

UNUSED: Final = "FUN090"
MALFORMED: Final = "FUN091"
EXPIRED: Final = "FUN092"
_OWN: Final = frozenset({UNUSED, MALFORMED, EXPIRED})
"""Rules about suppressions; a comment can't silence what is said about comments."""


class PathEntry(Struct, frozen=True):
    """An entry of ``per-path-ignores``, made ready for one subject.

    ``place`` is the span of the value that its pointer means, by path of the data file.
    """

    entry: PathIgnore
    rules: frozenset[str]
    globs: PathGlobs
    places: dict[str, Location]
    """Empty where the entry has no pointer."""


class Silencer(Struct):
    """Applies the suppressions of one subject."""

    maker: Maker
    speaking: dict[str, Rule]
    known: frozenset[str]
    """Ids of all rules of the library."""
    fits: Callable[[str, str], bool | None]
    """For a rule and a path: True where it ran, False where it could never speak, None where it did not run."""
    today: str
    base: str
    """The subject's folder in the root, which the globs are relative to."""
    closing: bool = True
    """True for the last subject under a configuration: what did nothing until here is unused."""
    used: set[tuple[str, int, str]] = field(default_factory=set)
    """(path, line, rule) of what silenced something; subjects under one configuration share it."""

    def apply(self, findings: list[Finding], marks: list[Mark], entries: tuple[PathEntry, ...]) -> list[Finding]:
        """Return the findings, the accepted ones with their suppression, and what is wrong with suppressions."""
        by_line: dict[tuple[str, int], list[Mark]] = {}
        for mark in marks:
            if not mark.mistake and not self._expired(mark.until):
                by_line.setdefault((mark.path, mark.target), []).append(mark)
        silenced = [self._one(finding, by_line, entries) for finding in findings]
        about = [*self._about_marks(marks), *self._about_entries(entries)]
        return silenced + [self._one(finding, {}, entries) for finding in about]

    def _one(
        self, finding: Finding, by_line: dict[tuple[str, int], list[Mark]], entries: tuple[PathEntry, ...]
    ) -> Finding:
        place = finding.location
        for mark in by_line.get((place.path, place.line), ()):
            if finding.rule in mark.rules:
                self.used.add((self.base + mark.path, mark.line, finding.rule))
                return replace(finding, suppressed=Suppression("inline", mark.reason, mark.path, mark.line))
        for item in entries:
            entry = item.entry
            if finding.rule not in item.rules or self._expired(entry.until):
                continue
            if item.globs.match(self.base + place.path) is None:
                continue
            if entry.pointer and not _within(place, item.places.get(place.path)):
                continue
            self.used.add((entry.path, entry.line, finding.rule))
            return replace(finding, suppressed=Suppression("configuration", entry.reason, entry.path, entry.line))
        return finding

    def _expired(self, until: str) -> bool:
        return bool(until and self.today and until < self.today)

    def _about_marks(self, marks: list[Mark]) -> list[Finding]:
        found: list[Finding] = []
        for mark in marks:
            place = Location(mark.path, mark.line, mark.column, mark.line, mark.end_column)
            unknown = [rule for rule in mark.rules if rule not in self.known]
            if mark.mistake:
                self._say(found, MALFORMED, place, f"the suppression is not honoured: {mark.mistake}; write {EXAMPLE}")
            elif self._expired(mark.until):
                rules = ", ".join(mark.rules)
                self._say(found, EXPIRED, place, f"the suppression of {rules} was meant to last until {mark.until}")
                continue
            for rule in () if mark.mistake else unknown:
                hint = did_you_mean(rule, self.known)
                self._say(found, MALFORMED, place, f"the suppression names {rule}, and there is no such rule{hint}")
            for rule in mark.rules if not mark.mistake else ():
                idle = (self.base + mark.path, mark.line, rule) not in self.used and rule in self.known
                if idle and (rule in _OWN or self.fits(rule, mark.path) is not None):
                    self._say(found, UNUSED, place, f"{rule} finds nothing here, so the suppression has no effect")
        return found

    def _about_entries(self, entries: tuple[PathEntry, ...]) -> list[Finding]:
        """Say which entries of the configuration have expired, and at the end which did nothing."""
        found: list[Finding] = []
        for item in entries:
            entry = item.entry
            named = f"the entry of per-path-ignores for {entry.glob}"
            if self._expired(entry.until):
                message = f"{named} was meant to last until {entry.until}"
                self._say(found, EXPIRED, self._entry_place(entry), message)
                continue
            outside = entry.path.startswith("../")  # it may be there for other subjects
            if self.closing and not outside:
                ran = all(self.fits(rule, "") is not None for rule in item.rules)
                if ran and not any((entry.path, entry.line, rule) in self.used for rule in item.rules):
                    message = f"{named} silences nothing, so it has no effect"
                    self._say(found, UNUSED, self._entry_place(entry), message)
        return found

    def _entry_place(self, entry: PathIgnore) -> Location:
        path = entry.path.removeprefix(self.base)
        return Location(path.rsplit("/", 1)[-1] if path.startswith("../") else path, entry.line, 1, entry.line, 1)

    def _say(self, found: list[Finding], rule: str, place: Location, message: str) -> None:
        if rule in self.speaking:
            found.append(self.maker.at_place(self.speaking[rule], place, message))


def _within(place: Location, around: Location | None) -> bool:
    """Tell whether a place starts inside a span."""
    if around is None:
        return False
    start = (place.line, place.column)
    return (around.line, around.column) <= start < (around.end_line, around.end_column)
