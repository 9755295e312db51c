"""What follows from a design: derived facts, a choice in every dimension, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from reviewer.blueprint.condition import Fact
    from reviewer.blueprint.model import Design, Waiver
    from reviewer.blueprint.rulebook import Dimension, Rule, Value


class Answer(Struct, frozen=True):
    """One input: what was answered, or the default where nobody did."""

    key: str
    value: Value
    given: bool


class Derivation(Struct, frozen=True):
    """A fact that follows from inputs, with the rule that says so."""

    fact: str
    value: int
    rule: str
    why: str
    inputs: tuple[str, ...]


class Choice(Struct, frozen=True):
    """What is decided in one dimension."""

    dimension: Dimension
    value: Value
    """What holds: the override, else the recommendation."""
    recommended: Value
    rule: str
    """The rule of the recommendation."""
    why: str
    """Why it is recommended."""
    inputs: tuple[str, ...]
    """The facts that the recommendation looked at, as far as the row that held."""
    reason: str = ""
    """Why a person chose something else, or the same of their own accord; empty without an override."""

    @property
    def overridden(self) -> bool:
        """Tell whether a person decided against the recommendation."""
        return self.value != self.recommended

    @property
    def texts(self) -> tuple[str, ...]:
        """The chosen options as texts, whatever the dimension takes."""
        return self.value if isinstance(self.value, tuple) else (str(self.value),)


class DecidedPermission(Struct, frozen=True):
    """A permission that the host can grant."""

    name: str
    """``resource.action``."""
    reason: str
    scope: Mapping[str, tuple[str, ...]]
    risk: int
    """Base risk, 0 to 10."""
    services: tuple[str, ...]
    """Services of the context that ask for it."""
    origin: str
    """``catalogue-given``, or the rule that named it."""

    @property
    def resource(self) -> str:
        """The part before the dot."""
        return self.name.split(".", 1)[0]

    @property
    def action(self) -> str:
        """The part after the dot."""
        return self.name.split(".", 1)[1]

    @property
    def breadth(self) -> float:
        """How far it reaches: 0.4 with a scope, 0.7 where part of it is a wildcard, 1 without."""
        if not self.scope:
            return 1.0
        return 0.7 if self.wildcard else 0.4

    @property
    def wildcard(self) -> bool:
        """Tell whether a part of the scope is a wildcard."""
        return any("*" in item for items in self.scope.values() for item in items)


class DecidedService(Struct, frozen=True):
    """A service of the context."""

    name: str
    purpose: str
    permissions: tuple[str, ...]
    tenant_scoped: bool
    origin: str


class DecidedInteraction(Struct, frozen=True):
    """An interaction with its pattern, complete."""

    name: str
    purpose: str
    needs: tuple[str, ...]
    pattern: str
    """``event``, ``command`` or ``middleware``."""
    rule: str
    """The rule that chose the pattern."""
    why: str
    overridden: bool
    owner: str
    version: int
    payload: Mapping[str, str]
    result: Mapping[str, str]
    permission: str
    """What a caller must be granted; empty for none."""
    authorizes: bool
    subscribers: str
    synchronous: bool
    pure: bool
    cached: bool
    deadline_ms: int
    on_failure: str
    """``closed``, ``open``, or ``undecided`` where nobody said and no rule does."""
    described: bool
    """Whether the design gives its fields."""
    origin: str


class Verdict(Struct, frozen=True):
    """A consistency rule that fired."""

    rule: Rule
    level: str
    """``reject`` or ``warn``."""
    about: str
    """The interaction, permission, service or combination; empty for the design as a whole."""
    facts: Mapping[str, Fact]
    """What the condition looked at."""
    waiver: Waiver | None = None
    expired: bool = False
    """A waiver names it and holds no more."""

    @property
    def refuses(self) -> bool:
        """Tell whether it refuses the design."""
        return self.level == "reject" and self.waiver is None


class Decided(Struct, frozen=True):
    """A design with everything that follows from it."""

    design: Design
    answers: Mapping[str, Answer]
    """Every input by key, in the order of the interview."""
    derivations: tuple[Derivation, ...]
    """How the derived facts came about, in order."""
    facts: Mapping[str, Fact]
    """Inputs, derived facts and choices, as conditions see them."""
    choices: Mapping[str, Choice]
    """Every dimension of the design as a whole, by key, in the order of the experts."""
    services: tuple[DecidedService, ...]
    permissions: tuple[DecidedPermission, ...]
    interactions: tuple[DecidedInteraction, ...]
    verdicts: tuple[Verdict, ...]
    """All that fired and were not silenced, waived ones too, rejections first."""

    @property
    def trust(self) -> int:
        """The derived level of trust, 1 to 3."""
        return int(str(self.facts["trust"]))

    @property
    def contradictions(self) -> tuple[Verdict, ...]:
        """What refuses the design."""
        return tuple(verdict for verdict in self.verdicts if verdict.refuses)

    @property
    def warnings(self) -> tuple[Verdict, ...]:
        """Risks that nobody has answered for."""
        return tuple(one for one in self.verdicts if one.level == "warn" and one.waiver is None)

    @property
    def waived(self) -> tuple[Verdict, ...]:
        """What somebody answers for."""
        return tuple(verdict for verdict in self.verdicts if verdict.waiver is not None)

    @property
    def defaults(self) -> tuple[Answer, ...]:
        """The inputs that nobody answered."""
        return tuple(answer for answer in self.answers.values() if not answer.given)

    def of_pattern(self, pattern: str) -> tuple[DecidedInteraction, ...]:
        """Return the interactions of one pattern: ``event``, ``command`` or ``middleware``."""
        return tuple(one for one in self.interactions if one.pattern == pattern)

    def chosen(self, dimension: str) -> str:
        """Return the option of a dimension that takes one; the number, as text, where it takes that."""
        return str(self.choices[dimension].value)

    def includes(self, dimension: str, option: str) -> bool:
        """Tell whether an option is among those chosen."""
        return option in self.choices[dimension].texts

    def answer(self, key: str) -> Value:
        """Return the value of an input, given or by default."""
        return self.answers[key].value
