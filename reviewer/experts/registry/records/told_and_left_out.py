"""REG531: what changes an entry is told a part of it that it never writes down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Function, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.sql_statements import runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SET: Final = regex(r"\bset\b(.{1,600}?)(?:\bwhere\b|$)", re.IGNORECASE | re.DOTALL)
_COLUMN: Final = regex(r"(\w{1,60})[\"`\]]?\s{0,3}=")
_INSERTED: Final = regex(r"\binto\s+\S{1,60}\s{0,3}\(([^()]{1,500})\)", re.IGNORECASE)
_ENTERS: Final = frozenset({"insert", "replace"})


@module_check("REG531", words={"execute", "run", "prepare", "query"})
def column_left_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each update of a row for a value of it that its function is told and never looks at."""
    if module.is_test:
        return
    written: dict[str, set[str]] = {}
    for run in runs(module):
        inserted = _INSERTED.search(run.text) if run.verb in _ENTERS else None
        for table in run.tables if inserted is not None else ():
            written.setdefault(table, set()).update(re.findall(r"\w+", inserted[1].lower()) if inserted else ())
    for run in runs(module) if written else ():
        function, said = function_of(run.call), _SET.search(run.text) if run.verb == "update" else None
        if function is None or said is None or len(run.tables) != 1:
            continue
        (table,) = run.tables
        columns = {column.lower() for column in _COLUMN.findall(said[1])}
        left = _unread(function, written.get(table, set()) - columns)
        if left and set(map(_spelled, columns)) & {_spelled(param.name) for param in function.params}:
            yield Match(
                run.call,
                f"'{function.name}' is told '{left}', and the row in '{table}' keeps the one that it has: what is "
                "written here no longer fits it.",
            )


@module_check("REG531", words={"update", "upgrade", "set", "replace", "change", "rename", "move", "renew"})
def member_left_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that writes what it is told into a record for a part that it never looks at."""
    if module.is_test:
        return
    for function in module.functions:
        if len(function.params) <= 1 or function.signature_only:
            continue
        told = {param.name for param in function.params}
        taken = [one for one in find(function.body, Assign, into_functions=False) if _takes(one, told)]
        holders = {strip(one.target.object).id for one in taken if isinstance(one.target, Member)}  # type: ignore[attr-defined]  # _takes says so
        if len(holders) != 1 or len(taken) >= len(told):
            continue
        kept = {one.target.name for one in taken if isinstance(one.target, Member)}
        elsewhere = _members(module, kept)
        left = _unread(function, elsewhere - kept)
        if left:
            yield Match(
                taken[-1],
                f"'{function.name}' is told '{left}', and the record keeps the one that it has: what is written here "
                "no longer fits it.",
            )


def _takes(assign: Assign, told: set[str]) -> bool:
    """Tell whether a member of a record is given the parameter of the same name: ``row.version = version``."""
    target, value = assign.target, strip(assign.value) if assign.value is not None else None
    if not isinstance(target, Member) or is_this_member(target) or not isinstance(strip(target.object), Name):
        return False
    return assign.op == "=" and isinstance(value, Name) and value.id == target.name and value.id in told


def _members(module: Module, kept: set[str]) -> set[str]:
    """Return the fields of the classes of a module that have all of these."""
    found: set[str] = set()
    for cls in module.classes:
        fields = {field.name for field in cls.fields}
        if kept <= fields:
            found |= fields
    return found


def _unread(function: Function, names: set[str]) -> str:
    """Return the first parameter of one of these names that its function never looks at."""
    used, asked = names_in(function.body), set(map(_spelled, names))
    return next((one.name for one in function.params if _spelled(one.name) in asked and one.name not in used), "")


def _spelled(name: str) -> str:
    """Return a name without what sets its words apart: a column is ``min_host``, what goes into it ``minHost``."""
    return "".join(words(name))
