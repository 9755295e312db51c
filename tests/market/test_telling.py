"""What ``reviewer batch`` tells of runs that were: another run, the whole, the page, the difference of two."""

from __future__ import annotations

import json

import pytest
from market_rows import finding, subject, write_run

from reviewer.cli.main import main

SHELL = finding("SEC041", "a shell gets what a stranger wrote", severity="critical")


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A store with two runs; the current folder is its own."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "market.db"
    write_run(path, [subject("gauge"), subject("harbour-tools")], rules="rules-1")
    write_run(path, [subject("gauge", findings=(SHELL,)), subject("harbour-t0ols")], rules="rules-2")
    return path


def told(capfd, *words: str) -> tuple[int, str, str]:
    code = main(["batch", *words])
    out, err = capfd.readouterr()
    return code, out, err


@pytest.mark.usefixtures("store")
def test_any_run_can_be_told_of_with_what_only_the_whole_shows(capfd):
    code, text, _ = told(capfd, "--whole")
    assert code == 1
    assert "SEC041" in text
    assert "No two ids are taken for one another." in text
    code, text, _ = told(capfd, "--run", "1", "--whole", "--format", "json")
    assert code == 0
    data = json.loads(text)
    assert [table["key"] for table in data["whole"]] == [
        "alike", "shared", "inherited", "conflicts", "circles", "unmet", "permissions",
    ]  # fmt: skip
    assert data["run"]["id"] == 1


def test_the_whole_in_text_keeps_its_width_and_nothing_acts(store, capfd):
    evil = "\x1b[31m\N{RIGHT-TO-LEFT OVERRIDE}harbour" + "x" * 200
    write_run(store, [subject(evil, may=[(evil, "used")], needs=[(evil, evil), ("\x1bgone", "")])], rules="rules-3")
    _code, text, _ = told(capfd, "--whole")
    assert "\x1b" not in text
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text
    assert max(map(len, text.splitlines())) <= 80


def test_the_page_is_written_to_a_file(store, capfd):
    assert told(capfd, "--format", "html", "--output", "market.html")[0] == 1
    page = (store.parent / "market.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "Why it matters" in page


@pytest.mark.usefixtures("store")
def test_the_difference_of_two_runs_is_told_as_text_and_as_json(capfd):
    code, text, _ = told(capfd, "--diff", "1,2")
    assert code == 0
    assert "+ critical gauge-1 1.0.0" in text
    assert "gone: harbour-tools-2" in text
    code, text, _ = told(capfd, "--diff", "2,1", "--format", "json")
    data = json.loads(text)
    assert (code, data["counts"]) == (0, {"new": 0, "gone": 1, "changed": 0})
    assert data["rules"][0]["changes"][0]["fingerprint"] == SHELL.fingerprint


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--diff", "1"], "expected two runs, the earlier one first"),
        (["--diff", "1,2,3"], "expected two runs"),
        (["--diff", "1,first"], "found 'first', expected the number of a run"),
        (["--diff", "1,1"], "one run; name two"),
        (["--diff", "1,9"], "no run 9 in this store (runs: 1, 2)"),
        (["--diff", "1,2", "--format", "html"], "--diff has no page"),
        ([".", "--diff", "1,2"], "leave"),
        (["--run", "0"], "expected the number of a run"),
        (["--run", "7"], "no run 7"),
        ([".", "--run", "1"], "leave the sources out"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_with_what_would(capfd, words, said):
    code, out, err = told(capfd, *words)
    assert (code, out) == (2, "")
    assert said.replace("leave", "review the sources first") in err or said in err
