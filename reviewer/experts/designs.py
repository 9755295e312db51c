"""The design under review, read and decided once, and what its rules have to say at which place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Severity
from reviewer.experts.check import Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.blueprint.decided import Decided, Verdict
    from reviewer.blueprint.reading import Mistake
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document, Value

_MEMORY: Final = "design"
_LISTS: Final = {"interaction": "interactions", "permission": "permissions", "service": "services"}
_MOST_RELATED: Final = 5


@dataclass(frozen=True, slots=True)
class ReadDesign:
    """What the document of a design holds: what follows from it, or what is wrong with it."""

    decided: Decided | None
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
    found = ReadDesign(None if design is None else decide(design, today=inquiry.settings.today), mistakes)
    inquiry.memory[_MEMORY] = found
    return found


def contradictions(inquiry: Inquiry, expert: str) -> Iterator[Match]:
    """Yield what the rules of one expert refuse or warn of, each where the design says it."""
    found = design_of(inquiry)
    document = inquiry.manifest
    if found is None or found.decided is None or document is None:
        return
    for verdict in found.decided.verdicts:
        if verdict.rule.expert == expert and verdict.waiver is None:
            yield _match(document, found.decided, verdict)


def _match(document: Document, decided: Decided, verdict: Verdict) -> Match:
    rule = verdict.rule
    places = list(_places(document, verdict))
    known = ", ".join(f"{name} is {_spelled(value)}" for name, value in verdict.facts.items() if value != "")
    about = f" ({verdict.about})" if verdict.about else ""
    expired = " A waiver named it, and has expired." if verdict.expired else ""
    ways = " Or: ".join(way.text for way in rule.ways_out)
    return Match(
        places[0][0],
        f"{rule.id}{about}: {rule.why} {rule.consequence} Here {known}.{expired}",
        related=tuple(places[1:_MOST_RELATED]),
        fix=ways,
        severity=Severity.MEDIUM if verdict.level == "warn" else None,
    )


def _places(document: Document, verdict: Verdict) -> Iterator[tuple[Value, str]]:
    """Yield the places that the verdict rests on, the most telling first; at least one."""
    rule, told = verdict.rule, False
    if rule.each in _LISTS:
        for item in (document.get(_LISTS[rule.each]) or document.root).items():
            named = item.get("name")
            if named is not None and named.text == verdict.about:
                yield named, "here"
                told = True
    for section in ("decisions", "inputs"):
        for name in dict.fromkeys((rule.dimension, *verdict.facts, *_behind(verdict))):
            value = document.get(section, name)
            if value is not None:
                yield value, f"{name} is decided here" if section == "decisions" else f"{name} is answered here"
                told = True
    if not told:
        sections = (document.get(section) for section in ("permissions", "inputs", "host"))
        yield next((found for found in sections if found is not None), document.root), "here"


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
