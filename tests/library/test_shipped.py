"""The library that ships is whole: seven experts, fourteen questions each, pages a person can use."""

from __future__ import annotations

import re

import pytest

from reviewer import resources
from reviewer.core.experts import EXPERTS, RULE_PREFIXES
from reviewer.library.library import load_library


@pytest.fixture(scope="module")
def shipped():
    return load_library(resources.skills(), resources.agents(), pages=True)


def test_every_expert_has_a_guide_a_skill_and_fourteen_questions(shipped):
    assert tuple(shipped.agents) == EXPERTS
    for prefix, expert in RULE_PREFIXES.items():
        agent = shipped.agents[expert]
        assert expert in shipped.skills
        assert expert in agent.skills
        assert len(agent.questions) >= 5
        assert 100 <= len(agent.body.split("\n")) <= 250
        ids = [item.id for item in shipped.questions.values() if item.expert == expert]
        assert ids == [f"{prefix}{number}" for number in range(1, 15)]


def test_guides_and_quick_references_are_different_texts(shipped):
    for expert in EXPERTS:
        guide = set(shipped.agents[expert].body.split("\n"))
        reference = {line for line in shipped.skills[expert].body.split("\n") if len(line) > 60}
        assert len(reference & guide) <= len(reference) // 10


def test_no_page_carries_marks_of_a_draft(shipped):
    bodies = {name: agent.body for name, agent in shipped.agents.items()}
    bodies |= {f"skill {name}": skill.body for name, skill in shipped.skills.items()}
    bodies |= {rule.id: "\n".join(rule.sections.values()) for rule in shipped.rules.values()}
    for name, body in bodies.items():
        assert not re.search(r"\[S\d+\]|\(K\)|\bTODO\b|\bTBD\b|\bFIXME\b", body), name


def test_a_request_in_plain_words_reaches_the_expert_it_means(shipped):
    keywords = {expert: set(agent.keywords) for expert, agent in shipped.agents.items()}
    for word, expert in (
        ("permissions", "security"),
        ("sandbox", "security"),
        ("timeout", "lifecycle"),
        ("hot reload", "lifecycle"),
        ("event bus", "communication"),
        ("middleware", "communication"),
        ("multi-tenancy", "patterns"),
        ("cache", "patterns"),
        ("dependencies", "registry"),
        ("signature", "registry"),
        ("json schema", "api"),
        ("breaking change", "api"),
        ("manifest", "fundamentals"),
        ("discovery", "fundamentals"),
    ):
        assert word in keywords[expert], (word, expert)
