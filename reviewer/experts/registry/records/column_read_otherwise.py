"""REG007: a row is read at the place of the column that it was asked by, and what was asked for is never read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Comprehension,
    Expr,
    For,
    Index,
    Literal,
    Name,
    Return,
    Spread,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, inside
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.sql_statements import runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.registry.sql_statements import Run

_LIST: Final = regex(r"^\s*select\s+([\w\s,.\"`]{1,400}?)\s+from\b", re.IGNORECASE)
_ASKED: Final = regex(r"\b(\w{1,60})[\"`\]]?\s{0,3}=\s{0,3}(?:\?|\$|:|%|@)", re.IGNORECASE)
_ONE: Final = frozenset({"fetchone", "fetchrow", "first", "one", "one_or_none"})


@module_check("REG007", words={"select", "fetchone", "fetchrow"})
def column_read_otherwise(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the single rows of which one place is read: that of a column whose value the question has given."""
    if module.is_test:
        return
    for run in runs(module):
        listed = _LIST.match(run.text) if run.verb == "select" else None
        if listed is None:
            continue
        columns = [part.strip().strip('"`').rsplit(".", 1)[-1].lower() for part in listed[1].split(",")]
        asked = {name.lower() for name in _ASKED.findall(run.text)}
        places = _places(module, run)
        function = function_of(run.call)
        if len(columns) < 2 or len(places) != 1 or function is None:
            continue
        place, at = next(iter(places.items()))
        wanted = next((one for one in columns if one not in asked and one in words(function.name)), "")
        if place < len(columns) and columns[place] in asked and wanted:
            yield Match(
                at,
                f"The row holds {', '.join(columns)}, and '{columns[place]}' is read of it, by which it was asked for: "
                f"'{wanted}' stands at {columns.index(wanted)}.",
                related=((run.call, "the columns"),),
            )


@module_check("REG007", words={"row", "rows", "fetchone", "fetchrow"})
def column_not_asked_for(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the rows of which a column is read by a name that the statement does not select."""
    if module.is_test or not module.words & {"select", "fetchone", "fetchrow", "get"}:
        return
    for run in runs(module):
        listed = _LIST.match(run.text) if run.verb == "select" else None
        function = function_of(run.call)
        if listed is None or function is None or re.search(r"\*|\(", run.text[: listed.end(1)]):
            continue
        parts = [
            part.split()[-1].strip('"`').rsplit(".", 1)[-1].lower() for part in listed[1].split(",") if part.strip()
        ]
        for index in find(function.body, Index):
            key = strip(index.key)
            text = key.value.lower() if isinstance(key, Literal) and isinstance(key.value, str) else ""
            if text and text not in parts and _is_row(module.scopes.origin(index.object), run.call):
                yield Match(
                    index,
                    f"'{text}' is read of a row that is selected without it: it holds {', '.join(parts)}.",
                    related=((run.call, "the columns"),),
                )
                break


def _places(module: Module, run: Run) -> dict[int, Index]:
    """Return the places of a single row that its function reads; nothing where the row is used as a whole."""
    function = function_of(run.call)
    taken = run.call.parent
    found: dict[int, Index] = {}
    if function is None or taken is None:
        return found
    for index in find(function.body, Index):
        key, row = strip(index.key), strip(index.object)
        made = module.scopes.origin(row)
        if isinstance(key, Literal) and isinstance(key.value, int) and _is_row(made, run.call):
            found.setdefault(int(key.value), index)
    kept = [one.target.id for one in find(function.body, Assign) if isinstance(one.target, Name) and _holds(one, run)]
    whole = [
        name for name in find(function.body, Name) if name.id in kept and not isinstance(name.parent, Index | Assign)
    ]
    return {} if any(_goes_on(name) for name in whole) else found


def _is_row(made: object, call: Call) -> bool:
    return isinstance(made, Call) and made.name in _ONE and (made is call or inside(call, made))


def _holds(assign: Assign, run: Run) -> bool:
    return assign.value is not None and (assign.value is run.call or inside(run.call, assign.value))


def _goes_on(name: Expr) -> bool:
    """Tell whether a row is handed on as it is: to a call, into a list, as the answer."""
    return isinstance(name.parent, Call | Return | Spread | Array | For | Comprehension)
