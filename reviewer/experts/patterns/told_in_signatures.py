"""What the signatures of functions show of those whom a host serves: told first, before what is started for them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from reviewer.code.text.words import words
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import PLUGINS, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

PIECES: Final = PLUGINS | word_set("name slug extra extras helper helpers guest guests")
"""What a host starts for one of them: the name that stands behind theirs."""
IDS: Final = word_set("id name slug code key ref")
"""What a host calls one of several things by: behind their name in several functions, it is one of theirs."""
OF: Final = word_set("of for in scoped scope namespaced")
"""Words of a call that gives the part of something which is theirs: ``vats.of(winery)``, ``forGrower(grower)``."""
_PLACES: Final = word_set("root base dir folder directory path")
"""What a function is told first of where all of it lies."""
_FEW: Final = 2


def told_in_signatures(module: Module) -> Iterator[tuple[str, str]]:
    """Yield the names of those who are told first, each with what shows that it is they who are served."""
    before: Counter[str] = Counter()
    for function in module.functions:
        names = [param.name for param in function.params if param.name not in ("this", "self", "cls")]
        while len(names) > _FEW and set(spelled(names[0])) & _PLACES:
            names = names[1:]  # openLedger(root, house, extra)
        if names and _is_offered(words(function.name), words(names[0])):
            yield names[0], "offered"
        if len(names) > 1 and PIECES & set(spelled(names[1])) and not PIECES & set(spelled(names[0])):
            yield names[0], "before what is started"
        elif len(names) > 1 and IDS & set(spelled(names[1])):
            before[names[0]] += 1
    yield from ((name, "before what is started") for name, times in before.items() if times > 1)


def _is_offered(said: tuple[str, ...], whom: tuple[str, ...]) -> bool:
    """Tell whether a function by its name gives what is theirs: ``def for_dairy(self, dairy) -> Pager``."""
    return len(said) > len(whom) and bool(OF & {said[0], said[-len(whom) - 1]}) and said[-len(whom) :] == whom
