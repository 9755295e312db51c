"""The risk score of the permissions that a design grants, from 0 to 100."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.blueprint.cataloguing import combinations_of

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided

_MOST: Final = 100
_ENFORCED: Final = 0.6
"""Factor behind a boundary that enforces permissions."""


class Risk(Struct, frozen=True):
    """A score, and how it came about."""

    score: int
    greatest: str
    """The permission that weighs most; empty without any."""
    bonus: int
    """What dangerous combinations add."""
    enforced: bool
    """Whether the boundary enforces what is granted."""
    everything: bool
    """Whether the boundary lets less trusted plugins do anything, whatever is granted."""


def risk_of(decided: Decided) -> Risk:
    """Return the score of everything that can be granted.

    Seven times the greatest base risk times breadth, three tenths of the others', a bonus for each
    dangerous combination; less behind a boundary that enforces permissions, and the most in one
    heap with plugins that are not trusted.
    """
    weights = sorted(((one.risk * one.breadth, one.name) for one in decided.permissions), reverse=True)
    bonus = sum(combination.bonus for combination, _, _ in combinations_of(decided.permissions))
    boundary = decided.chosen("boundary")
    enforced = boundary >= "B3"
    everything = boundary <= "B1" and decided.trust < 3
    raw = 7 * weights[0][0] + 3 * sum(weight for weight, _ in weights[1:]) / 10 + bonus if weights else 0.0
    score = _MOST if everything else min(_MOST, round(raw * (_ENFORCED if enforced else 1)))
    return Risk(score, weights[0][1] if weights else "", bonus, enforced, everything)
