"""COM021: who registers a command says by a mark whether anybody's rights are asked before it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits
from reviewer.code.reach.records import given_fields
from reviewer.code.syntax import (
    Binary,
    Call,
    Expr,
    If,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.sources import sources
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_OPEN: Final = frozenset(
    "public open anonymous unprotected exported free shared everyone everybody guest exposed anyone".split()
)
"""Words of a mark by which the owner of something opens it on purpose."""


@module_check("COM021", words={"error", "forbidden", "denied", "refuse", "refused", "permission", "exception"})
def registrant_lifts_check(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal for a mark of what is asked for that lifts it."""
    if module.is_test:
        return
    for test in module.all(If):
        function = function_of(test)
        if function is None or not exits(test.body) or not any(_throws(one) for one in walk(test.body)):
            continue
        parts = list(_and(test.test))
        if not any(_asks(function, part) for part in parts):
            continue
        outer = [strip(one.test) for one in conditions(test) if one.test is not test.test]
        for part in (*parts, *outer):
            mark = _mark(part)
            table = _entry_of(inquiry, module, mark) if mark is not None else None
            if mark is not None and table is not None and _chosen(module, table, mark.name):
                yield Match(
                    test,
                    f"Nobody is asked for rights where '{short(module.text_of(mark))}' is set, and whoever registers "
                    "sets it: a plugin opens what it likes to everybody, without a word to those who gave it rights.",
                )
                break


def _throws(node: object) -> bool:
    return isinstance(node, Throw)


def _and(test: Expr) -> Iterator[Expr]:
    test = strip(test)
    if isinstance(test, Binary) and test.op in ("&&", "and"):
        yield from _and(test.left)
        yield from _and(test.right)
    else:
        yield test


def _asks(function: Function, part: Expr) -> bool:
    """Tell whether a part of a test is a question about somebody that was answered with no."""
    call = strip(part.operand) if isinstance(part, Unary) and part.op == "not" else None
    given = {param.name for param in function.params}
    if isinstance(call, Call):
        return len(call.args) > 1 and any(isinstance(one, Name) and one.id in given for one in call.args)
    return isinstance(part, Binary) and part.op == "not in" and any(name.id in given for name in find(part.right, Name))


def _mark(part: Expr) -> Member | None:
    """Return the mark that must not be set: ``!entry.quiet``, ``not entry.quiet``."""
    inner = strip(part.operand) if isinstance(part, Unary) and part.op == "not" else None
    return inner if isinstance(inner, Member) and not set(words(inner.name)) & _OPEN else None


def _entry_of(inquiry: Inquiry, module: Module, mark: Member) -> Table | None:
    found = sources(inquiry, module).of(mark.object)
    return found.table if found is not None and found.looked_up else None


def _chosen(module: Module, table: Table, name: str) -> bool:
    """Tell whether what is entered has a mark of this name, which the function that enters was handed."""
    for access in table.of("write"):
        value = strip(access.value) if access.value is not None else None
        made = module.scopes.origin(value) if isinstance(value, Name) else value
        fields: list[tuple[str, Expr]] = []
        if isinstance(made, Object):
            fields = [(str(key.value), held) for key, held in made.entries if isinstance(key, Literal)]
        elif isinstance(made, Call):
            fields = list(given_fields(module, made))
        for key, held in fields:
            given = strip(held)
            bound = module.scopes.lookup(given.id, given) if key == name and isinstance(given, Name) else []
            if len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is access.function:
                return True
    return False
