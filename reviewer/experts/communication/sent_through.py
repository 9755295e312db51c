"""What is sent by a helper of the module that hands on what it is given."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Name, Object, strip
from reviewer.code.walk import function_of
from reviewer.experts.communication.compared import KINDS, name_of
from reviewer.experts.communication.constants import fixed_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_MOST: Final = 200


def sent_through(module: Module, message: Expr | None) -> Iterator[tuple[str, str, Call]]:
    """Yield member, name and call of what reaches a message that a function around it is given, whole or its kind.

    ``const ask = (message) => runtime.sendMessage(message)`` is such a function, ``const tell = (type, rest) =>
    post({ type, ...rest })`` too, and so are methods; each call with a fixed name is told.
    """
    value = strip(message) if message is not None else None
    function = function_of(value) if value is not None else None
    if function is None or not function.name:
        return
    key, given = _given(value)
    position = next((number for number, one in enumerate(function.params) if given and one.name == given), -1)
    if position < 0 or function.params[position].rest:
        return
    for call in islice(module.calls({function.name}), _MOST):
        if _defined(module, call) is not function:
            continue
        if not key:
            named = name_of(module, call.arg(position))
            if named is not None:
                yield *named, call
        elif name := fixed_text(module, call.arg(position)):
            yield key, name, call


def _given(message: Expr | None) -> tuple[str, str]:
    """Return the variable that is the message, or the member that names its kind with the variable that holds it."""
    if isinstance(message, Name):
        return "", message.id
    if isinstance(message, Object):
        for key in KINDS:
            kind = message.get(key)
            if isinstance(kind, Name):
                return key, kind.id
    return "", ""


def _defined(module: Module, call: Call) -> Function | None:
    found = definition(module, call.callee)
    return found if isinstance(found, Function) else None
