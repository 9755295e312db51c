"""PAT028: one statement leaves out the column by which all the others keep owners apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Function, Index, Literal, Member, Name, Param, Template
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of, names_in, walk
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.vocabulary import PLUGINS, names_tenant
from reviewer.experts.registry.sql_text import CREATE, body, columns, without_comments

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
_OF_ROW: Final = frozenset("id version status state name key now created updated path type kind limit".split())
"""Words of what an object knows of one row of its own, and not of those for whom it was made."""
_THINGS: Final = frozenset(
    "package packages pack packs unit units block blocks component components feature features script scripts pattern "
    "patterns recipe recipes kit manifest driver drivers filter filters tool tools".split()
)
"""Words of what a program keeps rows of as well, whoever asks for them."""
_PRIMARY: Final = regex(r"\bprimary\s+key\s*\(([^)]*)\)", re.IGNORECASE)
_WHERE: Final = regex(r"\swhere\s", re.IGNORECASE)
_SHORTEST: Final = 30
"""Characters of the shortest text that may create a table."""
_LONGEST: Final = 4_000
_ENOUGH: Final = 2
"""Statements that name the owner before one without is a slip."""


@module_check(
    "PAT028", words={"select", "where", "from", "delete", "update", "execute", "executemany", "fetchrow", "fetchval"}
)
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
        told = list(_compare(table_name, statements)) or list(_told_in_vain(table_name, statements))
        told = told or list(_against_key(table_name, statements))
        yield from told or _against_created(module, table_name, statements)


def _told_in_vain(table: str, statements: list[tuple[Call, str]]) -> Iterator[Match]:
    """Find what picks rows of everybody in a function that is told a column of the table and never uses it."""
    known = {column for _call, text in statements for column in _columns(text)}
    asked = {column.lower() for _call, text in statements for column in _COLUMN.findall(_condition(text))}
    for call, text in statements:
        function = function_of(call)
        telling = known & asked if text.lower().startswith("update") else known  # what is only written tells none apart
        if function is None or not _filters(text) or _is_for_all(call) or function.name.startswith("_"):
            continue
        used = names_in(function.body)
        for param in function.params:
            column = "_".join(words(param.name))
            if column in telling and column not in text.lower() and param.name not in used and column != "id":
                yield Match(
                    call,
                    f"'{function.name}' is told '{param.name}', which is a column of '{table}', and this statement "
                    "leaves it out: it reaches the rows of everybody.",
                )
                break


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


def _against_created(module: Module, table: str, statements: list[tuple[Call, str]]) -> Iterator[Match]:
    """Find what changes rows by a part of their key where the function is told the other part."""
    key = created_keys(module).get(table, ())
    for call, text in statements if len(key) >= _ENOUGH else ():
        asked = {column.lower() for column in _COLUMN.findall(_condition(text))}
        function = function_of(call)
        if function is None or text.lower().startswith("select") or not asked & set(key) or _is_for_all(call):
            continue
        told = {"_".join(words(param.name)) for param in function.params}
        left = next((one for one in key if one in told and one not in text.lower() and "version" not in one), "")
        if left and _filters(text):
            yield Match(
                call,
                f"A row of '{table}' is one of {', '.join(key)}, and this statement leaves out '{left}', which "
                f"'{function.name}' is told: it reaches the rows of everybody.",
            )


def created_keys(module: Module) -> dict[str, tuple[str, ...]]:
    """Return the columns of the primary key of each table that a text of the module creates."""
    found: dict[str, tuple[str, ...]] = {}
    for node in module.all(Literal) if b"primary" in module.source.lower() else ():
        text = without_comments(node.value) if isinstance(node.value, str) and len(node.value) > _SHORTEST else ""
        for made in CREATE.finditer(text):
            key = _PRIMARY.search(body(text, made.end()))
            if key is not None:
                found[made[1].lower()] = tuple(sorted(columns(key[1]), key=key[1].lower().find))
    return found


def _condition(text: str) -> str:
    """Return what stands behind the ``where`` of a statement."""
    return _WHERE.split(text, maxsplit=1)[-1] if _WHERE.search(text) else ""


def _compare(table: str, statements: list[tuple[Call, str]]) -> Iterator[Match]:
    counts: dict[str, int] = defaultdict(int)
    bound = {name for call, _text in statements for name in _bound(call) if name.split("_")[0] not in _OF_ROW}
    for _call, text in statements:
        for column in _columns(text):
            if _is_owner(column) or column in bound:
                counts[column] += 1
    if not counts:
        return
    most = max(counts.items(), key=lambda item: item[1])[0]
    others = sorted(name for name in counts if name != most and PLUGINS.isdisjoint(words(name)))
    keyed = {
        name.strip(' "`[]').lower()
        for _call, text in statements
        for key in _KEY.findall(text)
        for name in key.split(",")
    }
    for column in (most, *others):
        times = counts[column]
        without = [call for call, text in statements if _leaves_out(call, text, column)]
        enough = 1 if column in bound and (names_tenant(column) or column in keyed) else _ENOUGH
        if times < enough or not 0 < len(without) <= times:
            continue
        for call in without:
            yield Match(
                call,
                f"The other statements about '{table}' ask for '{column}', and this one doesn't: it reaches the rows "
                "of everybody.",
            )
        return


def _leaves_out(call: Call, text: str, column: str) -> bool:
    """Tell whether a statement picks rows without asking for a column."""
    left = column not in text.lower() or _takes_in_vain(call, text, column)
    return left and _filters(text) and not _is_for_all(call) and not _means_all(call, text)


def _means_all(call: Call, text: str) -> bool:
    """Tell whether a function that is told nothing changes every row there is: ``UPDATE jobs SET running = 0``."""
    function = function_of(call)
    told = [param for param in function.params if param.name != "self"] if function is not None else []
    return not told and function is not None and _WHERE.search(text) is None


def _bound(call: Call) -> Iterator[str]:
    """Yield what a statement is given that its object was made with, as columns are spelled: ``self.house``."""
    for part in walk([*call.args, *(_given_later(call))]):
        if isinstance(part, Member) and is_this_member(part) and not isinstance(part.parent, Member | Index):
            yield "_".join(words(part.name))
        elif isinstance(part, Name):
            function = function_of(part)
            for one in function.module.scopes.lookup(part.id, part) if function is not None else ():
                if isinstance(one, Param) and isinstance(one.parent, Function) and one.parent is not function:
                    yield "_".join(words(part.id))


def _given_later(call: Call) -> list[Expr]:
    """Return what is given to a statement that is prepared here, at once or by its name: ``put.run(house, key)``."""
    around = call.parent
    if isinstance(around, Assign) and isinstance(around.target, Name) and call.name == "prepare":
        function, name = function_of(call), around.target.id
        runs = find(function.body, Call) if function is not None else ()
        return [arg for run in runs if isinstance(run.receiver, Name) and run.receiver.id == name for arg in run.args]
    run = around.parent if isinstance(around, Member) and around.object is call else None
    return run.args if isinstance(run, Call) and run.callee is around else []


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
    return names_tenant(column) or bool(set(words(column)) & (PLUGINS - _THINGS) and column not in ("app", "name"))


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
