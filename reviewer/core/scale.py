"""Ordered scales of the domain: severity, confidence, strictness, trust."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How much harm a finding can do, mildest first."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Position on the scale, 0 for ``info`` up to 4 for ``critical``."""
        return _SEVERITY_RANK[self.value]

    def at_least(self, other: Severity) -> bool:
        """Tell whether this severity is ``other`` or graver."""
        return self.rank >= other.rank


class Confidence(StrEnum):
    """How sure a rule is of what it says, least sure first."""

    POSSIBLE = "possible"
    LIKELY = "likely"
    CERTAIN = "certain"

    @property
    def rank(self) -> int:
        """Position on the scale, 0 for ``possible`` up to 2 for ``certain``."""
        return _CONFIDENCE_RANK[self.value]


class Strictness(StrEnum):
    """How much a person wants to hear."""

    REGULAR = "regular"
    PEDANTIC = "pedantic"
    AUDITOR = "auditor"

    def shows(self, severity: Severity, confidence: Confidence, *, style: bool = False) -> bool:
        """Tell whether a finding of this severity and confidence is shown.

        ``regular`` shows what is certain or likely, ``pedantic`` adds style rules, and
        ``auditor`` adds what is only possible.
        """
        if self is Strictness.AUDITOR:
            return True
        if confidence is Confidence.POSSIBLE:
            return False
        return self is Strictness.PEDANTIC or not (style or severity is Severity.INFO)


_SEVERITY_RANK = {level.value: rank for rank, level in enumerate(Severity)}
_CONFIDENCE_RANK = {level.value: rank for rank, level in enumerate(Confidence)}
