"""LIF022, of changes: a change is noted as dealt with in front of the load that it asks for, which may fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import Binary, If, Name, Throw, Try, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, inside, statement_of
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Statement
    from reviewer.code.tables import Access, Table

_LOADS: Final = frozenset("load reload changed change apply import install update upgrade refresh swap replace".split())


@module_check("LIF022", words=_LOADS)
def noted_before_done(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the note that turns later turns away, made in front of a load whose failure is caught behind it."""
    if module.is_test:
        return
    for table in tables(module):
        for write in table.of("write"):
            attempt = _attempt_behind(write, module)
            if attempt is not None and _turns_away(table, write) and not _taken_back(table, attempt):
                yield Match(
                    write.node,
                    f"'{table.name}' says that this was done before it is: when the step in line "
                    f"{attempt.body[0].line} fails, the next look finds nothing to do, and it is never tried again.",
                    related=((attempt.body[0], "may fail here"),),
                )


def _attempt_behind(write: Access, module: Module) -> Try | None:
    """Return the attempt at a load that stands in the same list of statements right behind a note."""
    statement = statement_of(write.node)
    listed: list[Statement] = siblings(statement, module) if statement is not None else []
    place = next((n for n, one in enumerate(listed) if one is statement), len(listed))
    for later in listed[place + 1 : place + 3]:
        loads = isinstance(later, Try) and any(_LOADS & set(words(call.name)) for call in calls_in(later.body))
        if isinstance(later, Try) and loads and later.handlers:
            return later
    return None


def _turns_away(table: Table, write: Access) -> bool:
    """Tell whether an earlier look at the same note leaves the turn: ``if seen.get(name) == time: continue``."""
    noted = strip(write.value) if write.value is not None else None
    for read in table.of("read"):
        test = read.node.parent
        if not isinstance(test, Binary) or test.op != "==" or read.function is not write.function:
            continue
        around = test.parent
        if isinstance(around, If) and exits(around.body):
            sides = [strip(side) for side in (test.left, test.right)]
            if isinstance(noted, Name) and any(isinstance(side, Name) and side.id == noted.id for side in sides):
                return around.start < write.node.start
    return False


def _taken_back(table: Table, attempt: Try) -> bool:
    """Tell whether a failure takes the note back, or goes on to who called."""
    parts = [*attempt.handlers, *attempt.final]
    touched = any(inside(access.node, part) for access in table.accesses for part in parts)
    return touched or any(next(find(handler.body, Throw), None) is not None for handler in attempt.handlers)
