"""From everything that was found to what is told: one cause once, accepted ones marked, in a fixed order."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from reviewer.core.finding import Finding
from reviewer.engine.judging.built import told_at_source
from reviewer.engine.judging.bundled import doubted_where_bundled
from reviewer.engine.judging.doubt import doubted_beyond_small
from reviewer.engine.judging.fingerprint import number
from reviewer.engine.judging.suppress import PathEntry, Silencer
from reviewer.subject.globs import PathGlobs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.core.location import Location
    from reviewer.core.rule import Rule
    from reviewer.engine.judging.comments import Mark
    from reviewer.engine.walk import Walk
    from reviewer.subject.document import Document

PER_RULE_AND_FILE: Final = 100
"""Findings of one rule in one file that are listed."""


class Judged(Struct, frozen=True):
    """The findings by what became of them."""

    shown: tuple[Finding, ...]
    """What the result lists, the suppressed ones included."""
    hidden: tuple[Finding, ...] = ()
    """What the strictness leaves out."""
    merged: tuple[tuple[Finding, str], ...] = ()
    """Findings that are silent because a more exact rule speaks of the same place, with its id."""
    ignored: tuple[str, ...] = ()
    """Suppressions inside the subject that were not honoured."""


def judge(walk: Walk, findings: list[Finding], marks: list[Mark], failed: frozenset[str]) -> Judged:
    """Judge the findings of one subject."""
    settings = walk.settings
    unique = _once(doubted_where_bundled(findings, walk.subject.read))
    surest = doubted_beyond_small(unique, walk.subject, walk.rules.speaking.values(), settings)
    speaking, merged = _most_exact(surest, walk.library.rules)
    numbered = number(speaking)
    marks = sorted(marks, key=lambda mark: (mark.path, mark.line, mark.column))
    ignored: tuple[str, ...] = ()
    if settings.untrusted:
        ignored = tuple(f"{mark.path}:{mark.line}: a comment that silences {_named(mark)}" for mark in marks)
        marks = []
    silencer = Silencer(
        maker=walk.maker,
        speaking=walk.rules.speaking,
        known=frozenset(walk.library.rules),
        fits=_Fits(walk, failed),
        today=settings.today,
        base=walk.subject.base,
        closing=walk.around.closing,
        used=walk.around.used,
    )
    told = silencer.apply(numbered, marks, _entries(walk))
    if len(told) > len(numbered):
        told = number_new(told, len(numbered))
    # After the suppressions: a compiler copies the comments of a source, and each of them has its effect.
    told = told_at_source(sorted(told, key=lambda finding: finding.order), walk.subject.files, walk.subject.read)
    shown = [one for one in told if settings.strictness.shows(one.severity, one.confidence, style=one.style)]
    kept = {id(one) for one in shown}
    hidden = tuple(one for one in told if id(one) not in kept)
    return Judged(tuple(_capped(shown)), hidden, tuple(merged), (*walk.governed.ignored, *_overruled(walk), *ignored))


def _overruled(walk: Walk) -> tuple[str, ...]:
    """Return the kind that somebody asked for and did not get, with the reason."""
    if walk.governed.settings.kind == "registry" and walk.subject.kind == "host":
        return ("kind registry: that is a document which lists plugins; this is code, and reviewed as a host",)
    return ()


def number_new(findings: list[Finding], known: int) -> list[Finding]:
    """Tell the findings that were added after the first ``known`` apart among themselves."""
    return findings[:known] + number(sorted(findings[known:], key=lambda finding: finding.order))


def _once(findings: list[Finding]) -> list[Finding]:
    """Return the findings in order, of several of one rule at one span the first."""
    seen: set[tuple[str, Location]] = set()
    kept = []
    for finding in sorted(findings, key=lambda finding: (finding.order, finding.location)):
        key = (finding.rule, finding.location)
        if key not in seen:
            seen.add(key)
            kept.append(finding)
    return kept


def _most_exact(findings: list[Finding], rules: Mapping[str, Rule]) -> tuple[list[Finding], list[tuple[Finding, str]]]:
    """Separate the findings at whose place a more specific rule speaks."""
    by_file: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        by_file[finding.rule, finding.location.path].append(finding)
    silent: dict[int, str] = {}
    for (rule_id, path), exact in by_file.items():
        rule = rules.get(rule_id)
        for general in rule.more_specific_than if rule is not None else ():
            for finding in by_file.get((general, path), ()):
                if any(_overlap(finding.location, other.location) for other in exact):
                    silent.setdefault(id(finding), rule_id)
    speaking = [finding for finding in findings if id(finding) not in silent]
    return speaking, [(finding, silent[id(finding)]) for finding in findings if id(finding) in silent]


def _overlap(one: Location, other: Location) -> bool:
    start, end = (one.line, one.column), (one.end_line, one.end_column)
    other_start, other_end = (other.line, other.column), (other.end_line, other.end_column)
    return (start < other_end and other_start < end) or start == other_start


def _capped(findings: list[Finding]) -> list[Finding]:
    """Leave out what one rule says of one file beyond the limit, and tell how much that is."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for finding in findings:
        counts[finding.rule, finding.location.path] += 1
    if not any(count > PER_RULE_AND_FILE for count in counts.values()):
        return findings
    listed: dict[tuple[str, str], int] = defaultdict(int)
    kept = []
    for finding in findings:
        key = (finding.rule, finding.location.path)
        listed[key] += 1
        left = counts[key] - PER_RULE_AND_FILE
        if listed[key] == PER_RULE_AND_FILE and left > 0:
            message = f"{finding.message} ({left} more in this file are not listed)"
            kept.append(replace(finding, message=message))
        elif listed[key] <= PER_RULE_AND_FILE:
            kept.append(finding)
    return kept


def _named(mark: Mark) -> str:
    return ", ".join(mark.rules) or "no rule"


def _entries(walk: Walk) -> tuple[PathEntry, ...]:
    """Make the entries of ``per-path-ignores`` ready for the subject."""
    from reviewer.engine.looking.data_files import documents_of

    entries = []
    for entry in walk.settings.path_ignores:
        places = {}
        if entry.pointer:
            for document in documents_of(walk.subject):
                place = _pointed(document, entry.pointer)
                if place is not None:
                    places[document.path] = place
        rules = frozenset(rule.id for rule in walk.library.select(entry.rules))
        entries.append(PathEntry(entry, rules, PathGlobs((entry.glob,)), places))
    return tuple(entries)


def _pointed(document: Document, pointer: str) -> Location | None:
    """Return the span of key and value that a JSON Pointer means, or None where there is nothing."""
    value = document.root
    for step in pointer.lstrip("/").split("/") if pointer not in ("", "/") else ():
        name = step.replace("~1", "/").replace("~0", "~")
        found = value.get(name)
        if found is None and name.isdecimal():
            found = value.get(int(name[:9]))
        if found is None:
            return None
        value = found
    return value.place


class _Fits:
    """Tells whether a rule ran, could never speak, or did not run, for a file."""

    def __init__(self, walk: Walk, failed: frozenset[str]) -> None:
        self._walk = walk
        self._failed = failed

    def __call__(self, rule_id: str, path: str) -> bool | None:
        rules = self._walk.rules
        if rule_id in rules.unfit:
            return False
        languages = self._walk.library.rules[rule_id].applies_to.languages
        module = self._walk.reading.language(path) if path else ""
        if module and languages and module not in languages:
            return False
        return True if rule_id in rules.speaking and rule_id not in self._failed else None
