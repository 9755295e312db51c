"""REG028: one statement leaves out the rows that were withdrawn, and another one over the same table offers them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Index, Literal, Member
from reviewer.code.walk import calls_in, find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.sql_statements import runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry
    from reviewer.experts.registry.sql_statements import Run

_LIVING: Final = regex(r"\b(\w{1,40})\s+is\s+null\b", re.IGNORECASE)
_SET: Final = regex(r"\bset\s+(\w{1,40})\s*=(?!\s*null\b)", re.IGNORECASE)
_LISTS: Final = regex(r"\b(?:like|ilike|instr|match|order\s+by|strpos)\b", re.IGNORECASE)
"""What a statement has that shows rows to choose from."""


@module_check("REG028", words={"select", "execute", "query", "all", "prepare"})
def withdrawn_listed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every search over a table whose rows are marked as gone, and are left out elsewhere."""
    if module.is_test:
        return
    marks = {
        (table, hit.group(1).lower())
        for run in runs(module)
        if run.verb == "update"
        for table in run.tables
        for hit in _SET.finditer(run.text)
    }
    reads = [run for run in runs(module) if run.verb == "select"] if marks else []
    for table, column in sorted(marks):
        if not any(_leaves_out(run, table, column) for run in reads):
            continue
        for run in reads:
            if table in run.tables and column not in run.text.lower() and _LISTS.search(run.text):
                function = function_of(run.call)
                if function is None or _reads_mark(function, column):
                    continue
                yield Match(
                    run.call,
                    f"This search over '{table}' offers rows whose '{column}' is set; other statements leave them out: "
                    "what was withdrawn is found and taken again.",
                )


def _leaves_out(run: Run, table: str, column: str) -> bool:
    return table in run.tables and any(hit.group(1).lower() == column for hit in _LIVING.finditer(run.text))


def _reads_mark(function: Function, column: str) -> bool:
    """Tell whether the function looks at the mark of each row by itself, or is called by its name for the whole."""
    named = {node.name for node in find(function.body, Member)}
    named |= {str(node.key.value) for node in find(function.body, Index) if isinstance(node.key, Literal)}
    named |= {str(arg.value) for call in calls_in(function.body) for arg in call.args if isinstance(arg, Literal)}
    return column in {name.lower() for name in named}
