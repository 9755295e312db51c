"""What the callers of a helper write into the record that they hand it, where all of them are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import class_of_value
from reviewer.code.syntax import Assign, Call, Function, Literal, Name, Object, Param, strip
from reviewer.code.walk import find

if TYPE_CHECKING:
    from collections.abc import Collection

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr


def members_told(module: Module, value: Expr) -> set[str] | None:
    """Return the members of what a function inside another one is handed; None where a call hands it what is open."""
    told = module.scopes.origin(value)
    function = told.parent if isinstance(told, Param) and not told.rest else None
    if not isinstance(told, Param) or not isinstance(function, Function) or function.outer is None:
        return None
    calls = _all_calls(function)
    if not calls:
        return None
    found: set[str] = set()
    for call in calls:
        given = call.arg(function.params.index(told), told.name)
        record = module.scopes.origin(given) if given is not None else Object
        if record is Object:
            continue  # what stands there by default is the function's own
        if not isinstance(record, Object) or record.spreads:
            return None
        if any(not isinstance(key, Literal) for key, _value in record.entries):
            return None
        found.update(record.keys)
    return found


def is_closed(module: Module, value: Expr, fields: Collection[str]) -> bool:
    """Tell whether a value is declared as a record of the subject that lists its members, and has none of these."""
    cls = class_of_value(module, value)
    if cls is None or not cls.fields or cls.methods or "[" in module.text_of(cls).replace("[]", ""):
        return False
    return not {field.name for field in cls.fields} & set(fields)


def _all_calls(function: Function) -> list[Call]:
    """Return the calls of a function inside another one; none where it is handed on as a value, too."""
    around = function.outer
    if around is None or not function.name or function.owner is not None:
        return []
    named = [one for one in find(around.body, Name) if one.id == function.name and one.parent is not function]
    meant = [one for one in named if not (isinstance(one.parent, Assign) and strip(one.parent.target) is one)]
    calls = [one.parent for one in meant if isinstance(one.parent, Call) and one.parent.callee is one]
    return calls if len(calls) == len(meant) else []
