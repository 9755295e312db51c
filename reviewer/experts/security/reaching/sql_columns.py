"""What a column of a database holds, as the statement says that creates its table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Index, Literal, Name, strip
from reviewer.code.text.languages import is_test
from reviewer.code.walk import find
from reviewer.core.regex import regex
from reviewer.experts.registry.sql_text import CREATE, LARGEST, body, column, parts
from reviewer.experts.security.values.access import step

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.project import Project
    from reviewer.code.syntax import Expr

_ROWS: Final = frozenset({"row", "rows", "record", "entry", "found", "result", "r", "one", "first"})
"""Names of what a query gives."""
_TEXTS: Final = regex(r"(?:text|(?:n?var)?n?char|clob|citext|string)\b", re.IGNORECASE)
_NAMES: Final = regex(
    r"\b(?:default|in|check)\b[^']{0,80}('[^']{0,40}'(?:\s{0,9},\s{0,9}'[^']{0,40}'){0,20})", re.IGNORECASE
)
_QUOTED: Final = regex(r"'([^']{0,40})'")
_SELECTED: Final = regex(r"(?i)\s{0,20}select\s{1,20}([\w, ]{1,300}?)\s{1,20}from\b")
_MOST: Final = 20
"""Files of a subject that create tables and are looked at."""


def column_of(module: Module, expr: Expr | None) -> str:
    """Return how the column is declared that ``row["scopes"]`` or ``row[0]`` reads; empty where it isn't known."""
    name = _selected(module, strip(expr)) if expr is not None else ""
    declared = declarations(module).get(name.lower(), set()) if name else set()
    return next(iter(declared)) if len(declared) == 1 else ""


def _selected(module: Module, expr: Expr) -> str:
    """Return the name of the column that an expression reads, also where it is told by its place in the statement."""
    found = step(expr)
    if found is not None:
        holder = strip(found[0])
        return found[1] if isinstance(holder, Name) and holder.id in _ROWS else ""
    place = expr.key.value if isinstance(expr, Index) and isinstance(expr.key, Literal) else None
    asked = module.scopes.origin(expr.object) if isinstance(expr, Index) and isinstance(place, int) else None
    for text in find(asked, Literal) if isinstance(asked, Call) else ():
        hit = _SELECTED.match(text.value) if isinstance(text.value, str) else None
        columns = [one.strip() for one in hit[1].split(",")] if hit is not None else []
        if isinstance(place, int) and 0 <= place < len(columns):
            return columns[place]
    return ""


def holds_text(declared: str) -> bool:
    """Tell whether a column that is declared so holds a text."""
    return _TEXTS.match(declared.strip()) is not None


def named_values(declared: str) -> list[str]:
    """Return the texts that the declaration of a column names: its default, and those that it allows."""
    return [text for listed in _NAMES.findall(declared) for text in _QUOTED.findall(listed)]


def columns_of_tables(module: Module) -> dict[str, frozenset[str]]:
    """Return the columns of each table that the subject's code creates, all in small letters."""
    return module.once("security.sql_tables", lambda: _tables(module))


def _tables(module: Module) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for source in islice(_sources(module), _MOST):
        for hit in CREATE.finditer(source):
            defined = (column(part) for part in parts(body(source, hit.end())))
            found[hit[1].lower()] = frozenset(one[0].lower() for one in defined if one is not None)
    return found


def declarations(module: Module) -> dict[str, set[str]]:
    """Return the declarations of columns by name, in the statements of the subject's code."""
    return module.once("security.sql_columns", lambda: _collect(module))


def _collect(module: Module) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for count, source in enumerate(_sources(module)):
        if count == _MOST:
            break
        for hit in CREATE.finditer(source):
            for part in parts(body(source, hit.end())):
                defined = column(part)
                if defined is not None:
                    found.setdefault(defined[0], set()).add(" ".join(defined[1].split()))
    return found


def _sources(module: Module) -> Iterator[str]:
    yield module.source[:LARGEST].decode("utf-8", "replace")
    project = module.project
    for path in _creating(project) if project is not None else ():
        if project is not None and path != module.path:
            yield project.text(path)[:LARGEST].decode("utf-8", "replace")


def _creating(project: Project) -> tuple[str, ...]:
    """Return the paths of the files, no tests, whose text creates a table; no file is parsed for it."""
    return project.once(
        "security.creating",
        lambda: tuple(
            path
            for path, text in project.texts({"create"})
            if not is_test(path) and CREATE.search(text[:LARGEST].decode("utf-8", "replace"))
        ),
    )
