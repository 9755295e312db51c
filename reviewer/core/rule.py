"""What is known of a rule without reading any code: its page, its reach, its grades."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from reviewer.core.scale import Confidence, Severity


class AppliesTo(Struct, frozen=True):
    """Where a rule speaks; an empty tuple means everywhere."""

    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    ecosystems: tuple[str, ...] = ()
    trust: tuple[int, ...] = ()


class Example(Struct, frozen=True):
    """A fenced example of a rule page: one file of a small subject.

    ``path`` is where the file stands in the example's subject; several fences of one
    example (same ``case``) make one subject.
    """

    case: str
    good: bool
    language: str
    path: str
    text: str
    line: int


class Rule(Struct, frozen=True):
    """One rule as its file describes it."""

    id: str
    name: str
    expert: str
    severity: Severity
    confidence: Confidence
    status: str
    """``stable``, ``preview`` or ``deprecated``."""
    since: str
    fix: str
    applies_to: AppliesTo
    references: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    """Ids of the checklist items that a finding of this rule fails."""
    more_specific_than: tuple[str, ...] = ()
    """Rules that stay silent at a place where this one speaks."""
    guide: tuple[int, ...] = ()
    """Sections of the reference model of a plugin system (1 to 13) that the rule speaks of."""
    style: bool = False
    match: dict[str, Any] | None = None
    """The match as data, or None for a rule whose check is Python."""
    sections: dict[str, str] = field(default_factory=dict)
    """Heading to Markdown text, in the fixed order of the page."""
    examples: tuple[Example, ...] = ()
    source: str = ""
    """The rule file, as a person would name it."""

    def __hash__(self) -> int:
        """Tell rules apart by their ids: what is read from a page as a mapping can't be hashed."""
        return hash(self.id)
