"""What the experts know of designs, as records: questions, dimensions with their options, rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from reviewer.blueprint.condition import Condition

Value: TypeAlias = "bool | int | float | str | tuple[str, ...]"
"""An answer or a choice: one option, several options, or a number."""
Each: TypeAlias = Literal["", "interaction", "permission", "service", "combination"]
"""What a rule is asked about one by one; empty where it is asked about the design as a whole."""


class Question(Struct, frozen=True):
    """A question of the interview, asked by one expert."""

    key: str
    """The input that it answers."""
    expert: str
    question: str
    why: str
    """Why it matters."""
    default: Value
    options: Mapping[str, str]
    """Option to its consequence; empty where the answer is a number, a flag or free text."""
    unit: str = ""
    when: Condition | None = None
    """Asked only where this holds for the answers before it."""


class Row(Struct, frozen=True):
    """One row of a dimension's table: the first that holds gives the recommendation."""

    rule: str
    value: Value
    """An option; ``@name`` takes over what another fact is."""
    why: str
    when: Condition | None = None


class Dimension(Struct, frozen=True):
    """Something that every design decides."""

    key: str
    expert: str
    title: str
    question: str
    takes: str
    """``one`` option, ``several`` options, or a ``number``."""
    options: Mapping[str, str]
    """Option to its consequence."""
    rows: tuple[Row, ...]
    ordered: bool = False
    guide: int = 0
    """Section of the reference model that it belongs to."""
    unit: str = ""
    """What a number counts."""
    each: Each = ""


class WayOut(Struct, frozen=True):
    """One way out of a contradiction: in words, and as settings where settings are enough."""

    text: str
    set: Mapping[str, Value]


class Rule(Struct, frozen=True):
    """A consistency rule: what must not stand together in a design."""

    id: str
    expert: str
    level: str
    """``reject`` refuses the design, ``warn`` tells of a risk."""
    when: Condition
    why: str
    consequence: str
    ways_out: tuple[WayOut, ...]
    dimension: str
    """The decision that it is about."""
    each: Each = ""
    milder_when: Condition | None = None
    """A rejection is a warning where this holds too."""
    silences: tuple[str, ...] = ()
    """Rules that say the same less exactly."""
    references: tuple[str, ...] = ()
    source: str = ""


class Rulebook(Struct, frozen=True):
    """All questions, dimensions and rules, each by its key in a fixed order."""

    questions: Mapping[str, Question]
    """In the order of the interview."""
    dimensions: Mapping[str, Dimension]
    """By expert, then as in the file."""
    order: tuple[str, ...]
    """The dimensions in an order in which they can be decided: each after those that it asks about."""
    rules: Mapping[str, Rule]
    """By expert, then as in the file."""

    @property
    def rule_names(self) -> tuple[str, ...]:
        """Every rule that a sentence of a document may name: of derivation, choice and consistency."""
        rows = (row.rule for dimension in self.dimensions.values() for row in dimension.rows)
        return (*DERIVATIONS, *rows, *self.rules)


DERIVATIONS: Mapping[str, str] = {
    "trust-from-authors": "Trust follows from who writes the plugins: 1 the public, 2 partners, 3 your own people.",
    "trust-lowered-unreviewed": "Code that nobody reads gets one level less where personal data is in reach.",
    "trust-minimum-of-dependencies": "A plugin is trusted as far as the least trusted thing that it depends on.",
    "all-rules-asked": "Every rule is asked, all together.",
    "catalogue-given": "The design lists it.",
    "catalogue-from-inputs": "The design lists none, so the inputs name the usual ones.",
}
"""Rules that derive facts in code, with what they say."""
