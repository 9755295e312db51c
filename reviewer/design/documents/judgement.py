"""Views for what is not settled: contradictions, risks, waivers, open questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewer.design.documents.tracing import Refs, Said, source
from reviewer.design.documents.words import option_words
from reviewer.design.interview import spelled
from reviewer.design.setting import REASON

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.blueprint.decided import Decided, Verdict


def verdicts(found: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Return contradictions or warnings, each with its ways out."""
    return [
        {
            "id": one.rule.id,
            "about": one.about,
            "said": Said(f"{one.rule.why} {one.rule.consequence}", [source("RULE", one.rule.id)]),
            "ways": [Said(_way(way.text, way.set), [source("RULE", one.rule.id)]) for way in one.rule.ways_out],
        }
        for one in found
    ]


def _way(text: str, settings: Any) -> str:
    setting = ", ".join(f"{key}={spelled(value)}" for key, value in settings.items())
    return f"{text}{f' ({setting})' if setting else ''}"


def waivers(decided: Decided) -> list[dict[str, Any]]:
    """Return what somebody answers for."""
    return [
        {
            "rule": one.rule.id,
            "about": one.about or "the design as a whole",
            "reason": one.waiver.reason,
            "owner": one.waiver.owner,
            "expires": one.waiver.expires,
            "refs": Refs((source("WAIVER", one.rule.id), source("RULE", one.rule.id))),
        }
        for one in decided.waived
        if one.waiver is not None
    ]


def overrides(decided: Decided) -> list[Said]:
    """Return what people decided against the recommendation."""
    return [
        Said(
            f"{choice.dimension.title}: {option_words(spelled(choice.value))} instead of "
            f"{option_words(spelled(choice.recommended))}. "
            f"{choice.reason}", [source("OVERRIDE", key), source("RULE", choice.rule)])
        for key, choice in decided.choices.items()
        if choice.overridden
    ]  # fmt: skip


def questions(decided: Decided) -> list[Said]:
    """Return what is not known yet: asked by people, not answered in the interview, decided without a reason."""
    found = [
        Said(f"{one.question}{f' Asked of: {one.owner}.' if one.owner else ''}", [source("IN", "questions")])
        for one in decided.design.questions
    ]
    if decided.defaults:
        listed = ", ".join(f"{one.key} ({spelled(one.value)})" for one in decided.defaults)
        behind = [source("IN", one.key) for one in decided.defaults]
        found.append(Said(f"Do these defaults hold, which nobody has answered: {listed}?", behind))
    for key, override in decided.design.decisions.items():
        if override.reason == REASON:
            found.append(Said(f"Why was {key} decided by hand?", [source("OVERRIDE", key)]))
    return found


def nothing() -> dict[str, Said]:
    """Return what stands where a design has nothing to say."""
    asked = [source("RULE", "all-rules-asked")]
    return {
        "goals": Said("None is recorded; what has to be true in a year belongs here.", [source("IN", "goals")]),
        "non_goals": Said("Nothing is recorded; what plugins may never do belongs here.", [source("IN", "non-goals")]),
        "constraints": Said("Nothing is recorded.", [source("IN", "constraints")]),
        "permissions": Said("No service asks for a permission.", [source("RULE", "catalogue-given")]),
        "tests": Said("Nothing has to be shown at this level.", [source("RULE", "catalogue-given")]),
        "warnings": Said("No rule warns of anything.", asked),
        "contradictions": Said("Nothing in this design contradicts itself.", asked),
        "overrides": Said("Nothing: every recommendation was taken.", asked),
        "waivers": Said("Nothing is waived.", asked),
        "questions": Said("None is recorded, and every input was answered.", [source("IN", "questions")]),
    }
