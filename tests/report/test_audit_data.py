"""The data of the audit fits the rules and the questions that ship."""

from __future__ import annotations

import tomllib
from collections import Counter

from reviewer import resources
from reviewer.engine.knowledge import library_of
from reviewer.library.audit import needs, sections
from reviewer.library.threats import surfaces
from reviewer.report.audit.threats import STRIDE

LIBRARY = library_of()


def test_every_rule_and_question_that_is_named_is_there():
    rules = {rule for surface in surfaces() for threat in surface.threats for rule in threat.rules}
    assert rules <= set(LIBRARY.rules)
    for section in sections():
        for rule in section.rules:
            assert any(known.startswith(rule) for known in LIBRARY.rules), rule
    questions = {question for surface in surfaces() for threat in surface.threats for question in threat.checklist}
    questions |= {question for section in sections() for question in section.checklist} | set(needs())
    assert questions <= set(LIBRARY.questions)


def test_every_rule_about_the_security_of_code_shows_a_threat():
    shown = {rule for surface in surfaces() for threat in surface.threats for rule in threat.rules}
    of_any_host = [
        rule.id
        for rule in LIBRARY.rules.values()
        if rule.expert == "security"
        and rule.source.startswith("skills/security/")
        and rule.applies_to.kinds != ("design",)
    ]
    assert of_any_host
    assert [rule for rule in of_any_host if rule not in shown] == []


def test_a_rule_stands_in_one_section_at_most():
    counts = Counter(rule for section in sections() for rule in LIBRARY.rules if rule.startswith(section.rules))
    assert [rule for rule, count in counts.items() if count > 1] == []


def test_a_question_stands_in_one_section_at_most():
    counts = Counter(question for section in sections() for question in section.checklist)
    assert [question for question, count in counts.items() if count > 1] == []


def test_what_is_needed_for_a_pass_is_an_interface_or_a_feature():
    table = tomllib.loads((resources.skills() / "fundamentals" / "maturity.toml").read_text("utf-8"))
    known = {surface.id for surface in surfaces()} | {f"feature:{row['id']}" for row in table["feature"]}
    assert {one for seen in needs().values() for one in seen} <= known


def test_every_interface_can_be_seen_and_has_threats():
    ids = [surface.id for surface in surfaces()]
    assert len(ids) == len(set(ids)) == 14
    for surface in surfaces():
        assert surface.kinds
        assert {threat.stride for threat in surface.threats} <= set(STRIDE)
        assert surface.threats
        assert any(
            (surface.manifest, surface.calls, surface.dynamic, surface.callees, surface.imports, surface.definitions)
        )


def test_every_question_of_a_threat_is_asked_of_a_kind_that_has_the_interface():
    for surface in surfaces():
        for threat in surface.threats:
            for question in threat.checklist:
                assert set(LIBRARY.questions[question].kinds) & set(surface.kinds), (surface.id, question)
