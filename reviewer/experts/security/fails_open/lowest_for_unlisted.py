"""SEC490: the rank that an action needs is looked up, and one that the table lacks needs the lowest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Expr, If, Literal, Name, Object, strip
from reviewer.code.walk import ancestors, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, surroundings, word_set
from reviewer.experts.security.deciding.decisions import decides
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.fails_open.unlisted_action import by_action, look_up
from reviewer.experts.security.vocabulary import PERMISSION, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COMPARES: Final = frozenset({"<", "<=", ">", ">="})
_RANKS: Final = word_set(
    "rank ranks level levels tier tiers role roles clearance grade grades trust standing needed needs"
)
_WRAPPED: Final = frozenset({"Map", "freeze", "MappingProxyType", "entries"})


@module_check("SEC490", words=TRIGGERS | _RANKS)
def lowest_for_unlisted(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at comparisons of two ranks of which one is what an action needs."""
    if module.is_test:
        return
    for test in module.all(Binary):
        function = function_of(test) if test.op in _COMPARES else None
        if function is None:
            continue
        for side in (test.left, test.right):
            found = _lowest(module, side)
            if found is None or not by_action(*found):
                continue
            stops = any(isinstance(one, If) and inside(test, one.test) and refuses(one.body) for one in ancestors(test))
            about = (surroundings(function) | path_words(found[0])) & (PERMISSION | _RANKS)
            if decides(inquiry, module, function) or (stops and about):
                table, key = (short(module.text_of(one)) for one in found)
                yield Match(
                    side,
                    f"Where '{table}' has no entry for '{key}' the lowest rank is enough: an action that nobody listed "
                    "is open to everybody.",
                )


def _lowest(module: Module, side: Expr) -> tuple[Expr, Expr] | None:
    """Return table and key of a rank that is looked up, where the lowest stands in for one that is not there."""
    made = strip(side)
    if isinstance(made, Name):
        bound = module.scopes.lookup(made.id, made)
        only = bound[0] if len(bound) == 1 else None
        made = strip(only.value) if isinstance(only, Assign) and only.value is not None else made
    missing: Expr | None = None
    found: tuple[Expr, Expr] | None = None
    if isinstance(made, Binary) and made.op in ("??", "or"):
        found, missing = look_up(strip(made.left)), strip(made.right)
    elif isinstance(made, Call) and made.name == "get" and len(made.args) == 2 and made.receiver is not None:
        found, missing = (made.receiver, made.args[0]), strip(made.args[1])
    if found is None or not isinstance(missing, Literal) or not _is_number(missing):
        return None
    ranks = _ranks(module, found[0])
    return found if missing.value in (0, -1) or (ranks and missing.value == min(ranks)) else None


def _is_number(value: Expr) -> bool:
    return isinstance(value, Literal) and isinstance(value.value, int | float) and not isinstance(value.value, bool)


def _ranks(module: Module, table: Expr) -> list[float]:
    """Return the numbers of a table that is written out; empty where that is not known."""
    made = module.scopes.origin(table)
    while isinstance(made, Call) and made.args and made.name in _WRAPPED:
        made = strip(made.args[0])
    values = [strip(value) for _key, value in made.entries] if isinstance(made, Object) else []
    return [float(one.value) for one in values if isinstance(one, Literal) and isinstance(one.value, int | float)]
