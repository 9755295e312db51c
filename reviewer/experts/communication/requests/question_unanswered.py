"""COM056: a function asks all handlers whether something may happen, and its caller drops what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of, use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, ExprStatement, Function, Literal, strip
from reviewer.code.walk import function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.vocabulary import HANDLERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset({"veto", "vetoes", "guard", "guards", "before", "may", "can", "should", "allowed", "ask"})


@module_check("COM056", words=HANDLERS | _ASKS)
def question_unanswered(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call whose answer is dropped for whether it asks handlers that can say no."""
    if module.is_test:
        return
    for statement in module.all(ExprStatement):
        call = strip(statement.value)
        if not isinstance(call, Call) or call.new or use_of(call).how != "dropped":
            continue
        asked = definition(module, call.callee)
        if not isinstance(asked, Function) or not _says_yes_or_no(asked) or not _asks_handlers(inquiry, asked):
            continue
        if function_of(call) is asked:
            continue
        yield Match(
            call,
            f"'{asked.name}' says no where a handler refuses, and its answer is dropped here: whatever the handlers "
            "say, what they were asked about happens.",
            related=((asked, "asks the handlers"),),
        )


def _says_yes_or_no(function: Function) -> bool:
    """Tell whether a function answers with true here and with false there, and with nothing else."""
    answers = [strip(one.value) if one.value is not None else None for one in returns_of(function)]
    given = {one.value for one in answers if isinstance(one, Literal)}
    return given == {True, False} and all(isinstance(one, Literal) for one in answers)


def _asks_handlers(inquiry: Inquiry, function: Function) -> bool:
    """Tell whether a function goes through handlers and looks at what each of them answers."""
    return any(
        found.loop is not None and found.use.how != "dropped" and inside(found.call, function)
        for found in invocations(inquiry, function.module)
        if found.function is not None
    )
