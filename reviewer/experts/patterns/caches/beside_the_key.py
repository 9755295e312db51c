"""Whether what is missing from a key is asked for together with what is in it: both stand in one address or query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Call, Expr, Name, Object, Template
from reviewer.code.walk import find, function_of, inside, names_in, walk
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.vocabulary import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.experts.patterns.feeds import Feed
    from reviewer.experts.patterns.memos import Memo

NAMES_IT: Final = word_set(
    "id key slug uuid guid hash digest name code handle path file filename url uri href version number"
)
"""Words of a member that tells the whole record from all others."""
_MOST: Final = 40
"""Expressions of one kept value that are looked at."""


def asked_beside(memo: Memo, part: Feed, key: Iterable[Feed]) -> bool:
    """Tell whether a member that is missing is handed on next to the one in the key, of the same record.

    So a record is a question with several parts (``fares.ask(trip.origin, trip.day)``), and no thing of which one
    member says which it is.
    """
    own = {feed for feed in key if feed.root is part.root and feed.local == part.local and feed.path}
    if not own or not part.path or any(not NAMES_IT.isdisjoint(spelled(feed.name)) for feed in own):
        return False
    module = memo.function.module
    for made in _made_of(memo):
        parts: list[Expr] = []
        if isinstance(made, Call):
            parts = [*made.args, *made.keywords.values()]
        elif isinstance(made, Template):
            parts = list(made.holes)
        elif isinstance(made, Array):
            parts = [one for one in made.items if isinstance(one, Expr)]
        elif isinstance(made, Object):
            parts = [value for _key, value in made.entries]
        told = [feeds(module, one) for one in parts] if len(parts) > 1 else []
        if any(part in one for one in told) and any(own & one.keys() for one in told if part not in one):
            return True
    return False


def _made_of(memo: Memo) -> Iterator[Expr]:
    """Yield the expressions that a kept value is put together of, through the locals of the function."""
    pending: list[Expr] = [memo.value]
    seen: set[int] = set()
    while pending and len(seen) < _MOST:
        for node in walk(pending.pop(), into_functions=False):
            if not isinstance(node, Expr) or id(node) in seen or inside(node, memo.key):
                continue
            seen.add(id(node))
            yield node
            bound = memo.function.module.scopes.lookup(node.id, node) if isinstance(node, Name) else []
            pending += [
                one.value
                for one in bound
                if isinstance(one, Assign) and one.value is not None and function_of(one) is memo.function
            ]


def asked_together(memo: Memo, part: Feed, key: Iterable[Feed]) -> bool:
    """Tell whether a text that is pieced together, and is not the key, holds the part and all that the key holds.

    So it is where the part is an argument beside all of them: ``profileOf(owner, model, material)``.
    """
    known = {feed.local for feed in key if feed.local and feed.local != "this"}
    place = memo.key_place()
    if len(known) > 1 and any(
        isinstance(made, Call) and known | {part.local} <= {one.id for one in made.args if isinstance(one, Name)}
        for made in _made_of(memo)
    ):
        return True
    return bool(known) and any(
        part.local in (held := names_in(text.holes)) and known <= held and not inside(text, place)
        for text in find(memo.function.body, Template)
    )
