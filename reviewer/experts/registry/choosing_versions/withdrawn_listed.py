"""REG028: one statement leaves out the rows that were withdrawn, and another one over the same table offers them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Index, Literal, Member, Name
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.registry.sql_statements import runs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry
    from reviewer.experts.registry.sql_statements import Run

_LIVING: Final = regex(r"\b(\w{1,40})\s*(?:is\s+null\b|=\s*(?:0|false)\b)", re.IGNORECASE)
_SET: Final = regex(r"\bset\s+(\w{1,40})\s*=(?!\s*null\b)", re.IGNORECASE)
_WITHDRAWN: Final = word_set(
    "yanked yank revoked withdrawn retracted recalled unpublished quarantined delisted unlisted"
)
"""Words of a column that says that a version is not to be taken any more."""
_LISTS: Final = regex(r"\b(?:like|ilike|instr|match|order\s+by|strpos)\b", re.IGNORECASE)
"""What a statement has that shows rows to choose from."""


@module_check("REG028", words={"select", "execute", "query", "all", "prepare"})
def withdrawn_listed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
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
        over = [run for run in reads if table in run.tables and "version" in run.text.lower()]
        if over and set(words(column)) & _WITHDRAWN and _is_never_read(inquiry, module, column, reads):
            yield Match(
                over[0].call,
                f"'{column}' is set in '{table}' for what is withdrawn, and nothing ever reads it: this gives "
                "such rows like all others, and they are taken again.",
            )
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


def _is_never_read(inquiry: Inquiry, module: Module, column: str, reads: list[Run]) -> bool:
    """Tell whether no statement asks for a column, and no line of code names it."""
    if any(column in run.text.lower() or "*" in run.text for run in reads):
        return False
    if any(column in (getattr(node, "name", ""), getattr(node, "id", "")) for node in module.some(Member, Name)):
        return False
    if any(isinstance(node.value, str) and node.value.lower() == column for node in module.all(Literal)):
        return False
    return not any(path != module.path for path in inquiry.project.paths(tests=False, showing=_shows(column)))


def _shows(column: str) -> Callable[[bytes], object]:
    spelled = column.encode()
    return lambda text: spelled in text


def _leaves_out(run: Run, table: str, column: str) -> bool:
    return table in run.tables and any(hit.group(1).lower() == column for hit in _LIVING.finditer(run.text))


def _reads_mark(function: Function, column: str) -> bool:
    """Tell whether the function looks at the mark of each row by itself, or is called by its name for the whole."""
    named = {node.name for node in find(function.body, Member)}
    named |= {str(node.key.value) for node in find(function.body, Index) if isinstance(node.key, Literal)}
    named |= {str(arg.value) for call in calls_in(function.body) for arg in call.args if isinstance(arg, Literal)}
    return column in {name.lower() for name in named}
