"""Pairs of words that one slip of the finger turns into each other, found without comparing all with all."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHORTEST: Final = 6
"""Letters below which one more or less says nothing."""
_MOST_TOGETHER: Final = 60
"""Words that share a neighbour and are compared one by one; a greater heap is compared with its first alone."""


def near(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each pair of different words at one insertion, deletion, substitution or swap of neighbours.

    Two words are that near only where both lose one letter and come out the same, or one does and comes out as the
    other. So each word is filed under what it is without each of its letters, one length at a time: the work and the
    memory grow with the number of letters, not with its square.
    """
    by_length: dict[int, list[str]] = {}
    for word in sorted(set(words)):
        if len(word) >= _SHORTEST:
            by_length.setdefault(len(word), []).append(word)
    for length in sorted(by_length):
        yield from _of_one_length(by_length[length])
        yield from _one_longer(set(by_length[length]), by_length.get(length + 1, []))


def _of_one_length(words: list[str]) -> Iterator[tuple[str, str]]:
    heaps: dict[str, list[str]] = {}
    for word in words:
        for shorter in {word[:at] + word[at + 1 :] for at in range(len(word))}:
            heaps.setdefault(shorter, []).append(word)
    told: set[tuple[str, str]] = set()
    for heap in heaps.values():
        if len(heap) < 2:
            continue
        whole = len(heap) <= _MOST_TOGETHER
        pairs: Iterable[tuple[str, str]] = combinations(heap, 2) if whole else ((heap[0], one) for one in heap[1:])
        for pair in pairs:
            if pair not in told and _one_apart(*pair):
                told.add(pair)
                yield pair


def _one_longer(words: set[str], longer: list[str]) -> Iterator[tuple[str, str]]:
    for word in longer:
        for shorter in sorted({word[:at] + word[at + 1 :] for at in range(len(word))} & words):
            yield shorter, word


def _one_apart(one: str, other: str) -> bool:
    """Tell whether two words of one length differ in one letter, or in two neighbours that changed places."""
    apart = [at for at, (mine, its) in enumerate(zip(one, other, strict=True)) if mine != its]
    if len(apart) == 1:
        return True
    return (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and one[apart[0]] == other[apart[1]]
        and one[apart[1]] == other[apart[0]]
    )
