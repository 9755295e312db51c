"""LIF372: what was taken is given back in a ``finally``, and what can fail stands before its ``try``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings
from reviewer.code.syntax import Await, Call, Name, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, statement_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.ways_out.loan_kept_on_failure import TAKES, begins_with, gives_back, is_handed, variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node, Statement
    from reviewer.experts.check import Inquiry

_PLAIN: Final = frozenset(
    "on once set get is has add cursor unref ref info debug log name fileno append note label".split()
)
"""First words of calls on what was taken that hardly fail: they listen, name, or ask."""


@module_check("LIF372", words=TAKES)
def taken_before_try(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what runs between the line that takes a thing and the ``try`` whose ``finally`` gives it back."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only:
            continue
        for taken in calls_in(function.body, into_functions=False):
            if not begins_with(taken, TAKES):
                continue
            statement = statement_of(taken)
            beside = siblings(statement, module) if statement is not None else []
            if statement is None or not any(one is statement for one in beside):
                continue
            yield from _lost(module, taken, beside[beside.index(statement) + 1 :])


def _lost(module: Module, taken: Call, later: list[Statement]) -> Iterator[Match]:
    name = variable(taken)
    for position, attempt in enumerate(later):
        if isinstance(attempt, Try):
            back = next((call for call in calls_in(attempt.final) if gives_back(module, taken, name, call)), None)
            risk = next(_risks(module, name, later[:position]), None)
            if back is not None and risk is not None:
                what = f"'{name}'" if name else f"what '{module.text_of(taken.callee)}' took"
                yield Match(
                    risk,
                    f"This can fail while {what} is taken already and the 'try' that gives it back has not begun: then "
                    f"'{module.text_of(back.callee)}' never runs, and nobody gets it any more.",
                    related=((taken, "taken here"), (back, "given back here")),
                )
            return


def _risks(module: Module, name: str, between: list[Statement]) -> Iterator[Node]:
    """Yield what may fail: what is waited for, functions that were handed in, and what the taken thing is told."""
    for statement in between:
        if isinstance(statement, Try) and statement.handlers:
            continue
        waits: list[Node] = list(find(statement, Await, into_functions=False))
        for node in (*waits, *calls_in(statement, into_functions=False)):
            if not isinstance(node, Call) or is_handed(module, node.callee) or _tells(node, name):
                yield node
                break


def _tells(call: Call, name: str) -> bool:
    """Tell whether a call has the taken thing itself do something."""
    holder = strip(call.receiver) if call.receiver is not None else None
    first = words(call.name)[:1]
    return bool(name) and isinstance(holder, Name) and holder.id == name and _PLAIN.isdisjoint(first)
