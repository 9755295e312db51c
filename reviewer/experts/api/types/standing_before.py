"""What a function promises that stands before another one: it gives back what that gives, as a decorator's does."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.call_sites import callers
from reviewer.code.syntax import Await, Call, Expr, Function, Name, strip
from reviewer.core.regex import regex
from reviewer.experts.api.types.declared import promised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_MOST: Final = 5
"""Files that are looked at for what a decorator is put before."""
_GIVES: Final = r"(?:=>\s*(?:Promise<\s*)?|Callable\[.*,\s*(?:Awaitable\[\s*|Coroutine\[.*,\s*)?){0}\b(?!\s*\|)"
"""What the type of a function says of its result."""
_NO_VARIABLES: Final = frozenset({"None", "Any", "Never", "NoReturn", "Self", "Optional"})
_VARIABLE: Final = regex(r"^[\"']?(?:Promise<\s*|Awaitable\[\s*)?([A-Z]\w{0,30})\s*[>\]]?[\"']?$")


def promised_before(module: Module, function: Function) -> str:
    """Return what is promised for a function by one that it stands before, as a text, else an empty string.

    That is a function that is handed in and whose result has the same type, or one that is decorated.
    """
    handed = [param for around in _around(function) for param in around.params]
    variable = _VARIABLE.match(function.returns.strip())
    if (
        variable is not None
        and variable[1] not in _NO_VARIABLES
        and any(
            re.search(_GIVES.format(re.escape(variable[1])), param.type, re.DOTALL) for param in handed if param.type
        )
    ):
        return variable[1] if _is_variable(module, variable[1]) else ""
    if module.language != "python" or function.outer is None or function.returns:
        return ""
    names = {param.name for param in handed}
    if not any(_asks(answer.value, names) for answer in returns_of(function) if answer.value is not None):
        return ""
    for name in _decorates_as(function):
        for other in (module, *islice(callers(module, name), _MOST)):
            for decorated in other.functions:
                if any(_last(mark) == name for mark in decorated.decorators) and (kind := promised(other, decorated)):
                    return f"{kind} (as '{decorated.name}' behind it does)"
    return ""


def _around(function: Function | None) -> Iterator[Function]:
    while function is not None:
        yield function
        function = function.outer


def _asks(value: Expr, names: set[str]) -> bool:
    """Tell whether an answer is that of a function that was handed in: ``method(self, *args)``, ``await call()``."""
    value = strip(value)
    value = strip(value.value) if isinstance(value, Await) else value
    return isinstance(value, Call) and isinstance(value.callee, Name) and value.callee.id in names


def _decorates_as(function: Function) -> Iterator[str]:
    """Yield the names by which a function is put before others: those of the functions that give it back."""
    inner, outer = function, function.outer
    while outer is not None and any(
        isinstance(answer.value, Name) and answer.value.id == inner.name for answer in returns_of(outer)
    ):
        if outer.name == "__call__" and outer.owner is not None:
            yield outer.owner.name
        elif outer.name:
            yield outer.name
        inner, outer = outer, outer.outer


def _last(mark: Expr) -> str:
    mark = strip(mark)
    mark = mark.callee if isinstance(mark, Call) else mark
    return str(getattr(mark, "name", "") or getattr(mark, "id", ""))


def _is_variable(module: Module, name: str) -> bool:
    """Tell whether a name is a variable for types: made by ``TypeVar``, or bound nowhere but in a list of types."""
    bound = module.scopes.table(None).get(name, [])
    if not bound:
        return True
    made = [getattr(one, "value", None) for one in bound]
    return all(isinstance(one, Call) and one.name == "TypeVar" for one in made)
