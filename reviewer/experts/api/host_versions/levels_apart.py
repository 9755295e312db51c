"""API049: the levels of two versions are compared each by itself, and the smaller ones outvote the greater."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TypeGuard

from reviewer.code.flow import conditions
from reviewer.code.syntax import Binary, Index, Literal, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_UP: Final = {"<=": "<", "<": "<", ">=": ">", ">": ">"}
_MAJOR: Final = frozenset({"major"})
_LESSER: Final = frozenset({"minor", "patch", "micro"})


@module_check("API049", words={"major"})
def levels_apart(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each pair of comparisons that both have to hold, one of the majors and one of the minors."""
    if module.is_test:
        return
    for both in module.all(Binary):
        if both.op != "and" or (isinstance(both.parent, Binary) and both.parent.op == "and"):
            continue
        parts = list(_parts(both))
        major = next((one for one in parts if _is_order(one, _MAJOR)), None)
        lesser = next((one for one in parts if _is_order(one, _LESSER)), None)
        if major is None or lesser is None or _UP[major.op] != _UP[lesser.op] or major.op in ("<", ">"):
            continue
        if any(_asks_same_major(one) for one in parts) or any(_asks_same_major(one.test) for one in conditions(both)):
            continue
        yield Match(
            both,
            f"'{short(module.text_of(both))}' compares each level by itself: 1.9 does not count as older than 2.0, "
            "for its 9 is more than 0, and with it what fits is refused, or what does not fit is let in.",
            fix="Compare the majors first, and the minors only where the majors are the same.",
        )


def _parts(both: Expr) -> Iterator[Expr]:
    both = strip(both)
    if isinstance(both, Binary) and both.op == "and":
        yield from _parts(both.left)
        yield from _parts(both.right)
    else:
        yield both


def _is_order(one: Expr, level: frozenset[str]) -> TypeGuard[Binary]:
    """Tell whether a comparison puts the same level of two versions in order."""
    if not isinstance(one, Binary) or one.op not in _UP:
        return False
    return all(bool(_said(side) & level) and not isinstance(strip(side), Literal) for side in (one.left, one.right))


def _asks_same_major(one: Expr) -> bool:
    one = strip(one)
    return (
        isinstance(one, Binary)
        and one.op in ("==", "!=")
        and all(_said(side) & _MAJOR for side in (one.left, one.right))
    )


def _said(side: Expr) -> set[str]:
    side = strip(side)
    if isinstance(side, Index):
        return set()
    return set(words(side.name if isinstance(side, Member) else side.id if isinstance(side, Name) else ""))
