"""Beyond small hosts general rules are only as sure as packages have borne them out; anywhere else they are as ever."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

import reviewer
from reviewer import resources
from reviewer.engine.judging.doubt import SMALL_HOST, borne_out
from reviewer.engine.knowledge import library_of

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def grown(folder, example, size):
    """Lay an example beside source that says nothing, ``size`` bytes of it, and return the folder."""
    shutil.copytree(EXAMPLES / example, folder)
    (folder / "src").mkdir(exist_ok=True)
    ending, line = ("py", "STEP_{0} = {0}\n") if example.endswith("py") else ("ts", "const step{0} = {0};\n")
    (folder / "src" / f"steps.{ending}").write_text("".join(line.format(number) for number in range(size // 14)))
    return folder


def sureness(path, **wishes):
    """Return (rule, path, line) to confidence of all findings, the possible ones included."""
    (reviewed,) = reviewer.review(path, strictness="auditor", **wishes).reviews
    return {(one.rule, one.location.path, one.location.line): one.confidence for one in reviewed.findings}


def test_a_larger_host_is_told_with_doubt_what_is_not_borne_out(tmp_path):
    small, large = sureness(EXAMPLES / "flawed-host"), sureness(grown(tmp_path / "host", "flawed-host", SMALL_HOST))
    assert small.keys() <= large.keys()
    changed = {place[0] for place, sure in small.items() if large[place] != sure}
    assert changed
    assert changed.isdisjoint(borne_out())
    assert {large[place] for place in small if place[0] in changed} == {"possible"}
    kept = {place[0] for place, sure in small.items() if sure == "likely"} - changed
    assert kept
    assert kept <= borne_out()


def test_what_is_left_out_is_counted(tmp_path):
    host = grown(tmp_path / "host", "flawed-host", SMALL_HOST)
    (told,) = reviewer.review(host).reviews
    (audited,) = reviewer.review(host, strictness="auditor").reviews
    asked = {rule.id for rule in library_of().rules.values() if rule.status == "stable" and not rule.style}
    assert told.unshown == sum(one.confidence == "possible" and one.rule in asked for one in audited.findings) > 0
    assert audited.unshown == 0


def test_who_names_a_rule_hears_it_as_ever(tmp_path):
    small = sureness(EXAMPLES / "flawed-host", select=["SEC003"])
    large = sureness(grown(tmp_path / "host", "flawed-host", SMALL_HOST), select=["SEC003"])
    assert "SEC003" not in borne_out()
    assert set(small.values()) == {"likely"}
    assert small == large


def test_a_host_of_little_source_is_told_as_ever(tmp_path):
    small, grown_host = (
        sureness(EXAMPLES / "flawed-host"),
        sureness(grown(tmp_path / "host", "flawed-host", SMALL_HOST // 4)),
    )
    assert all(grown_host[place] == sure for place, sure in small.items())


def test_code_of_which_nothing_says_what_it_is_counts_like_a_host(tmp_path):
    code = "class Sheet:\n    rows = []\n\n    def add(self, row):\n        self.rows.append(row)\n"
    (tmp_path / "drawing.py").write_text(code)
    small = sureness(tmp_path)
    (tmp_path / "steps.py").write_text("".join(f"STEP_{number} = {number}\n" for number in range(SMALL_HOST // 14)))
    large = sureness(tmp_path)
    doubted = {place for place, sure in small.items() if sure == "likely" and place[0] not in borne_out()}
    assert doubted
    assert {large[place] for place in doubted} == {"possible"}


@pytest.mark.parametrize("example", ["flawed-ts", "flawed-py"])
def test_a_plugin_is_told_as_ever_however_large_it_is(tmp_path, example):
    small, large = sureness(EXAMPLES / example), sureness(grown(tmp_path / "plugin", example, SMALL_HOST))
    assert {place: large.get(place) for place in small} == small


def test_what_was_read_is_of_rules_that_are_there():
    read = tomllib.loads((resources.skills() / "read.toml").read_text(encoding="utf-8"))["rules"]
    assert set(read) <= set(library_of().rules)
    assert all(true + false > 0 for true, false in read.values())
    assert {rule for rule, (true, _false) in read.items() if true == 0}.isdisjoint(borne_out())
