"""What the library holds: rules, agents, skills and questions, as plain records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from reviewer.core.checklist import Question
    from reviewer.core.rule import Rule


class Skill(Struct, frozen=True):
    """A skill of the library; ``body`` is empty where the pages were not read."""

    name: str
    description: str
    source: str
    body: str = ""
    body_line: int = 1


class Agent(Struct, frozen=True):
    """One of the seven experts; ``body`` is the guide, empty where the pages were not read."""

    expert: str
    title: str
    mission: str
    keywords: tuple[str, ...]
    """Words and phrases of a request that lead to this expert, in lower case."""
    skills: tuple[str, ...]
    questions: tuple[str, ...]
    """What the expert asks when a system is designed."""
    source: str
    body: str = ""
    body_line: int = 1


class Contents(Struct):
    """Everything by id or name, each in its fixed order, with the digest of the files it came from."""

    digest: str = ""
    rules: dict[str, Rule] = field(default_factory=dict)
    agents: dict[str, Agent] = field(default_factory=dict)
    skills: dict[str, Skill] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)


def needs_of(question: Question, kind: str) -> tuple[str, ...]:
    """Return what must have been looked at for a pass, for a subject of this kind.

    A host has no manifest of its own, and a registry or a design (whose manifest is the
    document itself) has no code; what a kind can't have is not asked for.
    """
    lacking = {"host": "manifest", "registry": "code", "design": "code"}.get(kind)
    return tuple(need for need in question.needs if need != lacking)
