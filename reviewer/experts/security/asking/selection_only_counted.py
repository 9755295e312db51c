"""SEC010: what somebody may have is selected and only counted, and the whole list is worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Call,
    Comprehension,
    Expr,
    ExprStatement,
    For,
    Function,
    Member,
    Name,
    Node,
    Return,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import asks_permission
from reviewer.experts.security.vocabulary import AUDITS, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COUNTED: Final = frozenset({"length", "size"})
_RECORDS: Final = frozenset({"log", "info", "warn", "warning", "debug", "error", "write", "enter", "note", "record"})
_EACH: Final = frozenset({"map", "forEach"})


@module_check("SEC010", words=TRIGGERS | {"filter", "cleared", "check"})
def selection_only_counted(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list of what passed a check, and at the list that it was selected from."""
    if module.is_test:
        return
    for assign in module.all(Assign):
        made = strip(assign.value) if assign.value is not None else None
        function = function_of(assign)
        if function is None or not isinstance(assign.target, Name) or made is None:
            continue
        chosen = _selected(made)
        if chosen is None or not asks_permission(module, chosen[1]) or not _only_counted(assign, function):
            continue
        whole = chosen[0]
        loop = next((one for one in _worked_on(function, whole) if one.start > assign.start), None)
        if loop is not None:
            yield Match(
                loop,
                f"'{assign.target.id}' is what passed the check, and is only counted: all of '{whole}' is worked on "
                "here.",
                related=((assign, f"'{short(module.text_of(chosen[1]))}' is asked here"),),
            )


def _selected(made: Expr) -> tuple[str, Expr] | None:
    """Return the name of a list and the test by which its elements are selected."""
    if isinstance(made, Comprehension) and len(made.clauses) == 1 and made.tests:
        target, source = made.clauses[0][0], strip(made.clauses[0][1])
        same = isinstance(target, Name) and isinstance(made.element, Name) and target.id == made.element.id
        return (source.id, made.tests[0]) if same and isinstance(source, Name) else None
    by = strip(made.args[0]) if isinstance(made, Call) and made.name == "filter" and made.args else None
    held = strip(made.receiver) if isinstance(made, Call) and made.receiver is not None else None
    if not isinstance(by, Function) or not isinstance(held, Name):
        return None
    test = next((one.value for one in by.body if isinstance(one, Return)), None)
    return (held.id, test) if test is not None else None


def _only_counted(assign: Assign, function: Function) -> bool:
    """Tell whether a list is read, and only for how long it is or for a line of a record."""
    name = assign.target.id if isinstance(assign.target, Name) else ""
    reads = [one for one in find(function.body, Name) if one.id == name and one is not assign.target]
    return bool(reads) and all(_is_counted(one) for one in reads)


def _is_counted(read: Name) -> bool:
    around = read.parent
    counted = (isinstance(around, Member) and around.name in _COUNTED) or (
        isinstance(around, Call) and around.name == "len"
    )
    recorded = False
    for outer in ancestors(read):
        if isinstance(outer, Call) and outer is not around:
            said = set(words(outer.name))
            recorded = recorded or bool(said & (_RECORDS | AUDITS))
        if isinstance(outer, ExprStatement | Function):
            break
    return recorded and (counted or isinstance(around, Call))


def _worked_on(function: Function, name: str) -> Iterator[Node]:
    """Yield where a function goes through all of a list and does something with each."""
    for loop in find(function.body, For, into_functions=False):
        if isinstance(loop.iterable, Name) and loop.iterable.id == name and any(True for _ in calls_in(loop.body)):
            yield loop
    for call in find(function.body, Call, into_functions=False):
        held = strip(call.receiver) if call.receiver is not None else None
        if call.name in _EACH and isinstance(held, Name) and held.id == name:
            yield call
