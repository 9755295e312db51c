"""Asks of a decided design whether a condition of the documents' data holds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from reviewer.blueprint.condition import read_condition
from reviewer.blueprint.reading_rules import shipped_rulebook
from reviewer.blueprint.vocabulary import vocabulary

if TYPE_CHECKING:
    from reviewer.blueprint.condition import Condition
    from reviewer.blueprint.decided import Decided


def holds(decided: Decided, text: str) -> bool:
    """Tell whether a condition holds; an empty one always does."""
    return not text or _condition(text).holds(decided.facts)


@cache
def _condition(text: str) -> Condition:
    return read_condition(text, vocabulary(shipped_rulebook().dimensions.values()))
