"""Names that a value has on its way: it gets one, and the next statement returns it or hands it on.

``const answer = ask(n); return answer;`` is ``return ask(n)``, and ``const entry = make(n); list.push(entry);`` is
``list.push(make(n))``. The tree keeps the shorter spelling, so that checks need to know only one.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import body_of
from reviewer.code.form.tree import exchange
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    ExprStatement,
    Function,
    Index,
    Member,
    Name,
    Object,
    Return,
    Statement,
    Template,
    strip,
)
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_WORD: Final = regex(rb"[A-Za-z_$][\w$]*")
_NUMBERS: Final = frozenset({"min", "max", "round", "floor", "ceil", "abs", "sum"})
_RETURNED: Final = (Call, Binary, Conditional)
_HANDED: Final = (Call, Member, Index, Template, Object)


class Passing(Struct, frozen=True):
    """A value with a name that the next statement reads."""

    around: list[Statement]
    naming: Statement
    name: str
    value: Expr
    use: Name


def see_passed(function: Function) -> None:
    """Put values where the names are read that they only pass by, in a function that was just lowered."""
    found = [one for listed in _lists(function.body) for one in _passing(listed)]
    if not found:
        return
    once = _written_twice(function.module, function, {one.name for one in found})
    for one in found:
        if one.name in once:
            exchange(one.use, one.value)
            function.module.moved.append(one.value)
            one.around[:] = [statement for statement in one.around if statement is not one.naming]


def _lists(body: list[Statement]) -> list[list[Statement]]:
    """Return the lists of statements of a function, those of nested functions left out."""
    found = [body]
    for listed in found:
        for statement in listed:
            if not isinstance(statement, Function | Class):
                found.extend(body_of(statement))
    return found


def _passing(listed: list[Statement]) -> Iterator[Passing]:
    """Yield the values of a list of statements that the next one reads by their name."""
    for naming, following in pairwise(listed):
        assign = naming.value if isinstance(naming, ExprStatement) else None
        if not isinstance(assign, Assign) or not isinstance(assign.target, Name) or not _is_plain(assign):
            continue
        name, value = assign.target.id, assign.value
        use = _use(following, name, value) if value is not None else None
        if value is not None and use is not None:
            yield Passing(listed, naming, name, value, use)


def _is_plain(assign: Assign) -> bool:
    """Tell whether an assignment gives one name one value as it is written, and says nothing else of it."""
    value = assign.value
    if value is None or value.parent is not assign or value.raw.start_byte <= assign.target.raw.start_byte:
        return False  # one of several names, or a member that is taken out by its name
    return assign.default is None and assign.op == "=" and assign.declare != "using" and not assign.type


def _use(following: Statement, name: str, value: Expr) -> Name | None:
    """Return where a statement returns what a name stands for, or hands it to a call."""
    given = following.value if isinstance(following, Return | ExprStatement) else None
    if given is None:
        return None
    read = strip(given)
    if isinstance(following, Return) and isinstance(read, Name):
        return read if read.id == name and isinstance(strip(value), _RETURNED) else None
    if not isinstance(following, ExprStatement) or not isinstance(read, Call) or not isinstance(value, _HANDED):
        return None
    if isinstance(value, Call) and value.name in _NUMBERS:
        return None  # a number says nothing without its name
    return next((arg for arg in read.args if isinstance(arg, Name) and arg.id == name), None)


def _written_twice(module: Module, function: Function, names: set[str]) -> frozenset[str]:
    """Return the names that are written where they get their value and once more, and nowhere else in a function."""
    counted: Counter[str] = Counter()
    for hit in _WORD.finditer(module.source, function.raw.start_byte, function.raw.end_byte):
        word = hit.group().decode("ascii")
        if word in names:
            counted[word] += 1
    return frozenset(name for name in names if counted[name] == 2)
