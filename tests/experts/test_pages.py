"""Every example on every rule page, through the whole engine: a Bad gives its finding on its line, a Good gives none."""

from __future__ import annotations

from pathlib import Path

import pytest
from rule_pages import RULES, review

from reviewer.core.rule import Rule
from reviewer.engine.rules import PAGES_CANNOT_SHOW
from reviewer.library.examples import ExampleSubject, example_subjects

CASES = [
    pytest.param(rule, subject, id=f"{rule.id}-{'good' if subject.good else 'bad'}-{subject.name}")
    for rule in RULES.values()
    if rule.id not in PAGES_CANNOT_SHOW
    for subject in example_subjects(rule)
]


@pytest.mark.parametrize(("rule", "subject"), CASES)
def test_a_page_says_what_its_rule_does(rule: Rule, subject: ExampleSubject, tmp_path: Path):
    found = review(rule, subject.name, {file.path: file.text for file in subject.files}, tmp_path / "subject")
    if subject.good:
        assert found == []
    elif subject.mark is not None:
        assert found == [subject.mark]
    else:
        assert len(found) == 1


@pytest.mark.parametrize(
    "rule", [pytest.param(rule, id=rule.id) for rule in RULES.values() if rule.id not in PAGES_CANNOT_SHOW]
)
def test_a_page_has_two_bad_and_two_good_in_the_languages_that_it_speaks_of(rule: Rule):
    subjects = example_subjects(rule)
    assert sum(not subject.good for subject in subjects) >= 2, "two Bad"
    assert sum(subject.good for subject in subjects) >= 2, "two Good, one of them a near miss"
    languages = {file.language for subject in subjects if not subject.good for file in subject.files}
    families = {"python": "python"} | dict.fromkeys(("javascript", "typescript", "jsx", "tsx"), "script")
    if languages - families.keys():
        return  # manifests, tables and the like have a say of their own
    seen = {families[language] for language in languages if language in families}
    wanted = {"python" if language == "python" else "script" for language in rule.applies_to.languages}
    assert not seen or seen >= (wanted or {"python", "script"}), f"Bad only in {sorted(seen)}"
