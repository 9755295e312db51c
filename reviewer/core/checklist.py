"""The checklist: questions of the experts and what was answered."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct

OF_A_SCALE: Final = "/"
"""What stands in the id of a row that an ecosystem's own scale asks, behind its tier: ``gold/diagnostics``.

People answer such a row in the file of the scale, not by signing it here.
"""


class Status(StrEnum):
    """How a checklist item stands; ``not assessed`` never counts as ``pass``."""

    PASS = "pass"  # noqa: S105 - an outcome, no password
    FAIL = "fail"
    WAIVED = "waived"
    NOT_APPLICABLE = "not applicable"
    NOT_ASSESSED = "not assessed"


class Question(Struct, frozen=True):
    """A question of an expert, as the library holds it."""

    id: str
    expert: str
    question: str
    kinds: tuple[str, ...]
    automatic: bool
    evidence: str
    """What a person or a check looks at to answer."""
    needs: tuple[str, ...] = ()
    """Kinds of evidence that must have been looked at for a pass: ``manifest``, ``code``."""


class Answer(Struct, frozen=True):
    """One item of a result's checklist."""

    id: str
    expert: str
    question: str
    status: Status
    evidence: tuple[str, ...]
