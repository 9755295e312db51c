"""Rows of a store made by hand, and a real store filled with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.market.records import (
    DONE,
    DependencyRow,
    Entry,
    FileRow,
    FindingRow,
    Outcome,
    PermissionRow,
    SubjectRow,
)
from reviewer.market.writing import MarketWriter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def finding(rule: str, message: str = "it is so", **values: object) -> FindingRow:
    """Make a finding; its fingerprint follows from rule, path and message."""
    given = {
        "name": "a-rule-of-the-test",
        "expert": "security",
        "severity": "high",
        "confidence": "certain",
        "path": "src/main.js",
        "line": 3,
        "column": 5,
        "end_line": 3,
        "end_column": 9,
        "excerpt": "if (ok) {\n  run(name)\n}",
        "suppressed": "",
    } | values
    given.setdefault("fingerprint", f"{rule}|{given['path']}|{message}")
    return FindingRow(rule=rule, message=message, **given)


def subject(plugin: str, **values: object) -> SubjectRow:
    """Make a subject; ``needs`` are (name, range) or (name, range, kind), ``may`` are (permission, how)."""
    needs = [(*one, "plugin")[:3] for one in values.pop("needs", ())]
    may = values.pop("may", ())
    files = values.pop("files_with", ())
    given = {
        "path": "",
        "kind": "plugin",
        "ecosystem": "generic",
        "version": "1.0.0",
        "publisher": "",
        "manifest": "plugin.json",
        "score": 0,
        "files": 2,
        "analysed": 2,
        "complete": True,
    } | values
    return SubjectRow(
        plugin=plugin,
        dependencies=tuple(DependencyRow(*one) for one in needs),
        permissions=tuple(PermissionRow(*one) for one in may),
        sources=tuple(FileRow(path, digest, 100) for path, digest in files),
        **given,
    )


def write_run(
    path: Path, subjects: Iterable[SubjectRow], *, rules: str = "rules-1", digests: Iterable[str] = ()
) -> int:
    """Write a finished run with an entry for each subject, and return its id."""
    kept = list(subjects)
    named = list(digests) or [f"sha256:{number:064x}" for number in range(len(kept))]
    with MarketWriter(path) as writer:
        entries = [
            Entry("market", f"{one.plugin}-{number}", f"/market/{one.plugin}-{number}.zip", one.version)
            for number, one in enumerate(kept, 1)
        ]
        run = writer.begin(entries, rules, {}, ["market"])
        for number, (one, digest) in enumerate(zip(kept, named, strict=True), 1):
            outcome = Outcome(DONE, digest=digest, subjects=(one,))
            assert writer.keep(run, number, f"{rules} {digest}", outcome)
        writer.finish(run)
    return run
