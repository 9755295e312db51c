"""PAT363: answers are put to names by their place, and they come in the order in which they were done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Comprehension, Expr, Index, Literal, Name, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DONE: Final = frozenset(
    "asyncio.as_completed concurrent.futures.as_completed asyncio.wait concurrent.futures.wait".split()
)
_KEEPS: Final = frozenset({"list", "tuple", "iter", "map"})
_DEEPEST: Final = 5


@module_check("PAT363", words={"completed", "wait"})
def answers_in_another_order(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``zip`` for a side that has no order of its own."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(("zip",)):
        if call.receiver is not None or len(call.args) < 2:
            continue
        unordered = next((arg for arg in call.args if _as_done(module, arg, 0)), None)
        others = [arg for arg in call.args if arg is not unordered]
        if unordered is not None and not any(_as_done(module, other, 0) for other in others):
            yield Match(
                call,
                f"'{short(module.text_of(unordered))}' comes in the order in which the work was done, and "
                f"'{short(module.text_of(others[0]))}' in that of its beginning: each gets another's answer.",
            )


def _as_done(module: Module, expr: Expr, depth: int) -> bool:
    """Tell whether a value gives its parts as they are done: a set of tasks, ``as_completed``, a list of those."""
    expr = strip(expr)
    if depth > _DEEPEST:
        return False
    if isinstance(expr, Comprehension):
        return len(expr.clauses) == 1 and _as_done(module, expr.clauses[0][1], depth + 1)
    if isinstance(expr, Call):
        if module.resolve(expr.callee) in _DONE and expr.name == "as_completed":
            return True
        return expr.name in _KEEPS and bool(expr.args) and _as_done(module, expr.args[-1], depth + 1)
    if isinstance(expr, Index):
        made = strip(expr.object)
        taken = isinstance(expr.key, Literal) and expr.key.value in (0, 1)
        return taken and isinstance(made, Call) and module.resolve(made.callee) in _DONE and made.name == "wait"
    if isinstance(expr, Name):
        bound = module.scopes.lookup(expr.id, expr)
        only = bound[0] if len(bound) == 1 else None
        return isinstance(only, Assign) and only.value is not None and _as_done(module, only.value, depth + 1)
    return False
