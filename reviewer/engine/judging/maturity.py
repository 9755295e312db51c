"""How mature a host is, by the features that its code has and that no finding takes away again."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer import resources
from reviewer.code.text.languages import is_test
from reviewer.code.text.words import identifiers, words
from reviewer.core.review import Feature, Maturity
from reviewer.core.scale import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.code.project import Project
    from reviewer.core.finding import Finding

_FILE: Final = "maturity.toml"
_MOST_BYTES: Final = 20_000_000
"""Source text whose identifiers are looked at."""


class _Wanted(Struct, frozen=True):
    """A feature as the data describes it; each of ``names`` is a group of words of one identifier."""

    id: str
    level: int
    title: str
    names: tuple[frozenset[str], ...]
    held_back_by: tuple[str, ...]


@cache
def _data() -> tuple[dict[int, str], tuple[_Wanted, ...]]:
    """Read titles of levels, and features; raises on a damaged file, which a test holds whole."""
    text = (resources.skills() / "fundamentals" / _FILE).read_text("utf-8")
    table = tomllib.loads(text)
    titles = {row["level"]: row["title"] for row in table["level"]}
    features = tuple(
        _Wanted(
            row["id"],
            row["level"],
            row["title"],
            tuple(frozenset(name.split()) for name in row["names"]),
            tuple(row["held-back-by"]),
        )
        for row in table["feature"]
    )
    return titles, features


def maturity(project: Project, findings: Sequence[Finding]) -> Maturity:
    """Return the level of a host: the highest whose features, and those of the levels below, are all there."""
    titles, wanted = _data()
    spelled = _spelled(project)
    features = tuple(_feature(one, spelled, findings) for one in wanted)
    level = 0
    for step in sorted(titles):
        if any(feature.missing for feature in features if feature.level == step):
            break
        level = step
    return Maturity(level, titles.get(level, "none"), features)


def _spelled(project: Project) -> dict[frozenset[str], str]:
    """Return the identifiers of all source files, by their words."""
    found: dict[frozenset[str], str] = {}
    left = _MOST_BYTES
    for path, text in project.texts():
        left -= len(text)
        if left < 0:
            break
        if not is_test(path):
            for name in sorted(identifiers(text)):
                found.setdefault(frozenset(words(name)), name)
    return found


def _feature(wanted: _Wanted, spelled: dict[frozenset[str], str], findings: Sequence[Finding]) -> Feature:
    name = next((spelled[have] for group in wanted.names for have in spelled if group <= have), "")
    if not name:
        return Feature(wanted.id, wanted.level, wanted.title, "nothing in the code names it")
    against = next(
        (
            finding
            for finding in findings
            if finding.suppressed is None
            and finding.severity.at_least(Severity.MEDIUM)
            and finding.rule.startswith(wanted.held_back_by or ("-",))
        ),
        None,
    )
    if against is not None:
        place = f"{against.location.path}:{against.location.line}"
        return Feature(wanted.id, wanted.level, wanted.title, f"{against.rule} {against.name} at {place}", name)
    return Feature(wanted.id, wanted.level, wanted.title, "", name)
