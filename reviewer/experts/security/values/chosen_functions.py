"""Whether a function is chosen from a table that the file writes out by any text that somebody hands in."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import MOST_CALLERS, users
from reviewer.code.reach.links import declared_type, definition
from reviewer.code.syntax import Call, Expr, Function, Literal, Member, Name, Object, Param, strip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_WRAPPERS: Final = frozenset({"freeze", "seal", "preventExtensions"})
_TEXTS: Final = frozenset({"", "any", "unknown", "string", "string | undefined", "string | null"})
"""Types that leave open which text it is."""
_ENOUGH: Final = 2
"""Functions that make an object a table to choose from."""
_MOST: Final = 40
"""Calls that are looked at."""


def chosen_by_any_text(module: Module, holder: Expr, by: Expr) -> bool:
    """Tell whether a look-up gives a function, or what has some, for a text that a caller of the file hands in."""
    table = _written_out(module, holder)
    if table is None or not _holds_functions(module, table):
        return False
    key = strip(by)
    bound = module.scopes.lookup(key.id, key) if isinstance(key, Name) else []
    param = bound[0] if len(bound) == 1 else None
    function = param.parent if isinstance(param, Param) else None
    if not isinstance(param, Param) or not isinstance(function, Function) or param.fields or param.rest:
        return False
    return param.type.strip() in _TEXTS and _is_handed_any(module, function, param)


def _written_out(module: Module, expr: Expr) -> Object | None:
    made: object = module.scopes.origin_by(strip(expr), _wrapped)
    if not isinstance(made, Object | Call) and isinstance(expr, Member):
        found = definition(module, expr)
        made = module.scopes.origin_by(found, _wrapped) if isinstance(found, Expr) else found
    return made if isinstance(made, Object) and not made.spreads else None


def _wrapped(made: Expr) -> Expr | None:
    return strip(made.args[0]) if isinstance(made, Call) and made.name in _WRAPPERS and made.args else None


def _holds_functions(module: Module, table: Object) -> bool:
    values = [strip(value) for _key, value in table.entries]
    return len(values) >= _ENOUGH and all(_acts(module, value) for value in values)


def _acts(module: Module, value: Expr) -> bool:
    if isinstance(value, Object):
        return any(isinstance(strip(part), Function) for _key, part in value.entries)
    return isinstance(value, Function) or (isinstance(value, Name) and isinstance(definition(module, value), Function))


def _is_handed_any(module: Module, function: Function, param: Param) -> bool:
    """Tell whether some caller hands in more than a text that it writes out, or callers are not known."""
    position = function.params.index(param)
    handed = list(islice(_handed(module, function, position, param.name), _MOST))
    if not handed:
        return not function.private and (bool(function.owner) or function.outer is None or _is_member(function))
    return any(
        not isinstance(other.scopes.origin(one), Literal) and declared_type(other, one).strip() in _TEXTS
        for other, one in handed
    )


def _is_member(function: Function) -> bool:
    return isinstance(function.parent, Object)


def _handed(module: Module, function: Function, position: int, name: str) -> Iterator[tuple[Module, Expr]]:
    if not function.name:
        return
    elsewhere = () if function.private else islice(users(module, function.name), MOST_CALLERS)
    for other in chain((module,), elsewhere):
        for call in other.calls((function.name,)):
            given = call.arg(position, name)
            if given is not None:
                yield other, strip(given)
