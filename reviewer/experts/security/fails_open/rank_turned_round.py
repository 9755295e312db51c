"""SEC364: what has more than the least that is needed is refused, and what has less gets in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Expr, If, Member, Name, Throw, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RANKS: Final = word_set("trust trusted level levels rank ranks clearance grade tier tiers ring rings privilege")
_LEAST: Final = word_set("least min minimum lowest floor minimal")
"""Words of what somebody has to have at the least."""
_MOST: Final = word_set("most max maximum highest ceiling outermost utmost")
"""Words of what somebody may be at the most."""
_OTHER_WAY: Final = {">": "<", "<": ">", ">=": "<=", "<=": ">="}


@module_check("SEC364", words=_LEAST | _MOST)
def rank_turned_round(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal by a rank for the side of the bound that it refuses."""
    if module.is_test:
        return
    for branch in module.all(If):
        last = branch.body[-1] if branch.body else None
        if not isinstance(last, Throw) or not any(True for _ in find(branch.test, Binary)):
            continue
        for test in _alternatives(branch.test):
            if _refuses_the_right_ones(test):
                yield Match(
                    test,
                    f"'{short(module.text_of(test))}' refuses who has more than the bound asks for, and lets in who "
                    "does not come up to it.",
                    related=((last, "refused here"),),
                )


def _alternatives(test: Expr) -> Iterator[Binary]:
    """Yield the comparisons of which one alone is enough for a refusal: those that an ``or`` joins."""
    made = strip(test)
    if isinstance(made, Binary) and made.op == "or":
        yield from _alternatives(made.left)
        yield from _alternatives(made.right)
    elif isinstance(made, Binary) and made.op in _OTHER_WAY:
        yield made


def _refuses_the_right_ones(test: Binary) -> bool:
    for held, bound, op in ((test.left, test.right, test.op), (test.right, test.left, _OTHER_WAY[test.op])):
        asked, has = _said(bound), _said(held)
        if not (asked | has) & _RANKS or has & (_LEAST | _MOST):
            continue
        if op == ">" and asked & _LEAST and not asked & _MOST:
            return True
        if op == "<" and asked & _MOST and not asked & _LEAST:
            return True
    return False


def _said(side: Expr) -> set[str]:
    made = strip(side)
    return set(last_words(made)) if isinstance(made, Name | Member) else set()
