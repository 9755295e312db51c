"""Reads from a store what the functions over a whole market take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Severity
from reviewer.market.whole.records import FileFinding, Held, Need, Plugin, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.market.reading import MarketReader

_PLUGINS: Final = """
SELECT entry.number, ecosystem, plugin, CASE subject.version WHEN '' THEN entry.version ELSE subject.version END,
       publisher, digest, subject.id
FROM entry JOIN subject USING (result)
WHERE run = ? AND subject.number = 1 AND plugin != '' ORDER BY entry.number
"""
# What an entry is, its outermost subject says: examples and tests in it are none of the market's plugins.
_NEEDS: Final = """
SELECT DISTINCT dependency.subject, dependency.name, range, dependency.kind
FROM entry JOIN subject USING (result) JOIN dependency ON dependency.subject = subject.id
WHERE run = ?1 AND subject.number = 1 AND (dependency.kind IN ('plugin', 'peer') OR dependency.kind = 'package'
  AND dependency.name IN (SELECT plugin FROM entry JOIN subject USING (result) WHERE run = ?1 AND subject.number = 1))
ORDER BY dependency.subject, dependency.number
"""
_GRAVEST: Final = """
SELECT finding.subject, severity FROM entry JOIN subject USING (result)
JOIN finding ON finding.subject = subject.id
WHERE run = ? AND subject.number = 1 AND suppressed = '' GROUP BY finding.subject, severity
"""
_SCORES: Final = "SELECT subject.id, score FROM entry JOIN subject USING (result) WHERE run = ? AND subject.number = 1"
_PERMISSIONS: Final = """
SELECT DISTINCT permission.subject, permission FROM entry JOIN subject USING (result)
JOIN permission ON permission.subject = subject.id
WHERE run = ? AND subject.number = 1 AND how IN ('declared', 'used')
"""
_SHARED: Final = """
SELECT file.digest, ecosystem, CASE plugin WHEN '' THEN entry.name ELSE plugin END, entry.number, file.path,
       finding.rule, finding.name, severity, line, message
FROM entry JOIN subject USING (result) JOIN finding ON finding.subject = subject.id
JOIN file ON file.subject = subject.id AND file.path = finding.path
WHERE run = ? AND suppressed = '' ORDER BY file.digest, entry.number
"""
_HELD: Final = """
SELECT ecosystem, permission, how, CASE plugin WHEN '' THEN entry.name ELSE plugin END
FROM entry JOIN subject USING (result) JOIN permission ON permission.subject = subject.id WHERE run = ?
"""


def plugins(reader: MarketReader, run: int) -> list[Plugin]:
    """Return what the entries of a run name themselves, in the order of the run."""
    return [Plugin(*row) for row in reader.ask(_PLUGINS, run)]


def needs(reader: MarketReader, run: int) -> Iterator[Need]:
    """Yield what they need of one another, of their hosts, and of other plugins that are not there."""
    return (Need(*row) for row in reader.ask(_NEEDS, run))


def standings(reader: MarketReader, run: int) -> dict[int, Standing]:
    """Return what the reviews say of each, by subject."""
    scores = {int(row[0]): int(row[1]) for row in reader.ask(_SCORES, run)}
    gravest: dict[int, int] = {}
    for subject, severity in reader.ask(_GRAVEST, run):
        gravest[subject] = max(Severity(severity).rank, gravest.get(subject, -1))
    permissions: dict[int, list[str]] = {}
    for subject, permission in reader.ask(_PERMISSIONS, run):
        permissions.setdefault(subject, []).append(permission)
    return {
        subject: Standing(score, gravest.get(subject, -1), tuple(sorted(permissions.get(subject, ()))))
        for subject, score in scores.items()
    }


def file_findings(reader: MarketReader, run: int) -> Iterator[FileFinding]:
    """Yield the findings in files whose content is known, in the order of the files' digests."""
    return (FileFinding(*row) for row in reader.ask(_SHARED, run))


def permissions(reader: MarketReader, run: int) -> Iterator[Held]:
    """Yield each permission of each subject: its name, how the subject has it, and what the subject is called."""
    return (Held(*row) for row in reader.ask(_HELD, run))
