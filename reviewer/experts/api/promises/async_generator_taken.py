"""API011: what awaits for each of many is an asynchronous generator, which no plain function goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Await, Call, Comprehension, Literal, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TAKERS: Final = frozenset(
    "all any bytes deque dict enumerate filter frozenset list max min next set sorted sum tuple zip".split()
)
"""Functions of Python that go through what they are given; `reversed` and `len` refuse every generator."""


@module_check("API011", words={"await"})
def async_generator_taken(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for generators with an ``await`` in them where only a plain one can be gone through."""
    if module.is_test or module.language != "python":
        return
    for made in module.all(Comprehension):
        taker = made.parent
        if made.raw.type != "generator_expression" or not isinstance(taker, Call) or not _goes_through(taker):
            continue
        later = [made.element, *made.tests, *(iterable for _target, iterable in made.clauses[1:])]
        if made in taker.args and any(True for part in later for _ in find(part, Await, into_functions=False)):
            yield Match(
                taker,
                f"'{short(module.text_of(made))}' is an asynchronous generator, because it awaits: '{taker.name}' "
                "can't go through one and raises a TypeError.",
                fix=f"Put it in brackets, which waits for a list: {taker.name}([…]).",
            )


def _goes_through(taker: Call) -> bool:
    if taker.receiver is None:
        return taker.name in _TAKERS
    return taker.name == "join" and isinstance(strip(taker.receiver), Literal)
