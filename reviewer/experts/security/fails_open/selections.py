"""Lists of those entries that fit: none of them, where nothing fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee
from reviewer.code.reach.remembered import remembered
from reviewer.code.syntax import Call, Comprehension, Expr, strip

if TYPE_CHECKING:
    from reviewer.code.module import Module

_COPIES = frozenset({"list", "tuple", "sorted", "sort", "toSorted", "slice"})


@remembered
def selected_from(module: Module, expr: Expr) -> Expr | None:
    """Return what entries are chosen from: by a filter here, or by the function of the subject that is called.

    ``rules`` of ``rules.filter(…)``, of ``[rule for rule in rules if …]``, and of ``matching(plugin, action)``
    where that only answers with one of the two; None for anything else.
    """
    found = _filtered(expr)
    if found is not None or not isinstance(expr, Call) or expr.new:
        return found
    target = callee(module, expr)
    if target is None or target.kind == "constructor" or target.generator:
        return None
    answers = [answer.value for answer in returns_of(target)]
    return _filtered(strip(answers[0])) if len(answers) == 1 and answers[0] is not None else None


def _filtered(expr: Expr) -> Expr | None:
    if isinstance(expr, Call) and expr.name in _COPIES:
        inner = expr.args[0] if expr.receiver is None and expr.args else expr.receiver
        return _filtered(strip(inner)) if inner is not None else None
    if isinstance(expr, Call) and expr.name == "filter" and expr.args:
        return expr.receiver
    return expr.clauses[0][1] if isinstance(expr, Comprehension) and expr.tests else None
