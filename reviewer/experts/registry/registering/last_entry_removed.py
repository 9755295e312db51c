"""REG025: what is not in the list takes its last entry out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Call, Expr, For, Function, Index, Literal, Member, Name, Param, strip
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.bindings import Binding
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FINDS: Final = frozenset({"indexOf", "findIndex", "lastIndexOf", "findLastIndex"})
_ENDS: Final = frozenset({"close", "end", "exit", "disconnect", "destroy"})
"""Events that come once, when something is over."""
_MADE_ANEW: Final = 2


@module_check("REG025", words={"splice"})
def last_entry_removed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every ``splice`` whose place was sought and may be -1."""
    if module.is_test:
        return
    for call in module.calls(("splice",)):
        found = _sought(module, call)
        if found is None or len(call.args) != 2 or not _takes_out(call.args[1]):
            continue
        if _looked_at(module, call, found) or _taken_from_it(module, found) or _put_in_before(module, call, found):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(found))}' is -1 where nothing is found, and 'splice(-1, 1)' takes the last entry "
            "out: removing twice removes somebody else.",
        )


def _sought(module: Module, call: Call) -> Call | None:
    place = strip(call.args[0]) if call.args else None
    made = module.scopes.origin(place) if isinstance(place, Name) else place
    return made if isinstance(made, Call) and made.name in _FINDS else None


def _takes_out(number: Expr) -> bool:
    number = strip(number)
    return isinstance(number, Literal) and number.value == 1


def _looked_at(module: Module, call: Call, found: Call) -> bool:
    """Tell whether a condition before asks for the place, or whether the list has the entry at all."""
    place = strip(call.args[0])
    searched = module.text_of(found.receiver) if found.receiver is not None else ""
    sought = strip(found.args[0]) if found.args else None
    for condition in conditions(call):
        test = strip(condition.test)
        if isinstance(place, Name):
            if isinstance(test, Name) and test.id == place.id:
                continue  # -1 is true, too
            if any(isinstance(part, Name) and part.id == place.id for part in walk(test)):
                return True
        for part in walk(test):
            holder = strip(part.object) if isinstance(part, Member) else None
            if isinstance(holder, Name) and isinstance(sought, Name) and holder.id == sought.id:
                return True  # the entry itself says whether it is in the list
            if isinstance(part, Call) and part.receiver is not None and module.text_of(part.receiver) == searched:
                return True
    return False


def _put_in_before(module: Module, call: Call, found: Call) -> bool:
    """Tell whether what is taken out at an end was put in by the function around: ``on("close", …)`` comes once.

    A list that is made anew in between no longer has it.
    """
    sought = strip(found.args[0]) if found.args else None
    function = function_of(call)
    listens = function.parent if function is not None else None
    event = strip(listens.args[0]) if isinstance(listens, Call) and len(listens.args) > 1 else None
    ends = isinstance(event, Literal) and event.value in _ENDS
    settles = isinstance(listens, Call) and listens.name in ("then", "finally")  # a promise settles once
    if not (ends or settles) or not isinstance(sought, Name):
        return False
    outer = function.outer if function is not None else None
    held = module.text_of(found.receiver) if found.receiver is not None else ""
    put = any(
        one.name == "push"
        and one.receiver is not None
        and module.text_of(one.receiver) == held
        and any(isinstance(arg, Name) and arg.id == sought.id for arg in one.args)
        for one in find(outer.body if outer is not None else module.body, Call)
    )
    made = [one for one in module.all(Assign) if last_name(one.target) == last_name(found.receiver)]
    return put and len(made) < _MADE_ANEW


def _taken_from_it(module: Module, found: Call) -> bool:
    """Tell whether what is sought was taken out of the list, or out of a copy of it, just before."""
    sought = strip(found.args[0]) if found.args else None
    if isinstance(sought, Function):  # findIndex by a property
        own, held = {param.name for param in sought.params}, found.receiver
        return held is not None and any(
            isinstance(binding, For) and _comes_from(module, binding, module.text_of(held))
            for name in find(sought.body, Name)
            if name.id not in own
            for binding in _bound(module, name)
        )
    if not isinstance(sought, Name) or found.receiver is None:
        return True
    return any(_comes_from(module, binding, module.text_of(found.receiver)) for binding in _bound(module, sought))


def _bound(module: Module, sought: Name) -> list[Binding]:
    return list(module.scopes.lookup(sought.id, sought))


def _comes_from(module: Module, binding: Binding, searched: str) -> bool:
    """Tell whether a variable goes over a list, was found in it, or is always handed in by who found it there."""
    over: Expr | None = None
    if isinstance(binding, For):
        over = binding.iterable
    elif isinstance(binding, Param) and isinstance(binding.parent, Function):
        each = binding.parent.parent
        over = each.receiver if isinstance(each, Call) and each.name in ("forEach", "map", "filter") else None
        if over is None:
            return _always_handed(module, binding.parent, binding, searched)
    elif isinstance(binding, Assign) and binding.value is not None:
        value = strip(binding.value)
        over = value.object if isinstance(value, Index) else None
        if isinstance(value, Call) and value.name in ("find", "findLast", "at"):
            over = value.receiver
    made = module.scopes.origin(over) if over is not None else None
    return over is not None and (
        searched in module.text_of(over) or (isinstance(made, Expr) and searched in module.text_of(made))
    )


def _always_handed(module: Module, function: Function, param: Param, searched: str) -> bool:
    """Tell whether a private function is only given what its callers took from the list."""
    if not function.name or not (function.private or function.name.startswith(("_", "#"))):
        return False
    given = [call.arg(function.params.index(param), param.name) for call in module.calls((function.name,))]
    return bool(given) and all(
        isinstance(inner := strip(one) if one is not None else None, Name)
        and any(_from_list(module, binding, searched) for binding in _bound(module, inner))
        for one in given
    )


def _from_list(module: Module, binding: Binding, searched: str) -> bool:
    return not isinstance(binding, Param) and _comes_from(module, binding, searched)
