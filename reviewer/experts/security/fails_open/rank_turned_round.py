"""SEC364: what has more than the least that is needed is refused, and what has less gets in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, If, Index, Literal, Member, Name, Throw, strip
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
_LIMITS: Final = word_set("limit limits quota cap ceiling budget allowed allowance")
_OTHER_WAY: Final = {">": "<", "<": ">", ">=": "<=", "<=": ">="}


@module_check("SEC364", words=_LEAST | _MOST | _RANKS)
def rank_turned_round(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal by a rank for the side of the bound that it refuses."""
    if module.is_test:
        return
    for branch in module.all(If):
        last = branch.body[-1] if branch.body else None
        if not isinstance(last, Throw) or not any(True for _ in find(branch.test, Binary)):
            continue
        for test in _alternatives(branch.test):
            if _refuses_the_right_ones(test) or _refuses_all_but_strangers(module, test):
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


def _refuses_all_but_strangers(module: Module, test: Binary) -> bool:
    """Tell whether who stands above a bound is refused, where whoever is not known has the rank nought."""
    for held, bound, op in ((test.left, test.right, test.op), (test.right, test.left, _OTHER_WAY[test.op])):
        table = _of_nobody_nought(module, held)
        asked = _said(bound)
        if table is None or op not in (">", ">=") or asked & (_MOST | _LIMITS) or not asked:
            continue
        if (asked | set(last_words(table))) & _RANKS:
            return True
    return False


def _of_nobody_nought(module: Module, held: Expr) -> Expr | None:
    """Return the table of the ranks of all in which one is looked up, with nought for who is not in it."""
    made = module.scopes.origin(held)
    if isinstance(made, Binary) and made.op in ("??", "or"):
        found, missing = strip(made.left), strip(made.right)
    elif isinstance(made, Call) and made.name == "get" and len(made.args) == 2:
        found, missing = made, strip(made.args[1])
    else:
        return None
    nought = isinstance(missing, Literal) and type(missing.value) is int and missing.value == 0
    if isinstance(found, Index):
        return found.object if nought else None
    return found.receiver if nought and isinstance(found, Call) and found.name == "get" else None


def _said(side: Expr) -> set[str]:
    made = strip(side)
    return set(last_words(made)) if isinstance(made, Name | Member) else set()
