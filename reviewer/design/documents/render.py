"""Renders every document of a design, by the path that it has in the output folder."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from reviewer import __version__
from reviewer.blueprint.reading_rules import rulebook_digest
from reviewer.design.diagrams.drawn import diagrams
from reviewer.design.diagrams.mermaid import mermaid
from reviewer.design.documents import assurance, judgement, overview
from reviewer.design.documents.records import records
from reviewer.design.documents.threats import threat_model
from reviewer.design.documents.tracing import LONGEST, Refs, Said, source, sources_of
from reviewer.design.documents.words import reason_words, short_words
from reviewer.design.saving import plain_design
from reviewer.report.escape.markdown import Ready
from reviewer.report.templates import markdown

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided
    from reviewer.design.documents.records import Record

DESIGN: Final = "design.md"
SUMMARY: Final = "summary.md"
PAGE: Final = "design.html"

_HEADLINE: Final = (
    "system_type", "boundary", "capabilities", "registry", "loading", "versioning", "reload_mechanism", "tenancy_model",
    "maturity",
)  # fmt: skip
_BEHIND: Final = {
    "context": ("boundary", "registry_location", "signing", "audit"),
    "parts": ("system_type", "monitoring"),
    "permissions": ("permission_source",),
    "lifecycle": ("states", "activation_deadline", "kill_switch"),
    "loading": ("pinning", "signing", "resolution", "limits"),
    "call": ("command_caller", "cache"),
}
"""The decisions that shape each diagram."""


def documents(decided: Decided) -> dict[str, str]:
    """Return the text of every document by its path, with ``/``; the HTML page is among them."""
    from reviewer.design.documents.html import page

    recorded = records(decided)
    found = _markdown(decided, recorded)
    found[PAGE] = page(decided, found[DESIGN], [(one.id, one.path, found[one.path]) for one in recorded])
    return found


def markdown_documents(decided: Decided) -> dict[str, str]:
    """Return the documents in Markdown by their paths."""
    return _markdown(decided, records(decided))


def _markdown(decided: Decided, recorded: tuple[Record, ...]) -> dict[str, str]:
    values = _values(decided, recorded)
    found = {DESIGN: _tidy(markdown("design/design.md.j2", values, LONGEST))}
    found[SUMMARY] = _tidy(markdown("design/summary.md.j2", values, LONGEST))
    for record in recorded:
        found[record.path] = _tidy(markdown("design/record.md.j2", record.values, LONGEST))
    return found


def _values(decided: Decided, recorded: tuple[Record, ...]) -> dict[str, Any]:
    """Return everything that the templates of a design print."""
    design = decided.design
    return {
        "md": Ready,
        "nothing": judgement.nothing(),
        "front": _front(decided),
        "host": design.host.name,
        "summary": _summary(decided),
        "headline": [_headline(decided, key) for key in _HEADLINE],
        "inputs": overview.inputs(decided),
        "trust": overview.trust(decided),
        "goals": _listed(design.goals, "goals"),
        "non_goals": _listed(design.non_goals, "non-goals"),
        "constraints": _listed(design.constraints, "constraints"),
        "diagrams": _diagrams(decided),
        "services": overview.services(decided),
        "matrix": overview.matrix(decided),
        "interactions": overview.interactions(decided),
        "spoken": [
            {"name": one.name, "pattern": one.pattern, "purpose": one.purpose,
             "refs": Refs((source("RULE", one.rule), source("CAT", one.name)))}
            for one in decided.interactions
        ],
        "decisions": {name: overview.decisions(decided, keys) for name, keys in overview.SECTIONS.items()},
        "budgets": overview.budgets(decided),
        "threats": threat_model(decided),
        "warnings": judgement.verdicts(decided.warnings),
        "contradictions": judgement.verdicts(decided.contradictions),
        "overrides": judgement.overrides(decided),
        "waivers": judgement.waivers(decided),
        "questions": judgement.questions(decided),
        "records": [
            {"id": record.id, "title": record.title, "link": Ready(record.path), "refs": record.values["refs"]}
            for record in recorded
        ],
        "roadmap": assurance.roadmap(decided),
        "tests": assurance.tests(decided),
        "checklist": assurance.checklist(decided),
        "trace": assurance.trace(decided, recorded),
        "refs": {
            "manifest": Refs([source("DEC", "permission_source"), source("DEC", "trust_source")]),
            "maturity": Refs([source("DEC", "maturity")]),
        },
    }  # fmt: skip


def _front(decided: Decided) -> dict[str, Any]:
    """Return what a program reads at the top: what the document was made from."""
    model = json.dumps(plain_design(decided.design), sort_keys=True, ensure_ascii=False)
    return {
        "title": Ready(json.dumps(f"{decided.design.host.name}: design of the plugin system")),
        "model": Ready(f"sha256:{hashlib.sha256(model.encode()).hexdigest()}"),
        "tool": Ready(f"reviewer {__version__}"),
        "rules": Ready(f"sha256:{rulebook_digest()}"),
        "waivers": len(decided.design.waivers),
    }


def _summary(decided: Decided) -> Said:
    """Return the system in a sentence or two."""
    given = decided.design.summary
    kind, authors = short_words(decided.choices["system_type"]), decided.answer("authors")
    text = f"{given} " if given else ""
    text += (
        f"A plugin system of type {kind}, for plugins by {_WRITERS[str(authors)]}, trusted at level {decided.trust}."
    )
    behind = [source("IN", "summary")] if given else []
    return Said(text, [*behind, source("IN", "authors"), source("DEC", "system_type"),
                       source("RULE", decided.derivations[-1].rule)])  # fmt: skip


_WRITERS: Final = {"self": "yourselves", "internal": "your own people", "partner": "partners", "public": "anybody"}


def _headline(decided: Decided, key: str) -> Said:
    choice = decided.choices[key]
    text = f"{choice.dimension.title}: {short_words(choice)}. {reason_words(choice)}"
    return Said(text, sources_of(choice, decided))


def _listed(items: list[str], name: str) -> list[Said]:
    return [Said(item, [source("IN", name)]) for item in items]


def _diagrams(decided: Decided) -> dict[str, Any]:
    """Return the diagrams as the templates print them."""
    return {
        name: {
            "id": Ready(name),
            "title": drawn.title,
            "mermaid": Ready(mermaid(drawn).rstrip("\n")),
            "refs": Refs(source("DEC", key) for key in _BEHIND[name]),
        }
        for name, drawn in diagrams(decided).items()
    }


def _tidy(text: str) -> str:
    """Return Markdown with one empty line where templates leave several, and none at its ends."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip("\n") + "\n"
