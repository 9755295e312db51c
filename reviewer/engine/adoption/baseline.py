"""Tells known findings from new ones, though lines have moved and files were renamed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from reviewer.core.finding import Suppression
from reviewer.core.regex import regex
from reviewer.engine.adoption.baseline_file import Baseline, Known
from reviewer.engine.signoff.place import home_of

if TYPE_CHECKING:
    from reviewer.core.finding import Finding
    from reviewer.engine.results import Reviewed

KIND: Final = "baseline"
_MORE: Final = regex(r" \((\d{1,9}) more in this file are not listed\)$")
"""How the last finding of a rule in a file ends where there are more than are listed."""


class Matched(NamedTuple):
    """Reviews with their known findings marked, and what is left of the baseline."""

    reviewed: tuple[Reviewed, ...]
    known: int
    """Findings that the baseline knows."""
    stale: Counter[Known]
    """Entries, and how many of each, that nothing was found for although their rules were asked."""


def match(baseline: Baseline, reviewed: Sequence[Reviewed]) -> Matched:
    """Mark what a baseline knows.

    An entry stands for as many findings as it counts, and for none besides: of what is found
    now, first what is said in the same words in the same file is taken, then what has the same
    content in the same file, then the same content where the file of the entry is gone.
    """
    folder = home_of(baseline.file)
    left = Counter(baseline.entries)
    found = [
        (number, at, _known(folder, one, finding))
        for number, one in enumerate(reviewed)
        for at, finding in enumerate(one.review.findings)
        if finding.suppressed is None
    ]
    taken: set[tuple[int, int]] = set()
    for way in (_same_words(left), _same_file(left), _same_content(left, _is_gone(folder))):
        for number, at, known in found:
            if (number, at) not in taken and way(known):
                taken.add((number, at))
    marked = tuple(
        _marked(one, {at for where, at in taken if where == number}, baseline.file)
        for number, one in enumerate(reviewed)
    )
    return Matched(marked, len(taken), _stale(folder, left, reviewed))


def entries_of(folder: Path, reviewed: Sequence[Reviewed]) -> Counter[Known]:
    """Return what a baseline in a folder has to hold for all open findings to be known."""
    return Counter(
        _known(folder, one, finding) for one in reviewed for finding in one.review.findings if not finding.suppressed
    )


def label(folder: Path, subject: str, path: str) -> str:
    """Return how a baseline in a folder names a file of a subject."""
    whole = subject if Path(subject).name == path else f"{subject}/{path}"
    return os.path.relpath(Path(whole).absolute(), folder.absolute()).replace(os.sep, "/")


def _known(folder: Path, one: Reviewed, finding: Finding) -> Known:
    path = label(folder, one.review.subject.path, finding.location.path)
    return Known(finding.rule, path, finding.content, finding.message)


def _same_words(left: Counter[Known]) -> Callable[[Known], bool]:
    def take(known: Known) -> bool:
        return _take(left, known)

    return take


def _same_file(left: Counter[Known]) -> Callable[[Known], bool]:
    by_place: dict[tuple[str, str, str], list[Known]] = {}
    for entry in sorted(left):
        by_place.setdefault((entry.rule, entry.path, entry.content), []).append(entry)

    def take(known: Known) -> bool:
        entries = by_place.get((known.rule, known.path, known.content), ())
        return any(_stands_for(entry, known) and _take(left, entry) for entry in entries)

    return take


def _same_content(left: Counter[Known], gone: Callable[[str], bool]) -> Callable[[Known], bool]:
    by_content: dict[tuple[str, str], list[Known]] = {}
    for entry in sorted(left):
        by_content.setdefault((entry.rule, entry.content), []).append(entry)

    def take(known: Known) -> bool:
        entries = by_content.get((known.rule, known.content), ())
        fitting = (entry for entry in entries if left[entry] > 0 and _stands_for(entry, known) and gone(entry.path))
        return any(_take(left, entry) for entry in fitting)

    return take


def _stands_for(entry: Known, known: Known) -> bool:
    """Tell whether no more findings are left out of the list than there were: those that are can't be compared."""
    return _unlisted(known.message) <= _unlisted(entry.message)


def _unlisted(message: str) -> int:
    found = _MORE.search(message)
    return int(found[1]) if found is not None else 0


def _take(left: Counter[Known], entry: Known) -> bool:
    if left[entry] <= 0:
        return False
    left[entry] -= 1
    return True


def _is_gone(folder: Path) -> Callable[[str], bool]:
    """Return whether the file of an entry is no longer there, each asked for once."""
    asked: dict[str, bool] = {}

    def gone(path: str) -> bool:
        if path not in asked:
            asked[path] = not os.path.lexists(folder / path)
        return asked[path]

    return gone


def _marked(one: Reviewed, known: set[int], file: Path) -> Reviewed:
    if not known:
        return one
    suppression = Suppression(KIND, f"known from {file.name}", file.name, 0)
    findings = tuple(
        replace(finding, suppressed=suppression) if at in known else finding
        for at, finding in enumerate(one.review.findings)
    )
    return replace(one, review=replace(one.review, findings=findings))


def _stale(folder: Path, left: Counter[Known], reviewed: Sequence[Reviewed]) -> Counter[Known]:
    """Return what is left of entries whose rules were asked about the place where they are."""
    subjects = sorted(
        ((label(folder, one.review.subject.path, "."), frozenset(one.asked)) for one in reviewed),
        key=lambda subject: -len(subject[0]),
    )
    stale: Counter[Known] = Counter()
    for entry, count in left.items():
        asked = next((rules for base, rules in subjects if _is_below(entry.path, base)), frozenset())
        if count > 0 and entry.rule in asked:
            stale[entry] = count
    return stale


def _is_below(path: str, base: str) -> bool:
    return path == base or path.startswith(f"{base}/") or (base == "." and not path.startswith("../"))
