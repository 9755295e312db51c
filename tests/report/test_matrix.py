"""The matrix of experts and sections: made from the rules, and every empty cell says why."""

from __future__ import annotations

import os
import tomllib

from reviewer import resources
from reviewer.core.experts import EXPERTS
from reviewer.engine.knowledge import library_of
from reviewer.report.matrix import FILE, matrix

PAGE = resources.skills() / "coverage.md"


def test_the_page_is_what_the_command_prints():
    """Make it again after a change of a rule: REVIEWER_WRITE_INDEX=1 python -m pytest tests/report/test_matrix.py."""
    text = matrix(library_of(()).rules.values())
    if os.environ.get("REVIEWER_WRITE_INDEX"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text


def test_every_rule_names_a_section_and_every_empty_cell_a_reason():
    rules = library_of(()).rules.values()
    assert [rule.id for rule in rules if not rule.guide] == []
    data = tomllib.loads((resources.skills() / FILE).read_text("utf-8"))
    filled = {(rule.expert, section) for rule in rules for section in rule.guide}
    every = {(expert, int(section)) for expert in EXPERTS for section in data["sections"]}
    reasons = {(row["expert"], row["section"]) for row in data["empty"]}
    assert len(data["sections"]) == 13
    assert reasons == every - filled
    assert all(row["why"].endswith(".") for row in data["empty"])
