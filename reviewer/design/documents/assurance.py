"""Views for what shows that a design is followed: checklist, tests, roadmap, and the trace through all of them."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from reviewer import resources
from reviewer.design.documents.conditions import holds
from reviewer.design.documents.tracing import Refs, Said, source, sources_of
from reviewer.design.documents.words import short_words
from reviewer.engine.knowledge import library_of

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided
    from reviewer.design.documents.records import Record

_LEVELS: Final = ("basic", "production", "enterprise")


def checklist(decided: Decided) -> list[dict[str, Any]]:
    """Return the questions that a host of this design is asked, with what the design already answers."""
    answers: dict[str, list[str]] = {}
    for key, row in trace_rows().items():
        answers.setdefault(row["check"], []).append(key)
    found: dict[str, list[dict[str, Any]]] = {}
    for question in library_of().questions.values():
        if not {"host", "design"} & set(question.kinds):
            continue
        keys = answers.get(question.id, [])
        said = "; ".join(f"{decided.choices[key].dimension.title}: {short_words(decided.choices[key])}" for key in keys)
        found.setdefault(question.expert, []).append(
            {
                "id": question.id,
                "question": question.question,
                "evidence": f"Look at {question.evidence}.",
                "decided": f"Decided: {said}." if said else "",
                "refs": Refs((source("CHK", question.id), *(source("DEC", key) for key in keys))),
            }
        )
    return [{"expert": expert, "checks": items} for expert, items in found.items()]


def tests(decided: Decided) -> list[dict[str, Any]]:
    """Return the test plan: for each level of testing what has to be shown."""
    rows = trace_rows()
    units = [
        _test(
            f"deny {one.name}",
            f"Without a grant of {one.name} the call is denied, and the denial is recorded.",
            source("CAT", one.name),
        )
        for one in decided.permissions
    ]
    units += [
        _test(f"scope {one.name}", f"Outside the scope of {one.name} the call is denied.", source("CAT", one.name))
        for one in decided.permissions
        if one.scope
    ]
    units += [
        _test(f"pure {one.name}", f"{one.name} gives equal results for equal arguments.", source("CAT", one.name))
        for one in decided.interactions
        if one.pure
    ]
    together = [
        _test(
            key.replace("_", " "),
            f"{rows[key]['test'].capitalize()} ({choice.dimension.title}: {short_words(choice)}).",
            source("DEC", key),
        )
        for key, choice in decided.choices.items()
    ]
    whole = [
        _test(
            f"use {one.name}",
            f"From loading to unloading, {one.name} does what the catalogue says.",
            source("CAT", one.name),
        )
        for one in decided.interactions
    ]
    return [
        {"title": "Unit tests: one part against a mock context", "tests": units},
        {"title": "Integration tests: a plugin in a test host", "tests": together},
        {"title": "End-to-end tests: load, use, verify, unload", "tests": whole},
    ]  # fmt: skip


def _test(name: str, text: str, origin: str) -> dict[str, Any]:
    return {"said": Said(text, (source("TST", name.replace(" ", "-")), origin))}


def roadmap(decided: Decided) -> list[dict[str, Any]]:
    """Return the steps by level of maturity, as far as the design has to reach."""
    wanted = _LEVELS.index(decided.chosen("maturity"))
    found = []
    for at, level in enumerate(_LEVELS):
        steps = [
            Said(f"{step['text']} {decided.choices[step['decision']].dimension.title}: "
                 f"{short_words(decided.choices[step['decision']])}.", [source("DEC", step["decision"])])
            for step in _data("roadmap.toml")["step"]
            if step["level"] == level and holds(decided, step.get("when", ""))
        ]  # fmt: skip
        found.append({"level": f"Level {at + 1}, {level}", "needed": at <= wanted, "steps": steps})
    return found


def trace(decided: Decided, recorded: tuple[Record, ...]) -> list[dict[str, Any]]:
    """Return for every decision the way from inputs and rule to what follows it and what shows it."""
    by_key = {record.key: record for record in recorded}
    rows = []
    for key, choice in decided.choices.items():
        behind = sources_of(choice, decided)
        row = trace_rows()[key]
        record = by_key.get(key)
        rows.append(
            {
                "decision": Refs([source("DEC", key)]),
                "choice": short_words(choice),
                "behind": Refs(behind),
                "record": record.id if record else "none of its own",
                "artefact": row["artefact"],
                "check": Refs([source("CHK", row["check"])]),
                "test": Refs([source("TST", key.replace("_", "-"))]),
            }
        )
    return rows


@cache
def trace_rows() -> dict[str, dict[str, str]]:
    """Return what becomes of each decision: artefact, question of the checklist, test."""
    return _data("trace.toml")


@cache
def _data(name: str) -> dict[str, Any]:
    path = resources.templates() / "design" / name
    return tomllib.loads(path.read_text(encoding="utf-8"))
