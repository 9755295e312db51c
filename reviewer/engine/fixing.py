"""Applies the safe edits of findings to the files of a folder, and shows them as a diff."""

from __future__ import annotations

import os
import stat
from difflib import unified_diff
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.whole_file import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reviewer.core.finding import Finding
    from reviewer.core.location import Edit
    from reviewer.core.review import Review
    from reviewer.engine.session import Outcome

_LARGEST: Final = 16_000_000
_BOM: Final = "\ufeff"


class FileFix(Struct, frozen=True):
    """What the edits make of one file."""

    path: Path
    shown: str
    """As a person would name it."""
    before: str
    after: str
    findings: int
    """Findings whose edits are in it; those that would overlap wait for the next run."""

    def diff(self) -> str:
        """Return a unified diff."""
        lines = unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            f"a/{self.shown}",
            f"b/{self.shown}",
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def fixes(outcome: Outcome) -> list[FileFix]:
    """Return what the edits of all findings that are not suppressed make of their files, in order of the paths.

    A file that is no longer as it was reviewed, or that is reached through a link, is left alone.
    """
    found = []
    for review in outcome.run.reviews:
        by_path: dict[str, list[Finding]] = {}
        for finding in review.findings:
            if finding.fix.edits and finding.suppressed is None:
                for path in {edit.location.path for edit in finding.fix.edits}:
                    by_path.setdefault(path, []).append(finding)
        for path in sorted(by_path):
            fix = _of_file(review, path, by_path[path], outcome.sources(review.subject.path, path))
            if fix is not None:
                found.append(fix)
    return found


def _of_file(review: Review, path: str, findings: Sequence[Finding], seen: list[str] | None) -> FileFix | None:
    place = file_of(review.subject.path, path)
    if place is None or seen is None:
        return None
    content = place.read_bytes()
    if len(content) > _LARGEST:
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    mark = _BOM if text.startswith(_BOM) else ""
    bare = text.removeprefix(_BOM)
    lines = bare.split("\n")
    usable = [finding for finding in findings if _is_as_reviewed(finding, path, lines, seen)]
    after, applied = edited(lines, [[e for e in f.fix.edits if e.location.path == path] for f in usable])
    if not applied or after == bare:
        return None
    return FileFix(place, os.path.normpath(f"{review.subject.path}/{path}"), text, mark + after, applied)


def file_of(subject: str, path: str) -> Path | None:
    """Return the file that a finding is about, or None where that is no plain file inside the subject."""
    root = Path(subject)
    if root.is_file():
        root = root.parent
    place = root / path
    try:
        inside = place.resolve(strict=True).is_relative_to(root.resolve(strict=True))
        plain = stat.S_ISREG(place.lstat().st_mode)
    except OSError:
        return None
    return place if inside and plain else None


def _is_as_reviewed(finding: Finding, path: str, lines: list[str], seen: list[str]) -> bool:
    for edit in finding.fix.edits:
        if edit.location.path != path:
            continue
        for number in range(edit.location.line, edit.location.end_line + 1):
            if number > len(lines) or number > len(seen) or lines[number - 1].removesuffix("\r") != seen[number - 1]:
                return False
    return True


def edited(lines: Sequence[str], groups: Iterable[Sequence[Edit]]) -> tuple[str, int]:
    """Apply groups of edits, each whole or not at all; return the text and how many groups were applied.

    ``lines`` are the text split at line feeds. Of groups that overlap, the first is applied;
    one whose own edits overlap is not.
    """
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    text = "\n".join(lines)
    taken: list[tuple[int, int, str]] = []
    applied = 0
    for group in groups:
        spans = list(dict.fromkeys(_span(edit, starts) for edit in group))  # the same edit twice is one
        clash = any(_overlap(one, other) for one, other in combinations(spans, 2))
        if clash or any(_overlap(span, other) for span in spans for other in taken):
            continue
        taken += spans
        applied += 1
    for start, end, replacement in sorted(taken, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text, applied


def _span(edit: Edit, starts: Sequence[int]) -> tuple[int, int, str]:
    place = edit.location
    start = starts[place.line - 1] + place.column - 1
    return start, starts[place.end_line - 1] + place.end_column - 1, edit.replacement


def _overlap(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    if one[:2] == other[:2]:
        return True
    return one[0] < other[1] and other[0] < one[1]


def write(fix: FileFix) -> None:
    """Write a mended file as a whole or not at all; raises `OSError`."""
    replace_file(fix.path, fix.after.encode("utf-8"))
