"""LIF011: a timer takes the place of another under the same key, and nothing can clear that any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, Function, Name
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost
from reviewer.experts.lifecycle.holding.acquired import describe

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

_LOOKS: Final = ("has", "read", "delete", "iterate", "clear")


@module_check("LIF011", words={"interval", "task", "future", "watch"})
def replaced_in_table(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table that ends what it holds for an entry that is put over another without a look."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind != "map" or not table.of("iterate", "read", "delete", "clear"):
            continue
        for write in table.of("write"):
            what = _lasting(module, write)
            if what and _key_of_caller(module, write) and not _looked(module, table, write):
                known = _callers_that_look(table, write)
                if known and all(known):
                    continue
                yield Match(
                    write.node,
                    f"What is under this key already in '{table.name.removeprefix('#')}' is replaced and not ended: "
                    f"{what} of before goes on, and nothing can end it any more.",
                    confidence=Confidence.POSSIBLE if any(known) else None,
                )


def _lasting(module: Module, write: Access) -> str:
    """Return what is put into a table, in words, if it goes on until somebody ends it."""
    made = module.scopes.origin(write.value) if write.value is not None else None
    found = describe(module, made) if isinstance(made, Call) else None
    return found[1] if found is not None and found[0] in ("timer", "task") else ""


def _key_of_caller(module: Module, write: Access) -> bool:
    """Tell whether a caller chooses the key, so that the same may come twice."""
    function = outermost(write.node)
    if function is None or write.key is None:
        return False
    told: set[str] = set()
    inner = write.function
    while inner is not None:
        told |= {param.name for param in inner.params}
        inner = inner.outer
    named = {name for name in names_in(write.key) if name not in ("this", "self", "String")}
    return bool(named) and all(name in told or _derived(module, write.key, name, told) for name in named)


def _derived(module: Module, key: Expr, name: str, told: set[str]) -> bool:
    """Tell whether a part of a key is made of what a caller says alone."""
    held = next((one for one in find(key, Name) if one.id == name), None)
    made = module.scopes.origin(held) if held is not None else None
    parts = names_in(made) - {"this", "self"} if isinstance(made, Expr) and made is not held else set()
    return bool(parts) and parts <= told


def _looked(module: Module, table: Table, write: Access) -> bool:
    """Tell whether a function looks into a table before it writes there, itself or by a function that it calls."""
    function = outermost(write.node)
    if function is None:
        return True
    if any(one.node.start < write.node.start and outermost(one.node) is function for one in table.of(*_LOOKS)):
        return True
    if any(_refused_beside(other, table, write) for other in tables(module) if other is not table):
        return True
    for call in calls_in(function.body):
        target = definition(module, call.callee) if call.start < write.node.start else None
        if isinstance(target, Function) and any(outermost(one.node) is target for one in table.of(*_LOOKS)):
            return True
    return False


def _callers_that_look(table: Table, write: Access) -> list[bool]:
    """Tell of each call of the function whether what is there is taken out of the table before."""
    function = outermost(write.node)
    asked = [(call, outermost(call)) for call in callers(function)] if function is not None else []
    return [
        any(outermost(one.node) is around and one.node.start < call.start for one in table.of("delete"))
        for call, around in asked
    ]


def _refused_beside(other: Table, table: Table, write: Access) -> bool:
    """Tell whether another table, filled and emptied beside this one, is asked for the key first.

    ``if key in self._open: raise …; self._open[key] = part; self._tasks[key] = task``, and both are popped at the end.
    """
    if write.key is None or other.owner is not table.owner:
        return False
    key, function = names_in(write.key), outermost(write.node)
    asked = any(
        one.key is not None and names_in(one.key) == key and outermost(one.node) is function
        for one in other.of("has", "read")
        if one.node.start < write.node.start
    )
    put = any(outermost(one.node) is function for one in other.of("write"))
    taken = {id(outermost(one.node)) for one in other.of("delete", "clear")}
    return asked and put and any(id(outermost(one.node)) in taken for one in table.of("delete", "clear"))
