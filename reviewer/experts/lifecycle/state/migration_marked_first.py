"""LIF621: data is marked as brought to a new format before it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    ExprStatement,
    For,
    Index,
    Literal,
    Member,
    Name,
    Template,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function, Node, Statement
    from reviewer.experts.check import Inquiry

_MIGRATES: Final = word_set("migrate migrates migration migrations upgrade upgrades")
_STEPS: Final = word_set("step steps migration migrations migrate up upgrade upgrades apply migrator")
_MARKS: Final = word_set("version format schema revision migrated level")
_PUTS: Final = frozenset({"set", "put", "setItem", "write", "save", "update"})
_STATEMENT: Final = regex(
    r"(?i)^\s*(?:update\s+\w+\s+set\s+\w*(?:version|format|schema|revision)\w*\s*=|pragma\s+user_version\s*=|"
    r"(?:insert|replace)\s+(?:or\s+\w+\s+)?into\s+\w*(?:version|migration)s?\b)"
)
_LONGEST: Final = 2_000


@module_check("LIF621", words=_MIGRATES)
def migration_marked_first(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that runs the steps of a migration."""
    if module.is_test:
        return
    for function in module.functions:
        if not set(words(function.name)) & _MIGRATES:
            continue
        yield from _marked_each_time(module, function)
        loop = next((one for one in _loops(function) if _runs_steps(one)), None)
        mark = _marked_before(function, loop) if loop is not None else None
        if mark is not None and loop is not None and not _marked_after(function, loop):
            yield Match(
                mark,
                f"'{short(module.text_of(mark))}' says that the data has the new format before any step has run: after "
                "one that fails the next start takes the old data for the new.",
                related=((loop, "the steps run here"),),
            )


def _marked_each_time(module: Module, function: Function) -> Iterator[Match]:
    """Find the mark of one step that stands before the step, in the loop that goes through them."""
    for loop in _loops(function):
        marks = [(place, one) for place, one in enumerate(loop.body) if _marks(one) is not None]
        for place, mark in marks[:1]:
            runs = [one for one in loop.body[place + 1 :] if _runs_one(loop, one)]
            if runs and not any(_runs_one(loop, one) for one in loop.body[:place]):
                yield Match(
                    mark,
                    f"'{short(module.text_of(mark))}' says that the data has the new format before the step has run: "
                    "one that fails is never tried again.",
                    related=((runs[0], "the step runs here"),),
                )


def _runs_one(loop: For | While, statement: Statement) -> bool:
    """Tell whether a statement of a loop runs the step that the loop is at, at once or statement by statement."""
    each = names_in(loop.target) if isinstance(loop, For) and loop.target is not None else set()
    if isinstance(statement, For) and statement.iterable is not None and names_in(statement.iterable) & each:
        return bool(set(last_words(statement.iterable)) & _STEPS) and any(True for _ in calls_in(statement.body))
    for call in calls_in(statement, into_functions=False):
        callee = strip(call.callee)
        if isinstance(callee, Index) and set(last_words(callee.object)) & _STEPS:
            return True
        if isinstance(callee, Name) and callee.id in each and set(words(callee.id)) & _STEPS:
            return True
    return False


def _loops(function: Function) -> Iterator[For | While]:
    yield from find(function.body, For, into_functions=False)
    yield from find(function.body, While, into_functions=False)


def _runs_steps(loop: For | While) -> bool:
    """Tell whether a loop runs what leads from one format to the next: ``data = steps[n](data)``."""
    each, over = _each_of(loop)
    for call in calls_in(loop.body, into_functions=False):
        if each and isinstance(call.callee, Name) and call.callee.id == each and over & _STEPS:
            return True
        callee = strip(call.callee)
        held = callee.object if isinstance(callee, Index) else callee
        if set(last_words(held)) & _STEPS or (isinstance(callee, Member) and set(last_words(callee.object)) & _STEPS):
            return True
    return False


def _each_of(loop: For | While) -> tuple[str, set[str]]:
    """Return the variable of a loop, and the words of what it goes through: ``for run in todo`` of ``STEPS[done:]``."""
    if not isinstance(loop, For) or not isinstance(loop.target, Name) or loop.iterable is None:
        return "", set()
    function = function_of(loop)
    over = loop.iterable
    made = function.module.scopes.origin(over) if function is not None else None
    said = set(last_words(over))
    while isinstance(made, Index | Call):
        inner = made.object if isinstance(made, Index) else made.receiver
        if inner is None:
            break
        said |= set(last_words(inner))
        made = strip(inner)
    return loop.target.id, said


def _marked_before(function: Function, loop: For | While) -> Node | None:
    """Return the statement of the function itself that stores the new number, with the loop somewhere behind it."""
    for statement in function.body:
        if statement.raw.start_byte >= loop.raw.start_byte:
            return None
        if _marks(statement) is not None and any(one is statement for one in siblings(statement)):
            return statement
    return None


def _marked_after(function: Function, loop: For | While) -> bool:
    later = [one for one in find(function.body, ExprStatement) if one.raw.start_byte > loop.raw.start_byte]
    put = [one for one in find(function.body, Assign) if one.raw.start_byte > loop.raw.start_byte]
    return any(_marks(one) is not None for one in (*later, *put))


def _marks(statement: Statement | Node) -> Node | None:
    """Return the statement, where it stores the number of a format."""
    if isinstance(statement, Assign):
        target = strip(statement.target)
        stored = isinstance(target, Member) and bool(set(last_words(target)[-1:]) & _MARKS)
        return statement if stored and statement.op == "=" else None
    call = _call(statement.value) if isinstance(statement, ExprStatement) else None
    if call is None or not call.args:
        return None
    first = strip(call.args[0])
    around = function_of(call) if isinstance(first, Name) else None
    constant = around.module.scopes.origin(first) if around is not None else None
    first = constant if isinstance(constant, Literal) else first
    text = first.items[0] if isinstance(first, Template) and first.items else first
    if isinstance(text, Literal) and isinstance(text.value, str):
        if _STATEMENT.search(text.value[:_LONGEST]) is not None:
            return statement
        return statement if call.name in _PUTS and len(call.args) > 1 and set(words(text.value)) & _MARKS else None
    last = first.items[-1] if isinstance(first, Template) and first.items else None
    if isinstance(last, Literal) and isinstance(last.value, str) and call.name in _PUTS and len(call.args) > 1:
        return statement if set(words(last.value)) & _MARKS else None  # `${name}/format`
    return None


def _call(value: Expr) -> Call | None:
    made = value.value if isinstance(value, Await) else value
    made = strip(made)
    return made if isinstance(made, Call) else None
