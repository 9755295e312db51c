"""COM510: what a command answers is replaced by a default wherever it is 0, no, or empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Array, Binary, Call, Expr, Function, Literal, Name, Object, is_nothing, strip
from reviewer.code.walk import find, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.executing import command_executions
from reviewer.experts.communication.sources import sources
from reviewer.experts.communication.vocabulary import EXECUTES, first_word
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PLAIN: Final = frozenset({"", 0})
"""Defaults that say no more than what they stand for."""


@module_check("COM510", words=EXECUTES)
def falsy_result_replaced(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that runs a command and gives back its answer, or else a default."""
    if module.is_test:
        return
    ran = [one.call for one in command_executions(inquiry, module)]
    for function in module.functions:
        for answer in returns_of(function):
            chosen = strip(answer.value) if answer.value is not None else None
            if not isinstance(chosen, Binary) or chosen.op != "or" or not _is_another(chosen.right):
                continue
            given = strip(chosen.left)
            made = module.scopes.origin(given) if isinstance(given, Name) else given
            if isinstance(made, Expr) and _runs_command(inquiry, module, function, strip(made), ran):
                yield Match(
                    chosen,
                    f"'{short(module.text_of(chosen))}' takes an answer of 0, no, or an empty text or list for none, "
                    "and gives something else to whoever asked: only nothing should be replaced.",
                )


def _is_another(default: Expr) -> bool:
    """Tell whether a default is of another kind than some answers that it takes the place of."""
    value = strip(default)
    if isinstance(value, Literal):
        return not is_nothing(value) and value.value not in _PLAIN
    return isinstance(value, Object | Array)


def _runs_command(inquiry: Inquiry, module: Module, function: Function, made: Expr, ran: list[Call]) -> bool:
    """Tell whether a value is what a command answers: it is run here, or handed to what runs it."""
    if any(inside(call, made) or call is made for call in ran):
        return True
    if first_word(function.name) not in EXECUTES:
        return False
    known = sources(inquiry, module)
    return any(
        (source := known.of(arg)) is not None and source.table is not None and source.looked_up
        for call in find(made, Call)
        for arg in call.args
    )
