"""Whether what is caught around a plugin's turn is the host's own error alone, which no plugin raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Call, Class, Expr, For, Function, Handler, Name, Throw, Try, strip
from reviewer.code.walk import ancestors, find
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_ALL: Final = frozenset({"Exception", "BaseException"})


def narrowly_caught(module: Module, call: Call, loop: For) -> str:
    """Return the only error that is caught around a call, a class of the subject's own; empty where more is.

    The host's own way to the plugin may make that error of any other: then nothing gets past it.
    """
    guard = next((one for one in _around(call, loop) if isinstance(one, Try)), None)
    caught = [kind for handler in guard.handlers for kind in _kinds(handler)] if guard is not None else []
    if guard is None or not caught or any(not handler.types for handler in guard.handlers):
        return ""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or not all(_is_own(module, kind) for kind in caught):
        return ""
    if any(_is_wide(handler) for handler in find(target.body, Handler)) or _raised_in(target, caught) > 1:
        return ""
    return last_name(caught[0])


def _around(call: Call, loop: For) -> Iterator[object]:
    for around in ancestors(call):
        if around is loop:
            return
        yield around


def _kinds(handler: Handler) -> Iterator[Expr]:
    for kind in handler.types:
        yield from kind.items if isinstance(kind, Array) else (kind,)


def _is_own(module: Module, kind: Expr) -> bool:
    """Tell whether an error is a class of the subject's that stands below nothing but the widest ones."""
    made = definition(module, kind) if isinstance(strip(kind), Name) else None
    return isinstance(made, Class) and bool(made.bases) and {last_name(base) for base in made.bases} <= _ALL


def _is_wide(handler: Handler) -> bool:
    return not handler.types or any(last_name(kind) in _ALL for kind in _kinds(handler))


def _raised_in(target: Function, caught: list[Expr]) -> int:
    """Return how many of a function's own errors are of these kinds: one that checks much says what it is about."""
    names = {last_name(kind) for kind in caught}
    thrown = (strip(one.value) for one in find(target.body, Throw) if one.value is not None)
    return sum(last_name(one.callee if isinstance(one, Call) else one) in names for one in thrown)
