"""The statements that code runs against a database: what each does, to which table, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, Literal, Template, strip
from reviewer.code.walk import class_of, inside
from reviewer.core.regex import regex
from reviewer.experts.registry.sql_text import NAME

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function

_RUNS: Final = ("run", "execute", "exec", "query", "all", "get", "each", "iterate", "executemany", "fetch", "fetchrow")
_WRITES: Final = regex(
    rf"\s{{0,200}}(insert|replace|update|delete)\s+(?:or\s+\w+\s+)?(?:into\s+|from\s+)?{NAME}", re.IGNORECASE
)
_READS: Final = regex(rf"\bfrom\s+{NAME}", re.IGNORECASE)
_WRAPS: Final = frozenset({"text", "sql", "SQL", "raw", "literal_sql"})
"""Calls by which a library is told that a text is a statement."""
_LONGEST: Final = 4_000
"""Characters of a text that are looked at."""


class Run(Struct, frozen=True):
    """A statement that is run by a call: ``verb`` in small letters, ``tables`` those that it changes or reads."""

    call: Call
    verb: str
    tables: frozenset[str]
    text: str


def runs(module: Module) -> tuple[Run, ...]:
    """Return the statements that a module runs, in source order; worked out once."""
    return module.once("registry.sql_runs", lambda: tuple(_runs(module)))


def runs_in(function: Function) -> Iterator[Run]:
    """Yield the statements that a function runs, inner functions included."""
    return (one for one in runs(function.module) if inside(one.call, function))


def _runs(module: Module) -> Iterator[Run]:
    for call in module.calls(_RUNS):
        text = _statement(module, call)
        hit = _WRITES.match(text)
        if hit is not None:
            yield Run(call, hit.group(1).lower(), frozenset({hit.group(2).lower()}), text)
        elif re.match(r"\s{0,200}(?:select|with)\b", text, re.IGNORECASE):
            yield Run(call, "select", frozenset(found.group(1).lower() for found in _READS.finditer(text)), text)


def _statement(module: Module, call: Call) -> str:
    """Return the text that a call runs: its own, or that of what was prepared."""
    for given in (call.args[0] if call.args else None, _prepared(module, call.receiver)):
        text = _text(module, given) if given is not None else ""
        if text:
            return text
    return ""


def _prepared(module: Module, holder: Expr | None) -> Expr | None:
    """Return the text of ``db.prepare(text)`` that something stands for: the call, a name, or a field of the class."""
    if holder is None:
        return None
    made: object = module.scopes.origin(holder)
    expr = strip(holder)
    if is_this_member(expr):
        cls = class_of(expr)
        values = module.scopes.field_values(cls, expr.name) if cls is not None else []
        made = strip(values[0]) if len(values) == 1 else None
    return made.args[0] if isinstance(made, Call) and made.name == "prepare" and made.args else None


def _text(module: Module, expr: Expr) -> str:
    made = module.scopes.origin(expr)
    if isinstance(made, Call) and made.name in _WRAPS and made.args:
        made = module.scopes.origin(made.args[0])
    if isinstance(made, Literal):
        return made.value[:_LONGEST] if isinstance(made.value, str) else ""
    if isinstance(made, Template):
        return " ".join(str(item.value) if isinstance(item, Literal) else "x" for item in made.items)[:_LONGEST]
    return ""
