"""The design under review, read and decided once, and what its rules have to say at which place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.review import Permissions
from reviewer.core.scale import Severity
from reviewer.experts.check import Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.blueprint.decided import Decided, Verdict
    from reviewer.blueprint.reading import Mistake
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document, Value

_MEMORY: Final = "design"
_LISTS: Final = {"interaction": "interactions", "permission": "permissions", "service": "services"}
_MOST_RELATED: Final = 5


class ReadDesign(Struct, frozen=True):
    """What the document of a design holds: what follows from it, or what is wrong with it."""

    decided: Decided | None
    """None also for a plugin of a host that is there already."""
    mistakes: tuple[Mistake, ...]


def design_of(inquiry: Inquiry) -> ReadDesign | None:
    """Return the design that is reviewed; None where the subject is none or can't be parsed."""
    if inquiry.subject.kind != "design" or inquiry.manifest is None:
        return None
    known = inquiry.memory.get(_MEMORY)
    if isinstance(known, ReadDesign):
        return known
    # pydantic is loaded for designs alone.
    from reviewer.blueprint.decide import decide
    from reviewer.blueprint.reading import check_design

    design, mistakes = check_design(inquiry.manifest)
    # Whoever builds a plugin for a host that is there already has nothing of a host to decide.
    host = None if design is None or design.target else design
    found = ReadDesign(None if host is None else decide(host, today=inquiry.settings.today), mistakes)
    inquiry.memory[_MEMORY] = found
    return found


def contradictions(inquiry: Inquiry, expert: str) -> Iterator[Match]:
    """Yield what the rules of one expert refuse or warn of, each at a place of its own that says so."""
    found = design_of(inquiry)
    document = inquiry.manifest
    if found is None or found.decided is None or document is None:
        return
    taken: set[Location] = set()
    for verdict in found.decided.verdicts:
        if verdict.rule.expert == expert and verdict.waiver is None:
            places = list(_places(document, verdict))
            free = next((one for one in places if one[0].place not in taken), places[0])
            taken.add(free[0].place)
            yield _match(verdict, free[0], [one for one in places if one is not free])


def designed_permissions(inquiry: Inquiry) -> Permissions:
    """Return the permissions that a design can grant, with the score that its documents name."""
    found = design_of(inquiry)
    if found is None or found.decided is None:
        return Permissions()
    from reviewer.blueprint.risk import risk_of

    return Permissions(
        declared=tuple(one.name for one in found.decided.permissions), score=risk_of(found.decided).score
    )


def _match(verdict: Verdict, at: Value, others: list[tuple[Value, str]]) -> Match:
    rule = verdict.rule
    known = ", ".join(f"{name} is {_spelled(value)}" for name, value in verdict.facts.items() if value != "")
    about = f" ({verdict.about})" if verdict.about else ""
    expired = " A waiver named it, and has expired." if verdict.expired else ""
    return Match(
        at,
        f"{rule.id}{about}: {rule.why} {rule.consequence} Here {known}.{expired}",
        related=tuple(one for one in others if one[1])[:_MOST_RELATED],
        fix=" Or: ".join(way.text for way in rule.ways_out),
        severity=Severity.MEDIUM if verdict.level == "warn" else None,
    )


def _places(document: Document, verdict: Verdict) -> Iterator[tuple[Value, str]]:
    """Yield the places that the verdict rests on, the most telling first; at least one.

    A place with a text is one that a reader should see besides the first.
    """
    rule = verdict.rule
    yield from _items(document, verdict)
    for section in ("decisions", "inputs"):
        for name in dict.fromkeys((rule.dimension, *verdict.facts, *_behind(verdict))):
            value = document.get(section, name)
            if value is not None:
                yield value, f"{name} is decided here" if section == "decisions" else f"{name} is answered here"
    for section in ("inputs", "host"):
        value = document.get(section)
        if value is not None:
            yield value, ""
    yield document.root, ""


def _items(document: Document, verdict: Verdict) -> Iterator[tuple[Value, str]]:
    """Yield the items of the catalogue that a verdict is about, each by its name and by what the rule asks of it."""
    kind = verdict.rule.each
    parts = verdict.about.partition(": ")[2].split(" + ") if kind == "combination" else [verdict.about]
    listed = document.get(_LISTS.get(kind, "permissions")) if kind else None
    for item in listed.items() if listed is not None else ():
        named = item.get("name")
        if named is None or named.text not in parts:
            continue
        yield named, "and here" if kind == "combination" else ""
        for name in verdict.facts:
            asked = item.get(name.partition(".")[2])
            if asked is not None:
                yield asked, ""


def _behind(verdict: Verdict) -> tuple[str, ...]:
    """Return the inputs that a derived fact of the condition comes from."""
    behind = {
        "trust": ("authors", "reviewed", "data", "plugin_dependencies", "dependency_authors"),
        "dependency_trust": ("dependency_authors",),
        "traffic_mb_s": ("payload_kb", "calls_per_s"),
    }
    return tuple(key for name in verdict.facts for key in behind.get(name, ()))


def _spelled(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
