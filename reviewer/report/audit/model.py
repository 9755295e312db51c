"""What an audit says of one subject, before it is given a form."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.report.verdict import counted

if TYPE_CHECKING:
    from reviewer.core.checklist import Answer
    from reviewer.core.review import Interface, Review
    from reviewer.core.rule import Example
    from reviewer.core.scale import Severity
    from reviewer.report.outcome import Told


class Standing(StrEnum):
    """How a threat or a section stands; what nobody looked at is never held."""

    SHOWN = "findings"
    """A finding shows that it is real."""
    DOUBT = "in doubt"
    """A question that belongs to it fails for another reason, or was waived."""
    PARTLY = "partly assessed"
    """For some of its questions nothing was found, others were not assessed."""
    QUIET = "nothing found"
    """Everything that was asked was looked at, and nothing was found."""
    UNKNOWN = "not assessed"
    NOT_APPLICABLE = "not applicable"


class Risk(Struct, frozen=True):
    """The grade of a subject: a word, and what it rests on."""

    level: str
    """A severity, ``none found``, or ``not assessed``."""
    why: str
    counts: tuple[tuple[Severity, tuple[int, int, int]], ...]
    """For each severity, gravest first, how many are certain, likely and possible."""


class ThreatView(Struct, frozen=True):
    """A threat at an interface of this subject."""

    stride: str
    name: str
    """The word that the letter stands for."""
    threat: str
    control: str
    standing: Standing
    evidence: tuple[str, ...]


class InterfaceView(Struct, frozen=True):
    """An interface that the subject has, with the places that show it."""

    interface: Interface
    about: str
    threats: tuple[ThreatView, ...]


class SectionView(Struct, frozen=True):
    """One of the seven sections."""

    id: str
    title: str
    about: str
    standing: Standing
    notes: tuple[str, ...]
    """What was seen besides findings and answers."""
    findings: tuple[Told, ...]
    answers: tuple[Answer, ...]
    """Of the questions that are asked of this kind of subject."""


class Step(Struct, frozen=True):
    """One step of the hardening guide: everything that one rule found."""

    rule: str
    name: str
    severity: Severity
    share: int
    """How much of the whole weight it takes away, in hundredths."""
    fix: str
    found: tuple[Told, ...]
    example: Example | None
    """How it looks when it is right, in the language of what was found where the rule has it."""


class Audit(Struct, frozen=True):
    """The audit of one subject."""

    review: Review
    risk: Risk
    findings: tuple[Told, ...]
    """Those that bear on security, gravest first."""
    accepted: tuple[Told, ...]
    """Those that bear on security and that somebody silenced."""
    others: int
    """Open findings that don't."""
    interfaces: tuple[InterfaceView, ...]
    unseen: tuple[str, ...]
    """Interfaces that a subject of this kind can have, and of which no sign was seen."""
    sections: tuple[SectionView, ...]
    steps: tuple[Step, ...]

    @property
    def besides(self) -> str:
        """What else was found, in words; empty where nothing was."""
        if not self.others:
            return ""
        return f"besides {counted(self.others, 'finding')} without bearing on security; reviewer review shows all"
