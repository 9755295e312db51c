"""Good programs of many kinds, and each of them with one slip that passes review: what is found of it, by whom.

A file of `programs/` holds a program that does its work well, what a review says of it all the same (`says`), and its
slips: a text that takes the place of another, the experts who ought to notice, and the rules that do (`found`). Where
that is empty nobody does yet: a list of what is still to be learnt. `REVIEWER_WRITE_SLIPS=1` writes both anew.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path

import pytest

from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import RootReview

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.toml"))
PREFIXES = {"FUN", "API", "REG", "SEC", "LIF", "COM", "PAT"}


class Quiet:
    """Hears of the walk and says nothing."""

    def at(self, _path):
        pass

    def during(self, _rule):
        pass


def said_of(folder, files, kind):
    """Lay a program down and return (rule, path) of what a review says of it by default."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (job,) = jobs_of(Plan((str(folder),), Request(today="2026-01-01", kind=kind), use_cache=False))
    root = RootReview(job, Quiet())
    results = {(unit.subject, unit.path): root.look(unit.subject, unit.path) for unit in root.units}
    reviews = [one.review for one in root.finish(results).reviewed]
    assert not [error for review in reviews for error in review.errors]
    return {(one.rule, one.location.path) for review in reviews for one in review.findings}


def slipped(files, slip):
    """Return the files of a program with one slip; its old text stands once in one of them."""
    (path,) = [path for path, text in files.items() if slip["old"] in text]
    assert files[path].count(slip["old"]) == 1
    return {**files, path: files[path].replace(slip["old"], slip["new"])}


def measured(program, folder):
    """Return what is said of a program, and for each slip which rules of its experts speak only because of it."""
    files, kind = program["files"], program["kind"]
    whole = said_of(folder / "whole", files, kind)
    found = []
    for number, slip in enumerate(program["slip"]):
        more = said_of(folder / str(number), slipped(files, slip), kind) - whole
        found.append(sorted({rule for rule, _path in more if rule[:3] in slip["experts"]}))
    return sorted(f"{rule} {path}" for rule, path in whole), found


def written(text, says, found):
    """Return the text of a program's file with what was measured."""
    rows = iter([says, *found])

    def row(match):
        return f"{match[1]} = [{', '.join(map(json.dumps, next(rows)))}]"

    return re.sub(r"^(says|found) = \[.*\]$", row, text, flags=re.MULTILINE)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_what_is_found_of_each_slip(path, tmp_path):
    text = path.read_text(encoding="utf-8")
    program = tomllib.loads(text)
    says, found = measured(program, tmp_path)
    if os.environ.get("REVIEWER_WRITE_SLIPS"):
        path.write_text(written(text, says, found), encoding="utf-8")
        return
    assert says == program["says"]
    assert {slip["name"]: rules for slip, rules in zip(program["slip"], found, strict=True)} == {
        slip["name"]: slip["found"] for slip in program["slip"]
    }


def test_the_programs_say_who_ought_to_notice():
    for path in PROGRAMS:
        program = tomllib.loads(path.read_text(encoding="utf-8"))
        names = [slip["name"] for slip in program["slip"]]
        assert len(set(names)) == len(names) > 0, path.stem
        assert all(slip["experts"] and set(slip["experts"]) <= PREFIXES for slip in program["slip"]), path.stem
