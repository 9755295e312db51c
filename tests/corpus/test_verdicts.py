"""The verdicts on findings of the corpus: every rule that fires was read, and few findings are false."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from corpus import load
from review_corpus import read_snapshot

VERDICTS = Path(__file__).resolve().parent / "verdicts.toml"
KEYS = {"rule", "package", "path", "line", "verdict", "because"}

Place = tuple[str, str, str, int]


def verdicts() -> list[dict[str, Any]]:
    """Return the verdicts as they are written."""
    found: list[dict[str, Any]] = tomllib.loads(VERDICTS.read_text(encoding="utf-8")).get("verdict", [])
    return found


def place(verdict: dict[str, Any]) -> Place:
    """Return which finding a verdict is about."""
    return (verdict["rule"], verdict["package"], verdict["path"], verdict["line"])


def findings(confidence: str = "") -> set[Place]:
    """Return the findings of the snapshot, or those of one confidence, in the spelling of the verdicts."""
    return {
        (finding["rule"], key.rpartition("@")[0], finding["path"], finding["line"])
        for key, record in read_snapshot().items()
        for subject in record["subjects"]
        for finding in subject["findings"]
        if confidence in {"", finding["confidence"]}
    }


def test_every_verdict_is_complete_and_given_once():
    packages = {package.key.rpartition("@")[0] for package in load()}
    seen: Counter[Place] = Counter()
    for verdict in verdicts():
        assert set(verdict) - {"mended"} == KEYS, verdict
        assert verdict["verdict"] in {"true", "false", "debatable"}, verdict
        assert verdict["package"] in packages, verdict
        assert verdict["because"].endswith("."), verdict
        assert "mended" not in verdict or verdict["verdict"] == "false", verdict
        seen[place(verdict)] += 1
    assert [one for one, times in seen.items() if times > 1] == []


def test_every_verdict_that_stands_names_a_finding_of_the_snapshot():
    standing = {place(verdict) for verdict in verdicts() if not verdict.get("mended")}
    assert sorted(standing - findings()) == []


def test_a_false_finding_that_was_mended_has_not_come_back():
    mended = {place(verdict) for verdict in verdicts() if verdict.get("mended")}
    assert sorted(mended & findings()) == []


def test_every_rule_that_fires_in_the_corpus_was_judged():
    fired = {finding[0] for finding in findings()}
    assert sorted(fired - {verdict["rule"] for verdict in verdicts() if not verdict.get("mended")}) == []


def test_no_rule_that_is_sure_is_wrong_more_than_once_in_ten_verdicts():
    given: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    unsure = findings(confidence="possible")
    for verdict in verdicts():
        if not verdict.get("mended") and place(verdict) not in unsure:
            given[verdict["rule"]] += 1
            wrong[verdict["rule"]] += verdict["verdict"] == "false"
    assert {rule: f"{wrong[rule]} of {given[rule]}" for rule in wrong if wrong[rule] * 10 > given[rule]} == {}
