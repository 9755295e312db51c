"""Reviews a small whole plugin of an ecosystem with some rules, through the engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root


class Quiet:
    """Hears of the walk and says nothing."""

    def at(self, _path: str) -> None:
        """Say which file comes next."""

    def during(self, _rule: str) -> None:
        """Say which check comes next."""


def reviewed(folder: Path, files: Mapping[str, object], *rules: str) -> list[tuple[str, str, int]]:
    """Write the files and return (rule, path, line) of what the rules find; what is no text is written as JSON."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    (job,) = jobs_of(Plan((str(folder),), Request(today="2026-01-01", select=rules), use_cache=False))
    found = []
    for one in review_root(job, Quiet()).reviewed:
        assert one.review.errors == ()
        found += [(finding.rule, finding.location.path, finding.location.line) for finding in one.review.findings]
    return sorted(found)


def marked(files: Mapping[str, object], rule: str) -> list[tuple[str, str, int]]:
    """Return what is to be found: every line of a text that ends in ``<- here``."""
    return sorted(
        (rule, path, number)
        for path, content in files.items()
        if isinstance(content, str)
        for number, line in enumerate(content.split("\n"), 1)
        if "<- here" in line
    )
