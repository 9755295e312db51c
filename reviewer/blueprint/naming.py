"""Holds the names in a design against what exists: dimensions, options, rules, permissions, other names."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from reviewer.blueprint.reading_rules import shipped_rulebook
from reviewer.blueprint.targets import wrong_target
from reviewer.core.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.blueprint.model import Chosen, Design
    from reviewer.blueprint.rulebook import Dimension
    from reviewer.core.location import Location
    from reviewer.subject.document import Document

    Wrong = tuple[Location, str]


def wrong_names(document: Document, design: Design) -> Iterator[Wrong]:
    """Yield place and text of every name that leads nowhere."""
    wrong = wrong_target(design.target) if design.target else ""
    if wrong:
        yield _at(document, "target"), wrong
    yield from _decisions(document, design)
    yield from _waivers(document, design)
    for part in ("services", "permissions", "interactions"):
        yield from _twice(document, part, [one.name for one in getattr(design, part)])
    for at, interaction in enumerate(design.interactions):
        if len(set(interaction.needs)) < len(interaction.needs):
            yield _at(document, "interactions", at, "needs"), "a need stands twice"


def _decisions(document: Document, design: Design) -> Iterator[Wrong]:
    dimensions = {key: one for key, one in shipped_rulebook().dimensions.items() if not one.each}
    for key, override in design.decisions.items():
        place = _at(document, "decisions", key)
        if key in ("trust", "trust_alone", "dependency_trust"):
            yield place, "trust is derived, never chosen; change authors, reviewed, data or dependency_authors"
        elif key not in dimensions:
            yield place, f"there is no decision {key!r}{did_you_mean(key, dimensions)}"
        else:
            wrong = wrong_choice(dimensions[key], override.choose)
            if wrong:
                yield _at(document, "decisions", key, "choose"), wrong


def wrong_choice(dimension: Dimension, chosen: Chosen) -> str:
    """Say what is wrong with the choice in a dimension; an empty text where nothing is."""
    if dimension.takes == "number":
        if isinstance(chosen, int) and not isinstance(chosen, bool) and chosen >= 0:
            return ""
        return f"{dimension.key} takes a whole number; found {chosen!r}, write for example {dimension.key}: 12"
    first = next(iter(dimension.options))
    if dimension.takes == "several":
        if not isinstance(chosen, list):
            return f"{dimension.key} takes a list; found {chosen!r}, write for example [{first}]"
        return next((_unknown(dimension, one) for one in chosen if one not in dimension.options), "")
    if not isinstance(chosen, str):
        return f"{dimension.key} takes one option; found {chosen!r}, write for example {first}"
    return "" if chosen in dimension.options else _unknown(dimension, chosen)


def _unknown(dimension: Dimension, option: str) -> str:
    options = ", ".join(dimension.options)
    return f"{dimension.key} is {option!r}; expected one of {options}{did_you_mean(option, dimension.options)}"


def _waivers(document: Document, design: Design) -> Iterator[Wrong]:
    rules = shipped_rulebook().rules
    for at, waiver in enumerate(design.waivers):
        if waiver.rule not in rules:
            hint = did_you_mean(waiver.rule, rules) or "; `reviewer design` names the rules that fire"
            yield _at(document, "waivers", at, "rule"), f"there is no decision rule {waiver.rule!r}{hint}"
        try:
            date.fromisoformat(waiver.expires)
        except ValueError:
            yield _at(document, "waivers", at, "expires"), f"expires is {waiver.expires!r}, and there is no such day"


def _twice(document: Document, part: str, names: Iterable[str]) -> Iterator[Wrong]:
    seen: set[str] = set()
    for at, name in enumerate(names):
        if name in seen:
            yield _at(document, part, at, "name"), f"the name {name!r} stands twice in {part}"
        seen.add(name)


def _at(document: Document, *steps: str | int) -> Location:
    """Return the place of a value, or of the nearest thing around it."""
    for end in range(len(steps), 0, -1):
        found = document.get(*steps[:end])
        if found is not None:
            key = found.key if end == len(steps) and isinstance(steps[-1], str) and found.kind == "object" else None
            return key or found.location
    return document.root.location
