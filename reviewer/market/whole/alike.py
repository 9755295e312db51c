"""Ids that stand twice, and ids that a person takes for one another."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from reviewer.market.whole.appearance import folded, joined, skeleton, words
from reviewer.market.whole.near import near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.market.whole.records import Plugin

TWICE, CHARACTERS, CASE, SCOPE, SEPARATORS, LETTER = KINDS = (
    "same id and version, other bytes",
    "characters that look the same",
    "upper and lower case",
    "with and without a scope",
    "separators",
    "one letter",
)
"""How ids come to be alike, the surest sign of harm first."""
MOST_SLIPS: Final = 2_000
"""Pairs at one letter in an ecosystem after which the search ends: names that a generator made are all near."""
_SHOWN: Final = 20
"""Entries of one group that are named."""
_WORD: Final = 5
"""Letters of a word that must be there before one of them counts as a slip: ``less`` and ``sass`` are no slips."""


class Alike(NamedTuple):
    """Entries whose ids are easily taken for one another."""

    kind: str
    """One of `KINDS`."""
    ecosystem: str
    plugins: tuple[Plugin, ...]
    """One for each id, or for each package of the one id; of many the first."""
    more: int


def alike(plugins: Iterable[Plugin]) -> list[Alike]:
    """Return every group, the surest signs first; what has no id is passed over."""
    by_ecosystem: dict[str, list[Plugin]] = {}
    for plugin in plugins:
        if plugin.id:
            by_ecosystem.setdefault(plugin.ecosystem, []).append(plugin)
    found = [
        group
        for ecosystem in sorted(by_ecosystem)
        for group in (*_twice(by_ecosystem[ecosystem]), *_taken_for(by_ecosystem[ecosystem]))
    ]
    return sorted(found, key=lambda one: (KINDS.index(one.kind), one.ecosystem, [plugin.id for plugin in one.plugins]))


def _twice(plugins: list[Plugin]) -> Iterator[Alike]:
    """Yield ids of which one version is there with different bytes."""
    packages: dict[tuple[str, str], dict[str, Plugin]] = {}
    for plugin in plugins:
        packages.setdefault((plugin.id, plugin.version), {}).setdefault(plugin.digest, plugin)
    for same in packages.values():
        if len(same) > 1:
            yield _group(TWICE, list(same.values()))


def _taken_for(plugins: list[Plugin]) -> Iterator[Alike]:
    first: dict[str, Plugin] = {}
    for plugin in plugins:
        first.setdefault(plugin.id, plugin)
    classes = _classes(list(first.values()))
    for same in classes:
        if len(same) > 1:
            yield _group(_difference([plugin.id for plugin in same]), same)
    one_of = {joined(same[0].id): same[0] for same in classes}
    slips = (
        (one_of[one], one_of[other])
        for one, other in near(one_of)
        if _is_slip(one, other) and _in_a_long_word(one_of[one].id, one_of[other].id)
    )
    for mine, its in islice(slips, MOST_SLIPS):
        yield _group(LETTER, [mine, its])


def _classes(plugins: list[Plugin]) -> list[list[Plugin]]:
    """Return plugins in heaps whose ids look the same, or are the same but for case and separators.

    The one does not follow from the other: a capital I looks like an l, and is an i.
    """
    heap_of: dict[tuple[str, str], list[Plugin]] = {}
    for plugin in plugins:
        keys = _looks(plugin)
        heap = next((heap_of[key] for key in keys if key in heap_of), [])
        for key in keys:
            other = heap_of.setdefault(key, heap)
            if other is not heap:
                heap += other
                heap_of.update((of_other, heap) for one in other for of_other in _looks(one))
        heap.append(plugin)
    return list({id(heap): heap for heap in heap_of.values()}.values())


def _looks(plugin: Plugin) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("letters", joined(plugin.id)), ("appearance", skeleton(plugin.id))


def _difference(ids: list[str]) -> str:
    """Return what tells ids of one appearance apart."""
    if len({joined(one) for one in ids}) > 1:
        return CHARACTERS
    if len({folded(one) for one in ids}) == 1:
        return CASE
    return SCOPE if len({one.startswith("@") for one in ids}) > 1 else SEPARATORS


def _is_slip(one: str, other: str) -> bool:
    """Tell whether more than a digit is different: what is numbered is a series."""
    return _without_digits(one) != _without_digits(other)


def _without_digits(text: str) -> str:
    return "".join(letter for letter in text if not letter.isdecimal())


def _in_a_long_word(one: str, other: str) -> bool:
    """Tell whether the word that differs is long enough to be mistyped, and no word of its own."""
    mine, its = words(one), words(other)
    if len(mine) != len(its):
        fewer, more = sorted((mine, its), key=len)
        rest = iter(more)
        return not all(word in rest for word in fewer)  # a word more is a name of its own, not a slip
    different = [(a, b) for a, b in zip(mine, its, strict=True) if a != b]
    return all(max(len(a), len(b)) >= _WORD and min(len(a), len(b)) >= _WORD - 1 for a, b in different)


def _group(kind: str, plugins: list[Plugin]) -> Alike:
    ordered = sorted(plugins, key=lambda plugin: (plugin.id, plugin.version, plugin.subject))
    return Alike(kind, ordered[0].ecosystem, tuple(ordered[:_SHOWN]), max(len(ordered) - _SHOWN, 0))
