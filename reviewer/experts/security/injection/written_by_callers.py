"""Statements whose parts are names that the callers of a function of the file have written out."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import call_sites
from reviewer.code.reach.made import pieces
from reviewer.code.syntax import Array, Binary, Call, Expr, Function, Literal, Name, Object, Param, strip
from reviewer.experts.data.arguments import is_fixed

if TYPE_CHECKING:
    from reviewer.code.module import Module

_MOST: Final = 12
"""Calls of one function that are looked at."""


def all_written_out(module: Module, text: Expr) -> bool:
    """Tell whether all that is put into a text are names that its callers wrote out, and places for values.

    ``"INSERT INTO {} ({}) VALUES ({})".format(table, ", ".join(row.keys()), ", ".join(["?"] * len(row)))``
    """
    parts = [(where, part) for where, part in pieces(module, text) if not is_fixed(where, part)]
    return bool(parts) and all(_is_written_out(where, part) for where, part in parts)


def keys_written_out(module: Module, param: Param) -> bool:
    """Tell whether each caller of a private function writes the record out that it hands in."""
    records = _given(module, param)
    return bool(records) and all(
        isinstance(one, Object) and all(isinstance(key, Literal) for key, _value in one.entries) for one in records
    )


def _is_written_out(module: Module, part: Expr) -> bool:
    made = module.scopes.origin(strip(part))
    if isinstance(made, Param):
        texts = _given(module, made)
        return bool(texts) and all(isinstance(one, Literal) for one in texts)
    if not isinstance(made, Call) or made.name != "join" or len(made.args) != 1:
        return False
    joined = strip(made.args[0])
    if isinstance(joined, Binary) and joined.op == "*":
        listed = strip(joined.left)
        return isinstance(listed, Array) and all(isinstance(one, Literal) for one in listed.items)
    held = joined.receiver if isinstance(joined, Call) and joined.name == "keys" else joined
    bound = module.scopes.origin(held) if isinstance(held, Name) else None
    return isinstance(bound, Param) and keys_written_out(module, bound)


def _given(module: Module, param: Param) -> list[object]:
    """Return what the callers of a private function give for a parameter; nothing where one of them gives none."""
    function = param.parent
    if not isinstance(function, Function) or not function.private or param not in function.params:
        return []
    at = function.params.index(param)
    given = [call.arg(at, param.name) for _where, call in islice(call_sites(module, function) or (), _MOST)]
    if any(one is None for one in given):
        return []
    return [module.scopes.origin(one) for one in given if one is not None]
