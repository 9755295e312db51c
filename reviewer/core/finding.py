"""What a check says, and what the result keeps of it."""

from __future__ import annotations

from msgspec import Struct, field

from reviewer.core.location import Fix, Location, Related
from reviewer.core.scale import Confidence, Severity


class Suppression(Struct, frozen=True):
    """Why a finding is known and accepted: who silenced it, where, and with what reason."""

    kind: str
    """``inline``, ``configuration``, ``baseline``, ``waiver`` or ``unchanged``."""
    reason: str
    path: str
    line: int


class Finding(Struct, frozen=True):
    """One true statement about one place of a subject."""

    rule: str
    name: str
    expert: str
    severity: Severity
    confidence: Confidence
    message: str
    location: Location
    related: tuple[Related, ...] = ()
    fix: Fix = field(default_factory=lambda: Fix(""))
    references: tuple[str, ...] = ()
    fingerprint: str = ""
    content: str = ""
    """A mark of what was found whatever file it is in, for what has to outlast renames."""
    suppressed: Suppression | None = None
    style: bool = False

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """The total order in which findings are listed: place first, then rule."""
        place = self.location
        return (place.path, place.line, place.column, self.rule, self.message)
