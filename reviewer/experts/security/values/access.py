"""Access paths, whatever they are spelled with: members, text keys, ``get``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, For, Index, Literal, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_DEEPEST: Final = 12


def step(expr: Expr) -> tuple[Expr, str] | None:
    """Return (holder, name) of ``holder.name``, ``holder["name"]`` and ``holder.get("name")``."""
    if isinstance(expr, Member):
        return expr.object, expr.name
    if isinstance(expr, Index) and isinstance(expr.key, Literal) and isinstance(expr.key.value, str):
        return expr.object, expr.key.value
    if isinstance(expr, Call) and expr.name in ("get", "header", "pop", "getHeader") and expr.receiver is not None:
        key = expr.arg(0)
        if isinstance(key, Literal) and isinstance(key.value, str):
            return expr.receiver, key.value
    return None


def path_of(module: Module, expr: Expr) -> tuple[Param | Name | None, list[str]]:
    """Return the root of an access path and the names from there on, aliases followed.

    The root is a parameter where the path starts at one, a name where a loop or nothing in the file binds it.
    """
    names: list[str] = []
    for _ in range(_DEEPEST):
        expr = strip(expr)
        if isinstance(expr, Name):
            bindings = module.scopes.lookup(expr.id, expr) if expr.id != "this" else []
            only = bindings[0] if len(bindings) == 1 else None
            if isinstance(only, Param):
                field = next((prop for prop, local in only.fields.items() if local == expr.id), "")
                return only, [*([field] if field else []), *names]
            if not isinstance(only, Assign) or only.value is None or only.op not in ("=", ":="):
                free = not bindings or expr.id == "this" or isinstance(only, For)
                return (expr if free else None), [expr.id, *names]
            expr = only.value
            continue
        found = step(expr)
        if found is not None:
            names.insert(0, found[1])
            expr = found[0]
        elif isinstance(expr, Call) and not expr.new and expr.receiver is not None and not expr.args:
            names.insert(0, expr.name)  # await request.json()
            expr = expr.receiver
        elif isinstance(expr, Call) and (text := parsed_in(module, expr)) is not None:
            expr = text
        elif isinstance(expr, Call) and (held := _bytes_of(expr)) is not None:
            expr = held
        else:
            return None, names
    return None, names


def parsed_in(module: Module, call: Call) -> Expr | None:
    """Return the text that a call parses: by itself, or in a function of the subject that it is handed to."""
    if call.name in PARSES:
        return call.args[0] if call.args else None
    function = callee(module, call) if call.args and not call.new else None
    if function is None or not _PARSING & set(words(function.name)):
        return None
    given = {param.name: at for at, param in enumerate(function.params)}
    for one in find(function.body, Call):
        text = strip(one.args[0]) if one.args and one.name in PARSES else None
        while isinstance(text, Call) and (held := _bytes_of(text)) is not None:
            text = strip(held)
        if isinstance(text, Name) and text.id in given:
            return call.arg(given[text.id], text.id)
    return None


def _bytes_of(call: Call) -> Expr | None:
    """Return what a call makes a text of: ``data.toString()``, ``new TextDecoder().decode(data)``."""
    if call.name not in _TEXTS_OF or call.receiver is None:
        return None
    by_decoder = call.name == "decode" and isinstance(strip(call.receiver), Call) and bool(call.args)
    return call.args[0] if by_decoder else call.receiver


PARSES: Final = frozenset({"parse", "loads"})
"""Calls that make a value of a text."""
_PARSING: Final = word_set(
    "parse parsed read decode load unpack unwrap deserialize deserialise frame message of from as"
)
"""Words of functions that do so with what they are given."""
_TEXTS_OF: Final = frozenset({"toString", "decode", "trim", "strip"})
"""What gives the text of some bytes, or of a text."""


def called_field(call: Call) -> str:
    """Return the field of the object on which something is called: ``store`` of ``this.store.rows.find(…)``."""
    held = strip(call.receiver) if call.receiver is not None else None
    while isinstance(held, Member) and not is_this_member(held):
        held = strip(held.object)
    return held.name if isinstance(held, Member) else ""
