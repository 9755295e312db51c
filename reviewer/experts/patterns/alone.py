"""Whether a stretch of code runs alone: under a lock, or as the only one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Function
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from reviewer.code.module import Module

_KEEPS_OUT: Final = frozenset(
    "lock locks locked mutex semaphore queue queued serial serialize serialise serialized chain tail exclusive "
    "transaction atomic atomically turn turnstile cas swap version etag revision pending busy limiter "
    "migrate migration".split()
)
"""Words of code that lets one change through at a time."""


def alone(module: Module, function: Function) -> bool:
    """Tell whether something lets one change through at a time: here, or where the function is called."""
    said = said_in(function.body) | set(words(function.name))
    if said & _KEEPS_OUT:
        return True
    for call in list(module.calls((function.name,)))[:20] if function.name else ():
        around = function_of(call)
        if around is not None and said_in(around.body) & _KEEPS_OUT:
            return True
        if any(isinstance(one, Call) and set(words(one.name)) & (_KEEPS_OUT | {"then"}) for one in ancestors(call)):
            return True
    return any(isinstance(one, Call) and set(words(one.name)) & (_KEEPS_OUT | {"then"}) for one in ancestors(function))
