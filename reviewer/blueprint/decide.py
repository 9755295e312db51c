"""Decides a design: answers, derived facts, a choice in every dimension, and every rule that fires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.blueprint.cataloguing import (
    combinations_of,
    fields_of,
    interactions_of,
    permissions_of,
    services_of,
)
from reviewer.blueprint.decided import Answer, Choice, Decided, DecidedInteraction
from reviewer.blueprint.deriving import derive, fact, facts_of
from reviewer.blueprint.judging import Item, judge
from reviewer.blueprint.reading_rules import shipped_rulebook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.blueprint.catalogue import Interaction
    from reviewer.blueprint.condition import Fact, Facts
    from reviewer.blueprint.decided import DecidedPermission, DecidedService
    from reviewer.blueprint.model import Design
    from reviewer.blueprint.rulebook import Dimension, Row, Rulebook, Value

PATTERN: Final = "interaction.pattern"
_DEADLINES: Final = {"event": 1000, "command": 5000, "middleware": 500}
"""Milliseconds that the usual handler of a pattern may take where the design names no deadline."""


def decide(design: Design, *, today: str = "", rulebook: Rulebook | None = None) -> Decided:
    """Return everything that follows from a design.

    ``today`` is the ISO date against which waivers expire; without it none does. The rules are
    those that ship, unless others are handed over.
    """
    rules = rulebook or shipped_rulebook()
    answers = answers_of(design, rules)
    derivations = derive(answers)
    facts = facts_of(answers, derivations)
    listed, origin = interactions_of(design, facts)
    patterns = {one.name: _pattern(rules.dimensions[PATTERN], one, facts) for one in listed}
    facts |= _kinds(listed, {name: pattern for name, (pattern, _) in patterns.items()})
    choices = _choices(design, rules, facts)
    services = services_of(design, facts)
    interactions = tuple(_interaction(one, *patterns[one.name], choices, origin) for one in listed)
    permissions = permissions_of(design, services, listed)
    items = tuple(_items(interactions, services, permissions))
    verdicts = judge(rules, facts, items, design.waivers, today)
    return Decided(design, answers, derivations, facts, choices, services, permissions, interactions, verdicts)


def answers_of(design: Design, rulebook: Rulebook) -> dict[str, Answer]:
    """Return an answer to every question, the default where nobody gave one."""
    answers: dict[str, Answer] = {}
    for key, question in rulebook.questions.items():
        given = getattr(design.inputs, key)
        value = tuple(given) if isinstance(given, list) else given
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # 50 and 50.0 are one answer
        answers[key] = Answer(key, question.default if value is None else value, value is not None)
    return answers


def recommend(dimension: Dimension, facts: Facts) -> tuple[Row, Value, tuple[str, ...]]:
    """Return the first row that holds, its value, and the facts that it rests on."""
    looked: list[str] = []
    for row in dimension.rows:
        if row.when is None or row.when.holds(facts):
            rests = row.when.names if row.when is not None else tuple(looked)
            return row, _resolved(row.value, facts), tuple(dict.fromkeys(rests))
        looked += row.when.names
    raise LookupError(f"no row of {dimension.key} holds")  # a guard: the reader asks for a last row without when


def _resolved(value: Value, facts: Facts) -> Value:
    """Return a value, or the fact that it takes over."""
    if not (isinstance(value, str) and value.startswith("@")):
        return value
    found = facts[value[1:]]
    return tuple(sorted(found)) if isinstance(found, frozenset) else (found or 0)


def _choices(design: Design, rulebook: Rulebook, facts: dict[str, Fact]) -> dict[str, Choice]:
    """Decide every dimension in turn; what is chosen is a fact for those after it."""
    choices: dict[str, Choice] = {}
    for key in rulebook.order:
        dimension = rulebook.dimensions[key]
        if dimension.each:
            continue
        row, recommended, inputs = recommend(dimension, facts)
        override = design.decisions.get(key)
        value, reason = recommended, ""
        if override is not None:
            chosen = override.choose
            value, reason = tuple(chosen) if isinstance(chosen, list) else chosen, override.reason
        choices[key] = Choice(dimension, value, recommended, row.rule, row.why, inputs, reason)
        facts[key] = fact(value)
    return {key: choices[key] for key in rulebook.dimensions if key in choices}


def _pattern(dimension: Dimension, one: Interaction, facts: Facts) -> tuple[str, Row]:
    """Return how an interaction is done, and the row that recommends a pattern."""
    own: dict[str, Fact] = {
        **facts,
        "interaction.needs": frozenset(one.needs),
        "interaction.authorizes": bool(one.authorizes),
    }
    row, recommended, _ = recommend(dimension, own)
    return one.pattern or str(recommended), row


def _kinds(listed: tuple[Interaction, ...], patterns: dict[str, str]) -> dict[str, Fact]:
    """Return what the interactions are, as facts."""
    found = set(patterns.values())
    return {
        "has_event": "event" in found,
        "has_command": "command" in found,
        "has_chain": "middleware" in found,
        "has_veto": any("veto" in one.needs or one.authorizes for one in listed),
        "has_pure": any(one.pure for one in listed),
    }


def _interaction(
    one: Interaction, pattern: str, row: Row, choices: dict[str, Choice], origin: str
) -> DecidedInteraction:
    """Complete an interaction with what is recommended for its pattern."""
    pure = bool(one.pure)
    failure = str(choices["hook_failure"].value)
    return DecidedInteraction(
        name=one.name,
        purpose=one.purpose or f"Carries {one.name} between host and plugins.",
        needs=tuple(one.needs),
        pattern=pattern,
        rule=row.rule,
        why=row.why,
        overridden=pattern != row.value,
        owner=one.owner or ("plugin" if pattern == "command" else "host"),
        version=one.version or 1,
        payload=fields_of(one.payload),
        result=fields_of(one.result),
        permission=one.permission or "",
        authorizes=bool(one.authorizes),
        subscribers=one.subscribers or ("many" if "fanout" in one.needs else "one"),
        synchronous=bool(one.synchronous),
        pure=pure,
        cached=one.cached if one.cached is not None else pure and choices["cache"].value == "pure_commands",
        deadline_ms=one.deadline_ms or _DEADLINES[pattern],
        on_failure=one.on_failure or ("closed" if failure == "closed_for_security" else failure),
        described=one.payload is not None,
        origin=origin,
    )


def _items(
    interactions: tuple[DecidedInteraction, ...],
    services: tuple[DecidedService, ...],
    permissions: tuple[DecidedPermission, ...],
) -> Iterator[Item]:
    """Yield everything that rules are asked about one by one."""
    for one in interactions:
        fields: tuple[str, ...] = (
            "needs",
            "pattern",
            "owner",
            "described",
            "permission",
            "authorizes",
            "subscribers",
            "synchronous",
        )
        fields += ("pure", "cached", "on_failure", "name")
        yield Item("interaction", one.name, {f"interaction.{name}": fact(getattr(one, name)) for name in fields})
    for permission in permissions:
        yield Item(
            "permission",
            permission.name,
            {
                "permission.name": permission.name,
                "permission.resource": permission.resource,
                "permission.scoped": bool(permission.scope),
                "permission.wildcard": permission.wildcard,
                "permission.risk": permission.risk,
            },
        )
    for service in services:
        known: dict[str, Fact] = {"service.name": service.name, "service.tenant_scoped": service.tenant_scoped}
        yield Item("service", service.name, known)
    for combination, parts, level in combinations_of(permissions):
        name = f"{combination.name}: {' + '.join(part.name for part in parts)}"
        yield Item("combination", name, {"combination.name": combination.name, "combination.level": level})
