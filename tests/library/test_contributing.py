"""What CONTRIBUTING.md shows is right: the rule in it loads, and its tables name every key."""

from __future__ import annotations

import re
from pathlib import Path

from reviewer.library.checklist import read_checklist
from reviewer.library.examples import example_subjects
from reviewer.library.match_schema import PLACEHOLDERS
from reviewer.library.mistakes import Mistakes
from reviewer.library.rule_file import read_rule

TEXT = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text("utf-8")


def test_the_rule_that_is_shown_is_a_rule():
    mistakes = Mistakes()
    page = re.search(r"^````markdown\n(.*?)^````$", TEXT, re.DOTALL | re.MULTILINE)
    assert page
    rule = read_rule("skills/security/rules/SEC900-vm2-as-sandbox.md", page[1], mistakes)
    mistakes.raise_any(str)
    assert rule is not None
    assert [subject.mark for subject in example_subjects(rule)] == [("src/runner.js", 1), None]


def test_the_question_that_is_shown_is_a_question():
    mistakes = Mistakes()
    item = re.search(r"^```toml\n(\[\[item\]\].*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    assert item
    assert len(read_checklist("skills/security/checklist.toml", item[1], mistakes)) == 1
    mistakes.raise_any(str)


def test_every_kind_of_match_and_every_placeholder_is_explained():
    for kind, names in PLACEHOLDERS.items():
        row = next(line for line in TEXT.splitlines() if line.startswith(f"| `{kind}` |"))
        for name in names:
            assert f"`{{{name}}}`" in row


def test_adding_a_rule_takes_at_most_eight_steps():
    steps = re.findall(r"^(\d+)\. ", TEXT[TEXT.index("## Add a rule") : TEXT.index("A complete rule")], re.MULTILINE)
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert len(steps) <= 8
