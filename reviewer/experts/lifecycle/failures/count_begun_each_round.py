"""LIF373: a count of failures begins anew in each round of the loop whose rounds it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop
from reviewer.code.syntax import Assign, Binary, ExprStatement, For, Literal, Member, Name, Unary, While, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.assigned import assigns
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.failures.crash_count_reset import COUNTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_MORE: Final = frozenset({">", ">=", "==", "===", "<", "<="})


@module_check("LIF373", words=COUNTS)
def count_begun_each_round(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each variable that is zero at the head of a round, raised once in it, and held against more than one."""
    if module.is_test:
        return
    for zero in module.all(Assign):
        loop = zero.parent.parent if isinstance(zero.parent, ExprStatement) else zero.parent
        if not isinstance(loop, For | While) or not isinstance(zero.target, Name) or not assigns(zero, 0):
            continue
        count = zero.target.id
        raised = _raised_once(loop, zero, count)
        limit = next((test for test in find(loop.body, Binary) if _asks_for_more(module, test, count)), None)
        if raised is None or limit is None or not zero.start < min(raised.start, limit.start):
            continue
        yield Match(
            zero,
            f"'{count}' is zero again in each round, so that '{short(module.text_of(limit))}' is asked of one at the "
            "most: the limit is never reached, and what fails is tried for ever.",
            related=((raised, "raised here"), (limit, "held against the limit here")),
        )


def _raised_once(loop: For | While, zero: Assign, count: str) -> Assign | Unary | None:
    """Return where the count is raised by one, if that is all that a round does with it."""
    steps: list[Assign | Unary] = [
        one
        for one in find(loop.body, Assign)
        if isinstance(one.target, Name) and one.target.id == count and one is not zero
    ]
    steps += [one for one in find(loop.body, Unary) if isinstance(one.operand, Name) and one.operand.id == count]
    steps = [one for one in steps if not isinstance(one, Unary) or one.op in ("++", "--")]
    counted = [one for one in steps if _is_step(one, count)]
    if len(steps) != 1 or not counted or enclosing_loop(steps[0]) is not loop:
        return None
    return steps[0] if function_of(steps[0]) is function_of(zero) else None


def _is_step(step: Assign | Unary, count: str) -> bool:
    """Tell whether a count grows by one: ``n += 1``, ``n = n + 1``, ``n++``."""
    if isinstance(step, Unary):
        return step.op == "++"
    value = strip(step.value) if step.value is not None else None
    if step.op == "+=":
        return isinstance(value, Literal) and value.value == 1
    return isinstance(value, Binary) and value.op == "+" and isinstance(value.left, Name) and value.left.id == count


def _asks_for_more(module: Module, test: Binary, count: str) -> bool:
    """Tell whether a count is held against a limit of more than one."""
    for one, other in ((test.left, test.right), (test.right, test.left)):
        counted = strip(one)
        counted = strip(counted.operand) if isinstance(counted, Unary) and counted.op == "++" else counted
        if isinstance(counted, Name) and counted.id == count and test.op in _MORE:
            return _is_limit(module, other)
    return False


def _is_limit(module: Module, limit: Expr) -> bool:
    made = module.scopes.origin(limit)
    if isinstance(made, Literal):
        return isinstance(made.value, int) and made.value > 1
    return isinstance(strip(limit), Name | Member)
