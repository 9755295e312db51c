"""Whole hosts in several styles, each with flaws on marked lines, through the whole engine: each is found where it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import RootReview

HOSTS = sorted((Path(__file__).parent / "flawed_hosts").glob("*.txt"))
FILE = re.compile(r"^--- (\S+)\n", re.MULTILINE)
MARK = re.compile(r"[ \t]*(?://|#) <- ([A-Z0-9 ]+)$", re.MULTILINE)


class Quiet:
    """Watches nothing."""

    def at(self, path: str) -> None:
        """Say which file comes next."""

    def during(self, rule: str) -> None:
        """Say which check comes next."""


@pytest.mark.parametrize("host", HOSTS, ids=[host.stem for host in HOSTS])
def test_each_marked_flaw_is_found_on_its_line(host: Path, tmp_path: Path) -> None:
    _, *parts = FILE.split(host.read_text(encoding="utf-8"))
    wanted = set()
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        for number, line in enumerate(text.split("\n"), 1):
            marked = MARK.search(line)
            wanted.update((rule, name, number) for rule in (marked[1].split() if marked else ()))
        path = tmp_path / host.stem / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(MARK.sub("", text), encoding="utf-8")
    request = Request(kind="host", today="2026-01-01")
    (job,) = jobs_of(Plan((str(tmp_path / host.stem),), request, use_cache=False))
    root = RootReview(job, Quiet())
    results = {(unit.subject, unit.path): root.look(unit.subject, unit.path) for unit in root.units}
    (reviewed,) = root.finish(results).reviewed
    said = {(f.rule, f.location.path, f.location.line) for f in reviewed.review.findings}
    assert wanted
    assert wanted - said == set()
