"""What changes between two designs: answers, derived facts, choices, interactions, and what fires."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.design.interview import spelled

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided, Verdict


class Change(Struct, frozen=True):
    """One thing that is different; an empty side stands for what is not there."""

    kind: str
    """``input``, ``derived``, ``decision``, ``interaction``, ``contradiction`` or ``warning``."""
    name: str
    before: str
    after: str
    why: str = ""
    """Why it is so afterwards."""


def differences(before: Decided, after: Decided) -> tuple[Change, ...]:
    """Return everything that is different, in the order of the document."""
    return tuple(_changes(before, after))


def _changes(before: Decided, after: Decided) -> Iterator[Change]:
    for key, answer in after.answers.items():
        old, new = spelled(before.answers[key].value), spelled(answer.value)
        if old != new:
            yield Change("input", key, old, new)
    if before.trust != after.trust:
        yield Change("derived", "trust", str(before.trust), str(after.trust), after.derivations[-1].why)
    for key, choice in after.choices.items():
        old, new = spelled(before.choices[key].value), spelled(choice.value)
        if old != new:
            why = choice.reason if choice.overridden else f"{choice.why} ({choice.rule})"
            yield Change("decision", key, old, new, why)
    yield from _interactions(before, after)
    for kind, old_ones, new_ones in (
        ("contradiction", before.contradictions, after.contradictions),
        ("warning", before.warnings, after.warnings),
    ):
        yield from _verdicts(kind, old_ones, new_ones)


def _interactions(before: Decided, after: Decided) -> Iterator[Change]:
    old = {one.name: one for one in before.interactions}
    new = {one.name: one for one in after.interactions}
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        first, second = was.pattern if was else "", now.pattern if now else ""
        if first != second:
            yield Change("interaction", name, first, second, now.why if now else "")


def _verdicts(kind: str, old: tuple[Verdict, ...], new: tuple[Verdict, ...]) -> Iterator[Change]:
    was = {(one.rule.id, one.about) for one in old}
    now = {(one.rule.id, one.about) for one in new}
    for verdict in old:
        if (verdict.rule.id, verdict.about) not in now:
            yield Change(kind, _named(verdict), "fires", "", "it fires no more")
    for verdict in new:
        if (verdict.rule.id, verdict.about) not in was:
            yield Change(kind, _named(verdict), "", "fires", f"{verdict.rule.why} {verdict.rule.consequence}")


def _named(verdict: Verdict) -> str:
    return f"{verdict.rule.id} ({verdict.about})" if verdict.about else verdict.rule.id
