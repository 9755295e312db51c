"""Tables of one class or module that are filled together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, strip
from reviewer.code.walk import inside
from reviewer.experts.registry.entering import params_in, writes_in
from reviewer.experts.registry.nested import nested_calls

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

ADDS: Final = ("append", "add", "push")


def twins(module: Module, first: Table, second: Table) -> bool:
    """Tell whether one function enters the same thing into both."""
    if first.owner is not second.owner or first.scope is not second.scope:
        return False
    for access in first.of("write"):
        if access.function is None or access.key is None or _only_moved(first, access):
            continue
        keys = params_in(module, access.key)
        for call, function in nested_calls(module, first, "set", "add", "append"):
            if function is access.function:
                keys |= {one for arg in call.args for one in params_in(module, arg)}
        things = params_in(module, access.value) if access.value is not None else set()
        for other in writes_in(second, access.function):
            if other.key is not None and isinstance(strip(other.key), Literal):
                continue  # a place of its own, ``end[1] = …``, and no entry of this thing
            given = params_in(module, other.key) if other.key is not None else set()
            held = params_in(module, other.value) if other.value is not None else set()
            if keys & (given | held) or things & held:
                return True
        for call, function in nested_calls(module, second, *ADDS):
            held = {one for arg in call.args for one in params_in(module, arg)}
            if function is access.function and things & held:
                return True
    return False


def _only_moved(table: Table, access: Access) -> bool:
    """Tell whether a write gives an entry of the table another key: ``t[new] = t.pop(old)`` registers nothing."""
    value = access.value
    return value is not None and any(inside(taken.node, value) for taken in table.of("delete", "read"))
