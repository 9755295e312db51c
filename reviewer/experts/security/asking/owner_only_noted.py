"""SEC085: a function is told who asks, notes it down, and changes rows whose owner nobody compares with that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Name
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.registry.sql_statements import runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_OWNERS: Final = frozenset(
    {"publisher", "owner", "author", "vendor", "maintainer", "publisher_id", "owner_id", "author_id"}
)
_INSERTED: Final = regex(r"(?i)\binto\s+\S{1,60}\s{0,3}\(([^()]{1,500})\)")
_NOTES: Final = word_set("note audit log journal record trail info warning debug write track event emit publish notify")


@module_check("SEC085", words={w for name in _OWNERS for w in words(name)} - {"id"})
def owner_only_noted(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each statement that changes rows of a table with an owner for whether that is asked."""
    if module.is_test:
        return
    owned = {
        (table, column)
        for run in runs(module)
        if run.verb == "insert"
        for table in run.tables
        for hit in _INSERTED.finditer(run.text)
        for column in {part.strip(' "`[]').lower() for part in hit.group(1).split(",")} & _OWNERS
    }
    for run in runs(module) if owned else ():
        function = function_of(run.call)
        if run.verb not in ("update", "delete") or function is None:
            continue
        for table, column in sorted(owned):
            if table in run.tables and column not in run.text.lower() and _only_notes(function, column):
                yield Match(
                    run.call,
                    f"'{function.name}' is told '{column}', only notes it down, and changes rows of '{table}' whatever "
                    f"their '{column}' is: everybody may do this to what belongs to others.",
                )
                break


def _only_notes(function: Function, column: str) -> bool:
    """Tell whether a function is told who asks, and hands that to a record and to nothing else."""
    if all(param.name.lower() != column for param in function.params):
        return False
    uses = [one for one in find(function.body, Name) if one.id.lower() == column]
    for use in uses:
        call = next((around for around in ancestors(use) if isinstance(around, Call | Binary)), None)
        if not isinstance(call, Call) or not set(words(call.name)) & _NOTES:
            return False
    return True
