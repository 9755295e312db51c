"""COM022: how deep a call is gets compared with a limit, and nothing ever makes the number higher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Assign, Binary, If, Literal, Member, Name, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_DEPTHS: Final = frozenset({"depth", "hops", "nesting", "recursion", "hop"})


@module_check("COM022", words=_DEPTHS)
def depth_never_raised(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal of what is too deep for whatever counts how deep it is."""
    if module.is_test:
        return
    said: set[str] = set()
    for test in module.all(If):
        if not exits(test.body) or test.orelse:
            continue
        for asked in find(test.test, Binary):
            name = _depth(asked)
            if not name or name in said:
                continue
            said.add(name)
            raised = inquiry.project.answers("communication.raised depths", _raised, {name}, tests=False)
            if not any(name in names for names in raised):
                yield Match(
                    asked,
                    f"'{short(module.text_of(asked))}' ends what is too deep, and nothing ever makes '{name}' higher: "
                    "two that call each other go on for ever.",
                )


def _depth(asked: Binary) -> str:
    """Return the name of the member that a comparison holds against a constant, if it says how deep a call is."""
    if asked.op not in (">", ">=", "==="):
        return ""
    held, most = strip(asked.left), strip(asked.right)
    limit = most.name if isinstance(most, Member) else most.id if isinstance(most, Name) else ""
    fixed = (limit != "" and limit.upper() == limit) or (
        isinstance(most, Literal) and isinstance(most.value, int) and most.value > 1
    )
    return held.name if fixed and isinstance(held, Member) and set(words(held.name)) & _DEPTHS else ""


def _raised(module: Module) -> frozenset[str]:
    """Return the members and variables that a file adds something to, or that it takes from what it was given."""
    found: set[str] = set()
    for sum_ in module.all(Binary):
        if sum_.op in ("+", "-"):
            found |= {_name(side) for side in (sum_.left, sum_.right)}
    found |= {_name(one.operand) for one in module.all(Unary) if one.op in ("++", "--")}
    for assign in module.all(Assign):
        made = strip(assign.value) if assign.value is not None else None
        if assign.op in ("+=", "-=") or (isinstance(assign.target, Member) and not isinstance(made, Literal | Name)):
            found.add(_name(assign.target))
    return frozenset(found - {""})


def _name(expr: Expr) -> str:
    expr = strip(expr)
    return expr.name if isinstance(expr, Member) else expr.id if isinstance(expr, Name) else ""
