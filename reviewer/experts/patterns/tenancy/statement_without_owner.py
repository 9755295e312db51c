"""PAT028: one statement leaves out the column by which all the others keep owners apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Literal, Template
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, function_of, names_in
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.vocabulary import PLUGINS, names_tenant

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_CONTENT: Final = regex(r"select\s+(?:distinct\s+)?(?:\w+\.)?(?:sha\d*|digest|hash|checksum)\s+from\b")
_METHODS: Final = frozenset(
    "execute executemany fetch fetchrow fetchval fetch_one fetch_all query run get all one none any manyOrNone "
    "oneOrNone prepare exec raw scalar scalars text".split()
)
_TABLE: Final = regex(r"\b(?:from|update|into)\s+[\"`\[]?(\w{1,60})", re.IGNORECASE)
_COLUMN: Final = regex(r"\b(\w{1,60})[\"`\]]?\s{0,3}=\s{0,3}(?:\?|\$|:|%|@)", re.IGNORECASE)
_INSERTED: Final = regex(r"\binto\s+\S{1,60}\s{0,3}\(([^()]{1,500})\)", re.IGNORECASE)
_KEY: Final = regex(r"\bon\s{1,3}conflict\s{0,3}\(([^()]{1,200})\)", re.IGNORECASE)
"""The columns by which an upsert knows a row."""
_LONGEST: Final = 4_000
_ENOUGH: Final = 2
"""Statements that name the owner before one without is a slip."""


@module_check("PAT028", words={"select", "where", "from", "delete", "update"})
def statement_without_owner(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the statements about each table of a module with one another."""
    if module.is_test:
        return
    by_table: dict[tuple[str, int], list[tuple[Call, str]]] = defaultdict(list)
    for call in module.all(Call):
        text = _statement(module, call)
        table = _TABLE.search(text) if text else None
        if table is not None:
            by_table[table[1].lower(), id(class_of(call))].append((call, text))
    for (table_name, _owner), statements in by_table.items():
        told = list(_compare(table_name, statements))
        yield from told or _against_key(table_name, statements)


def _against_key(table: str, statements: list[tuple[Call, str]]) -> Iterator[Match]:
    """Find what picks rows by all of a key but its first column, where that stands for whose rows they are."""
    for _call, keyed in statements:
        key = [name.strip(' "`[]').lower() for name in _KEY.findall(keyed)[:1] for name in name.split(",")]
        if len(key) < _ENOUGH + 1:
            continue
        for call, text in statements:
            asked = {column.lower() for column in _COLUMN.findall(text)}
            if key[0] in text.lower() or not _filters(text) or _is_for_all(call) or not asked >= set(key[1:]):
                continue
            yield Match(
                call,
                f"A row of '{table}' is one of {', '.join(key)}, and this statement leaves out '{key[0]}': it reaches "
                "the rows of everybody.",
            )
        return


def _compare(table: str, statements: list[tuple[Call, str]]) -> Iterator[Match]:
    counts: dict[str, int] = defaultdict(int)
    for _call, text in statements:
        for column in _columns(text):
            if _is_owner(column):
                counts[column] += 1
    if not counts:
        return
    column, times = max(counts.items(), key=lambda item: item[1])
    without = [
        call
        for call, text in statements
        if (column not in text.lower() or _takes_in_vain(call, text, column))
        and _filters(text)
        and not _is_for_all(call)
    ]
    if times < _ENOUGH or len(without) > times:
        return
    for call in without:
        yield Match(
            call,
            f"The other statements about '{table}' ask for '{column}', and this one doesn't: it reaches the rows of "
            "everybody.",
        )


def _takes_in_vain(call: Call, text: str, column: str) -> bool:
    """Tell whether a function is told the owner, and picks rows of everybody: the column is only read."""
    function = function_of(call)
    told = function is not None and any(param.name.lower() == column for param in function.params)
    return told and column not in text.lower().partition(" where ")[2] and column not in names_in(call)


def _columns(text: str) -> set[str]:
    """Return the columns that a statement asks for, or fills."""
    found = {column.lower() for column in _COLUMN.findall(text)}
    inserted = _INSERTED.search(text)
    if inserted is not None:
        found.update(column.strip(' "`[]').lower() for column in inserted[1].split(","))
    return found


def _statement(module: Module, call: Call) -> str:
    """Return the text of the statement that a call runs, in one line, holes left out."""
    if call.name not in _METHODS or not call.args:
        return ""
    made = module.scopes.origin(_plain(call.args[0]))
    if isinstance(made, Literal):
        text = made.value if isinstance(made.value, str) else ""
    elif isinstance(made, Template):
        text = "".join(str(item.value) if isinstance(item, Literal) else " $ " for item in made.items)
    else:
        return ""
    return " ".join(text[:_LONGEST].split())


def _plain(expr: Expr) -> Expr:
    """See through a wrapper such as ``text("select …")``."""
    if isinstance(expr, Call) and expr.name in ("text", "sql", "SQL") and expr.args:
        return expr.args[0]
    return expr


def _is_owner(column: str) -> bool:
    return names_tenant(column) or bool(set(words(column)) & PLUGINS and column not in ("app", "name"))


def _filters(text: str) -> bool:
    """Tell whether a statement picks rows, or changes them; an insert names its columns by itself."""
    lower = text.lower()
    if _CONTENT.match(lower):
        return False  # what is known by its digest is the same for everybody
    return lower.startswith(("delete", "update")) or (lower.startswith("select") and " where " in lower)


def _is_for_all(call: Call) -> bool:
    """Tell whether a function is meant for the rows of everybody."""
    function = function_of(call)
    said = set(words(function.name)) if function is not None else set()
    return bool(said & {"all", "every", "global", "admin", "migrate", "cleanup", "vacuum", "purge", "stats", "sweep"})
