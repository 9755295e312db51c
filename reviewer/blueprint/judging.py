"""Asks every consistency rule, all together, and looks up who answers for what fired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.blueprint.decided import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reviewer.blueprint.condition import Fact
    from reviewer.blueprint.model import Waiver
    from reviewer.blueprint.rulebook import Each, Rule, Rulebook


class Item(Struct, frozen=True):
    """Something that rules are asked about one by one, with its own facts."""

    kind: Each
    name: str
    facts: Mapping[str, Fact]


def judge(
    rulebook: Rulebook, facts: Mapping[str, Fact], items: Iterable[Item], waivers: Iterable[Waiver], today: str
) -> tuple[Verdict, ...]:
    """Return what fired, rejections first, without what a more exact rule says of the same."""
    fired = list(_fired(rulebook, facts, tuple(items), tuple(waivers), today))
    silenced = {(name, verdict.about) for verdict in fired for name in verdict.rule.silences}
    heard = [verdict for verdict in fired if (verdict.rule.id, verdict.about) not in silenced]
    return tuple(sorted(heard, key=lambda verdict: verdict.level != "reject"))


def _fired(
    rulebook: Rulebook, facts: Mapping[str, Fact], items: tuple[Item, ...], waivers: tuple[Waiver, ...], today: str
) -> Iterator[Verdict]:
    for rule in rulebook.rules.values():
        asked = [item for item in items if item.kind == rule.each] if rule.each else [Item("", "", {})]
        for item in asked:
            known = {**facts, **item.facts}
            if rule.when.holds(known):
                yield _verdict(rule, item, known, waivers, today)


def _verdict(rule: Rule, item: Item, known: Mapping[str, Fact], waivers: tuple[Waiver, ...], today: str) -> Verdict:
    milder = rule.milder_when is not None and rule.milder_when.holds(known)
    named = [one for one in waivers if one.rule == rule.id and one.about in (None, item.name)]
    valid = [one for one in named if not today or one.expires >= today]
    return Verdict(
        rule=rule,
        level="warn" if milder else rule.level,
        about=item.name,
        facts={name: known[name] for name in rule.when.names},
        waiver=valid[0] if valid else None,
        expired=bool(named and not valid),
    )
