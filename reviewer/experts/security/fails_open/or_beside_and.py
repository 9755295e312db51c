"""SEC480: one way to say yes stands beside the other conditions, where it was meant to stand beside one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import exits
from reviewer.code.syntax import Binary, Call, Expr, Function, If, Throw, strip
from reviewer.code.walk import ancestors
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.asked_to_refuse import asked_to_refuse
from reviewer.experts.security.deciding.decisions import is_decision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COMPARES = frozenset({"==", "!=", "<", ">", "<=", ">=", "in", "not in", "instanceof"})


@module_check("SEC480")
def or_beside_and(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``a and b or c`` without parentheses in which b and c ask the same of two things."""
    if module.is_test:
        return
    for either in module.all(Binary):
        if either.op != "or":
            continue
        both, other = strip(either.left), strip(either.right)
        if not isinstance(both, Binary) or both.op != "and" or (isinstance(other, Binary) and other.op == "and"):
            continue
        if b")" in module.source[both.raw.end_byte : other.raw.start_byte]:
            continue  # somebody said which belongs to which
        first, last = strip(both.left), strip(both.right)
        if not _asks(first) or not _alike(module, last, other) or not _decides(module, either):
            continue
        yield Match(
            either,
            f"'{short(module.text_of(other))}' is enough by itself: 'and' binds before 'or', so what stands before "
            f"'{short(module.text_of(last))}' is asked only together with that.",
        )


def _asks(first: Expr) -> bool:
    """Tell whether conditions are more than that something is there."""
    if isinstance(first, Binary) and first.op == "and":
        return _asks(strip(first.left)) or _asks(strip(first.right))
    return isinstance(first, Call) or (isinstance(first, Binary) and first.op in _COMPARES)


def _alike(module: Module, one: Expr, other: Expr) -> bool:
    """Tell whether two conditions ask the same question about two things."""
    if isinstance(one, Call) and isinstance(other, Call):
        return bool(one.args) and module.text_of(one.callee) == module.text_of(other.callee)
    if isinstance(one, Binary) and isinstance(other, Binary) and one.op == other.op and one.op in ("==", "in"):
        left, right = (module.text_of(side) for side in (one.left, one.right))
        return left == module.text_of(other.left) or (one.op == "in" and right == module.text_of(other.right))
    return False


def _decides(module: Module, at: Binary) -> bool:
    """Tell whether what somebody may do hangs on a condition."""
    for around in ancestors(at):
        if isinstance(around, If) and any(isinstance(one, Throw) for one in around.body) and exits(around.body):
            return True
        if isinstance(around, Function) and (is_decision(around) or around.name in asked_to_refuse(module)):
            return True
    return False
