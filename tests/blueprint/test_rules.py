"""Every decision rule fires on a design that is wrong, leaves its nearest neighbour alone, and has a way out."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from reviewer.blueprint.decide import decide
from reviewer.blueprint.model import Design
from reviewer.blueprint.reading_rules import shipped_rulebook
from reviewer.design.setting import with_values

CASES = tomllib.loads(Path(__file__).with_name("rule_cases.toml").read_text(encoding="utf-8"))
BOOK = shipped_rulebook()
HOST = {"id": "com.example.tides", "name": "Tides"}


def design_of(case: dict, outcome: str) -> Design:
    """Return the design of one case: its settings and its catalogue."""
    lists = {part: case[f"{part}-{outcome}"] for part in ("permissions", "services", "interactions")
             if f"{part}-{outcome}" in case}  # fmt: skip
    bare = Design.model_validate({"host": HOST, **lists})
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in case.get(outcome, {}).items()}
    return with_values(bare, values)


def fired(design: Design) -> dict[str, list[str]]:
    """Return the rules that fire, each with what it is about."""
    found: dict[str, list[str]] = {}
    for verdict in decide(design).verdicts:
        found.setdefault(verdict.rule.id, []).append(verdict.about)
    return found


def test_every_rule_has_a_case_and_every_case_a_rule():
    assert set(CASES) == set(BOOK.rules)


@pytest.mark.parametrize("rule", BOOK.rules)
def test_a_rule_fires_on_a_design_that_is_wrong(rule):
    verdicts = [one for one in decide(design_of(CASES[rule], "fires")).verdicts if one.rule.id == rule]
    assert verdicts, f"{rule} is silent"
    assert verdicts[0].level == BOOK.rules[rule].level
    assert bool(verdicts[0].about) is bool(BOOK.rules[rule].each)
    assert set(verdicts[0].facts) == set(BOOK.rules[rule].when.names)


@pytest.mark.parametrize("rule", BOOK.rules)
def test_a_rule_leaves_the_nearest_right_design_alone(rule):
    assert rule not in fired(design_of(CASES[rule], "quiet"))


WAYS = [(rule.id, number) for rule in BOOK.rules.values() for number, way in enumerate(rule.ways_out) if way.set]


@pytest.mark.parametrize(("rule", "number"), WAYS)
def test_a_way_out_that_names_settings_leads_out(rule, number):
    wrong = design_of(CASES[rule], "fires")
    mended = with_values(wrong, BOOK.rules[rule].ways_out[number].set)
    assert rule in fired(wrong)
    assert rule not in fired(mended)


@pytest.mark.parametrize("rule", [rule for rule in BOOK.rules.values() if not any(way.set for way in rule.ways_out)],
                         ids=lambda rule: rule.id)  # fmt: skip
def test_a_rule_about_single_items_says_in_words_what_to_do(rule):
    assert rule.each or rule.id in ("trust-monotone", "deprecation-window")
    assert all(way.text.endswith(".") for way in rule.ways_out)


def test_a_more_exact_rule_silences_the_one_that_says_the_same_less_exactly():
    found = fired(design_of({"fires": {"authors": "public", "boundary": "B2"}}, "fires"))
    assert "public-process-alone" in found
    assert "public-needs-boundary" not in found


def test_the_defaults_contradict_nothing_whoever_writes_the_plugins():
    for authors in ("self", "internal", "partner", "public"):
        for data in ("public", "internal", "personal", "regulated", "secrets"):
            for tenancy in ("single", "friendly", "hostile"):
                design = with_values(Design.model_validate({"host": HOST}),
                                     {"authors": authors, "data": data, "tenancy": tenancy})  # fmt: skip
                assert not decide(design).contradictions, (authors, data, tenancy)
