"""What the sign-off file holds: answers to questions of the checklist, and findings that are waived."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.checklist import Status
from reviewer.engine.signoff.place import home_of

if TYPE_CHECKING:
    from pathlib import Path

OPEN: Final = "open"
"""The status by which a person takes an answer back."""
STATUSES: Final = (Status.PASS.value, Status.FAIL.value, Status.WAIVED.value, Status.NOT_APPLICABLE.value, OPEN)
WHOLE: Final = "."
"""The path of evidence that is the whole subject."""


class SignedAnswer(Struct, frozen=True):
    """A person's answer to one question about one subject."""

    item: str
    """Id of the question."""
    status: str
    """One of `STATUSES`."""
    who: str
    when: str
    """ISO date."""
    why: str
    until: str = ""
    """ISO date after which the answer has expired; a waiver always has one, other answers may be for good."""
    subject: str = WHOLE
    """Path of the subject, relative to the folder that holds ``.reviewer``."""
    evidence: tuple[tuple[str, str], ...] = ()
    """(path in the subject, digest) of what was looked at; `WHOLE` stands for everything."""
    line: int = 0
    """Where it stands in the file; 0 for one that is not written yet."""


class Waiver(Struct, frozen=True):
    """A finding that a person accepts for a while; other code at its place has another fingerprint."""

    rule: str
    path: str
    """File of the finding, relative to the subject."""
    fingerprint: str
    who: str
    when: str
    why: str
    until: str
    subject: str = WHOLE
    line: int = 0


class SignOff(Struct, frozen=True, dict=True):
    """A sign-off file as it is on disk; ``file`` need not exist yet."""

    file: Path
    answers: tuple[SignedAnswer, ...] = ()
    """In the order of the file; of several for one item and subject the last counts."""
    waivers: tuple[Waiver, ...] = ()

    @cached_property
    def _last(self) -> dict[tuple[str, str], SignedAnswer]:
        """The answers that count, where they are found at once."""
        return {(answer.subject, answer.item): answer for answer in self.answers}

    @property
    def home(self) -> Path:
        """The folder that paths of subjects are relative to: the one that holds ``.reviewer``."""
        return home_of(self.file)

    def answer(self, subject: str, item: str) -> SignedAnswer | None:
        """Return the answer that counts for a question about a subject, or None where it is open."""
        found = self._last.get((subject, item))
        return None if found is None or found.status == OPEN else found
