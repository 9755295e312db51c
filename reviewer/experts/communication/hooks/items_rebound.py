"""COM302: a hook gives its parameter a new list where the host looks at the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Comprehension,
    Index,
    Name,
    Return,
)
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.hooks import hosts_of, implementations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_CHANGED_IN_PLACE: Final = {
    "pytest_collection_modifyitems": "items",
    "pytest_load_initial_conftests": "args",
    "pytest_cmdline_preparse": "args",
}
"""Hooks that change a list which they are handed, with the parameter."""


@module_check("COM302", words={"items", "args"})
def items_rebound(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for an assignment to the parameter's name, and for a list that is returned to nobody."""
    for one in implementations(inquiry, module) if hosts_of(inquiry) else ():
        name = _CHANGED_IN_PLACE.get(one.name, "")
        if not name or name not in {param.name for param in one.function.params}:
            continue
        bound = [held for held in find(one.function, Assign, into_functions=False) if _is(held.target, name)]
        bound = [held for held in bound if held.op == "="]
        if bound and not _written_back(one.function, name) and not _read_after(one.function, bound[-1], name):
            yield Match(
                bound[-1],
                f"'{name}' is only another list from here on, and nobody looks at it: {one.host.host} goes on with the "
                f"one that it handed over. Write {name}[:] = ….",
            )
        elif not bound and not _touched(one.function, name):
            yield from _returned(one.function, name, one.host.host)


def _returned(function: Function, name: str, host: str) -> Iterator[Match]:
    for made in find(function, Return, into_functions=False):
        if made.value is not None and isinstance(made.value, Array | Comprehension):
            yield Match(made, f"{host} reads no result of '{function.name}'. Write {name}[:] = ….")


def _is(target: object, name: str) -> bool:
    return isinstance(target, Name) and target.id == name


def _read_after(function: Function, held: Assign, name: str) -> bool:
    """Tell whether the function itself goes on with the new list: then it may be for its own use alone."""
    last = held.raw.end_byte
    return any(node.id == name and node.raw.start_byte >= last for node in find(function, Name))


def _written_back(function: Function, name: str) -> bool:
    """Tell whether the list that was handed over is changed at some place, under any of its names."""
    kept = {name} | {
        held.target.id
        for held in find(function, Assign, into_functions=False)
        if isinstance(held.target, Name) and _is(held.value, name)
    }
    return any(
        isinstance(held.target, Index) and isinstance(held.target.object, Name) and held.target.object.id in kept
        for held in find(function, Assign, into_functions=False)
    )


def _touched(function: Function, name: str) -> bool:
    """Tell whether the list is changed in place or handed on, so that somebody else may change it."""
    for call in find(function, Call, into_functions=False):
        if _is(call.receiver, name) or any(_is(argument, name) for argument in call.args):
            return True
    return _written_back(function, name)
