"""REG020: a database gives the highest row, prereleases included, where the table says which rows are prereleases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.sql_statements import runs
from reviewer.experts.registry.sql_text import CREATE, body, column, columns, parts
from reviewer.experts.registry.version_parts import PRERELEASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_NEWEST: Final = regex(
    r"\border\s+by\s+[\"`\[]?(?:\w+\.)?(?:major|version\w*|released?\w*|published\w*)\b[^()]{0,120}\bdesc\b"
    r"[^()]{0,120}\blimit\s+1\b",
    re.IGNORECASE,
)
_LONGEST: Final = 20_000
_INTO: Final = regex(r"\binto\s+[\"`\[]?\w+[\"`\]]?\s*\(([^()]{1,600})\)", re.IGNORECASE)


def _created(module: Module) -> Iterator[tuple[str, str]]:
    """Yield (table, column) of the tables that the texts of a module create."""
    for literal in module.all(Literal):
        text = literal.value if isinstance(literal.value, str) else ""
        for hit in CREATE.finditer(text[:_LONGEST]):
            for part in parts(body(text, hit.end())):
                named = column(part)
                if named is not None:
                    yield hit.group(1).lower(), named[0]


@module_check("REG020", words={"execute", "prepare", "query", "fetchrow", "all", "get"})
def newest_row(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold each statement that takes the highest version against the columns that are written into its table."""
    if module.is_test:
        return
    known = runs(module)
    has = {
        (table, column)
        for one in known
        if one.verb in ("insert", "replace") and (hit := _INTO.search(one.text)) is not None
        for column in columns(hit[1])
        for table in one.tables
    }
    has |= set(_created(module)) if known else set()
    marks = {(table, name) for table, name in has if set(name.split("_")) & PRERELEASE}
    for one in known if marks else ():
        told = [column for table, column in sorted(marks) if table in one.tables]
        text = one.text.lower()
        if one.verb == "select" and told and _NEWEST.search(text) and not any(column in text for column in told):
            yield Match(
                one.call,
                f"The highest row is taken, and '{told[0]}' is not asked: when it is a prerelease, users get one that "
                "they did not ask for.",
            )
