"""Every example on the fundamentals expert's pages: a Bad gives its finding on its line, a Good gives none."""

from __future__ import annotations

import pytest
from idioms import findings

from reviewer import resources
from reviewer.library.examples import ExampleSubject, example_subjects
from reviewer.library.library import load_library

_CASES = [
    pytest.param(rule, subject, id=f"{rule.id}-{'good' if subject.good else 'bad'}-{subject.name}")
    for rule in load_library(resources.skills(), resources.agents(), pages=True).rules.values()
    if rule.expert == "fundamentals" and rule.id < "FUN080"  # the engine itself speaks for those behind
    for subject in example_subjects(rule)
]


@pytest.mark.parametrize(("rule", "subject"), _CASES)
def test_a_page_says_what_its_rule_does(rule, subject: ExampleSubject):
    kind = rule.applies_to.kinds[0] if rule.applies_to.kinds else "plugin"
    found = findings(rule.id, {file.path: file.text for file in subject.files}, kind)
    if subject.good:
        assert found == []
    elif subject.mark is not None:
        assert found == [subject.mark]
    else:
        assert len(found) == 1
