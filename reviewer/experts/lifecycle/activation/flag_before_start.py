"""LIF020: a record says that something runs before its start has succeeded, so that a second try is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, before, exits
from reviewer.code.syntax import Assign, Await, Call, Handler, If, Literal, Member, Name, Param, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry

_FLAGS: Final = word_set("enabled active running started loaded installed connected activated on")
_STARTS: Final = word_set(
    "launch start activate enable load boot run open connect install spawn wake begin init initialize initialise setup"
)


@module_check("LIF020", words=_FLAGS)
def flag_before_start(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each flag of a record that is set in front of what may fail, and that ends the next try at once."""
    if module.is_test:
        return
    for assign in module.all(Assign):
        target, function = strip(assign.target), function_of(assign)
        holder = strip(target.object) if isinstance(target, Member) else None
        if function is None or not isinstance(target, Member) or not isinstance(holder, Name) or holder.id == "this":
            continue
        if not set(words(target.name)[-1:]) & _FLAGS or not _switched_on(module, function, assign):
            continue
        flag = module.text_of(target)
        if not _asked_before(module, assign, flag) or _taken_back(module, function, assign, flag):
            continue
        start = next((call for call in _awaited_after(assign) if _starts(call, holder.id)), None)
        if start is not None and not _is_caught(start):
            yield Match(
                assign,
                f"'{flag}' says from here on that it runs, and '{short(module.text_of(start))}' has yet to succeed: "
                "when it fails the flag stays, and whoever tries again is told that there is nothing to do.",
                related=((start, "may fail here"),),
                fix="Set it when the start has succeeded, or take it back where it fails.",
            )


def _switched_on(module: Module, function: Function, assign: Assign) -> bool:
    """Tell whether a flag is set, or becomes what the function was told."""
    value: Expr | None = strip(assign.value) if assign.value is not None else None
    if isinstance(value, Literal):
        return value.value is True
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    return len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is function


def _asked_before(module: Module, assign: Assign, flag: str) -> bool:
    """Tell whether the function has already given up where the flag is as it is wanted."""
    return any(
        isinstance(node, If)
        and exits(node.body)
        and any(module.text_of(one) == flag for one in find(node.test, Member))
        for node in before(assign)
    )


def _taken_back(module: Module, function: Function, assign: Assign, flag: str) -> bool:
    """Tell whether something else in the function sets the flag: where the start fails, or in the end."""
    return any(
        other is not assign
        and module.text_of(other.target) == flag
        and any(isinstance(around, Handler | Try) for around in ancestors(other))
        for other in find(function.body, Assign)
    )


def _awaited_after(assign: Assign) -> Iterator[Call]:
    for node in after(assign):
        call = strip(node.value) if isinstance(node, Await) and node.start > assign.stop else None
        if isinstance(call, Call):
            yield call


def _starts(call: Call, holder: str) -> bool:
    """Tell whether a call starts what the record stands for, by its name and what it is given."""
    given = names_in([*call.args, *([call.receiver] if call.receiver is not None else [])])
    return bool(set(words(call.name)[:1]) & _STARTS) and holder in given


def _is_caught(start: Call) -> bool:
    return any(isinstance(around, Try) and around.handlers for around in ancestors(start))
