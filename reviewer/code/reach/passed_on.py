"""What a call gives on of what it is handed: the answer that a deadline lets through, ``within(5, open(path))``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Call, Function, Name, Return, strip
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_LETS_THROUGH: Final = frozenset({"wait_for", "shield", "ensure_future"})
"""Calls of a language's own library that give what their first argument gives."""
_CHAINS: Final = frozenset({"finally", "catch"})
"""Calls that leave an answer as it is."""
_LATER: Final = regex(
    r"(?:Promise|PromiseLike|Awaitable|Coroutine|Callable|asyncio\.Future|Future)\s*[<\[](.*)[>\]]", re.DOTALL
)
_ANY_TYPE: Final = regex(r"[A-Z][A-Za-z]{0,1}\d?|T[A-Z]\w*|_T\w*|\w+T")
"""How the names of type parameters are spelled."""


def passed_on(module: Module, call: Call) -> Expr | None:
    """Return what a call gives back when it is through, where that is something that it was handed; else None.

    A function that is handed over gives what its body gives: ``within(5, () => open(path))``.
    """
    if call.name in _LETS_THROUGH and call.args:
        target: object = definition(module, call.callee)
        if not isinstance(target, Function):
            return _given(call.args[0])
    else:
        target = definition(module, call.callee)
    if not isinstance(target, Function) or target.generator:
        return None
    place = module.once(f"code.passed_on:{target.module.path}:{target.raw.start_byte}", lambda: _place(target))
    if place is None:
        return None
    handed = call.arg(place, target.params[place].name)
    return _given(handed) if handed is not None else None


def _given(handed: Expr) -> Expr:
    """Return what something handed over gives: of a function without a name, what it returns."""
    inner = strip(handed)
    if isinstance(inner, Function) and not inner.params:
        answers = [one.value for one in returns_of(inner) if one.value is not None]
        return answers[0] if len(answers) == 1 else inner
    return inner


def _place(function: Function) -> int | None:
    """Return which parameter a function gives on, by its types or by what it returns."""
    generic = _core(function.returns)
    if generic and _ANY_TYPE.fullmatch(generic):
        for position, param in enumerate(function.params):
            if _core(param.type) == generic:
                return position
    for answer in returns_of(function):
        name = _let_through(answer)
        for position, param in enumerate(function.params):
            if name and param.name == name and not param.fields:
                return position
    return None


def _core(annotation: str) -> str:
    """Return what a type is about when all waits and calls are over: ``T`` of ``() => Promise<T>``."""
    text = annotation.strip().strip("'\"")
    for _ in range(4):
        if text.startswith("(") and "=>" in text:
            text = text.split("=>", 1)[1].strip()
        text = text.split("|", 1)[0].strip()
        found = _LATER.fullmatch(text)
        if found is None:
            break
        text = found.group(1).rsplit(",", 1)[-1].strip()
    return text


def _let_through(answer: Return) -> str:
    """Return the name of what is given back through a race or a wait with a limit: ``Promise.race([job, late])``."""
    value = strip(answer.value) if answer.value is not None else None
    while isinstance(value, Call) and value.name in _CHAINS and value.receiver is not None:
        value = strip(value.receiver)
    if not isinstance(value, Call) or not value.args:
        return ""
    first = strip(value.args[0])
    if value.name == "race" and isinstance(first, Array) and first.items:
        first = strip(first.items[0])
    elif value.name not in _LETS_THROUGH:
        return ""
    if isinstance(first, Call) and isinstance(strip(first.callee), Name) and not first.args:
        first = strip(first.callee)  # Promise.race([work(), late])
    return first.id if isinstance(first, Name) else ""
