"""LIF011, in a host: of two plugins that are started under one key the first is lost in the table and never ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Assign, Await, Call, Expr, If, Literal, Member, Name, Object, Param, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, inside, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.hooks.doors import passages, ways
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS
from reviewer.experts.paths import said_in
from reviewer.experts.registry.entering import looked_at

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.code.tables import Access, Table

_ENDS: Final = ("delete", "read", "iterate")
_ASKS: Final = frozenset(
    "running active loaded started state status phase has get exists includes some find enabled known registered "
    "installed mounted ready".split()
)
"""Words of a question whether a plugin is there already."""
_AGAIN: Final = frozenset({"reload", "restart", "replace", "swap", "upgrade", "update"})


@module_check("LIF011", words=HOOK_WORDS)
def plugin_overwritten(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that starts what it is handed and enters it under its key, for a look into the table."""
    if module.is_test:
        return
    for function in module.functions:
        if function.private or not function.params or set(words(function.name)) & _AGAIN:
            continue
        if "start" not in ways(module, function) or function.outer is not None:
            continue
        for table in tables(module):
            write = _entered(module, table, function)
            if write is None or not _ends_held(module, table, function):
                continue
            if _asked_beside(module, table, write, function):
                continue
            kept = _only_compared(module, table, function)
            if looked_at(module, table, function, write.node) and not kept:
                continue
            if kept:
                yield Match(
                    write.node,
                    f"'{function.name}' starts a plugin and puts it into '{table.name.removeprefix('#')}' in the place "
                    f"of '{kept}', which it has looked at and never ends: that one goes on, and nothing can end it any "
                    "more.",
                    related=((passages(function)[0], "started here"),),
                )
                break
            yield Match(
                write.node,
                f"'{function.name}' starts a plugin and puts it into '{table.name.removeprefix('#')}' without looking "
                "whether one runs under this key: that one goes on, and nothing can end it any more.",
                related=((passages(function)[0], "started here"),),
            )
            break


def _entered(module: Module, table: Table, function: Function) -> Access | None:
    """Return where a function enters what it starts under a key that its caller alone has chosen."""
    if table.kind != "map":
        return None
    for write in table.of("write"):
        if write.function is not function or write.key is None or write.value is None:
            continue
        plain = isinstance(strip(write.value), Literal) or (isinstance(write.node, Assign) and write.node.op != "=")
        if not plain and _is_told(module, function, write.key) and _holds_started(module, function, write.value):
            return write
    return None


def _holds_started(module: Module, function: Function, value: Expr) -> bool:
    """Tell whether what is entered is the plugin, or a record of it, and no timer or listener that goes with it."""
    begun = passages(function)
    known = {param.name for param in function.params}.union(*(names_in(call, into_functions=False) for call in begun))
    held = strip(value)
    if isinstance(held, Name):
        if held.id in known:
            return True
        made = module.scopes.origin(held)
        held = strip(made) if isinstance(made, Expr) else held
    if isinstance(held, Await):
        held = strip(held.value)
    if isinstance(held, Call):
        return held.new or any(held is call for call in begun)
    return isinstance(held, Object) and bool(names_in(held, into_functions=False) & known)


def _is_told(module: Module, function: Function, key: Expr) -> bool:
    """Tell whether a key is a parameter of a function, or a member of one: ``plugin.manifest.id``."""
    held = module.scopes.origin(key) if isinstance(strip(key), Name) else key
    if isinstance(held, Param):
        return held.parent is function
    held = strip(held) if isinstance(held, Expr) else None
    while isinstance(held, Member):
        held = strip(held.object)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    return len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is function


def _ends_held(module: Module, table: Table, function: Function) -> bool:
    """Tell whether another function ends a plugin that it takes from the table."""
    homes = (outermost(access.node) for access in table.of(*_ENDS))
    return any(home is not None and home is not function and "stop" in ways(module, home) for home in homes)


def _only_compared(module: Module, table: Table, function: Function) -> str:
    """Return the variable by which a function holds the one that is there, to ask about it and nothing else.

    ``running = self.table.get(name); if running and running.version >= plugin.version: return``
    """
    for read in table.of("read"):
        kept = read.node.parent if read.function is function else None
        kept = kept.parent if isinstance(kept, Await) else kept
        if not isinstance(kept, Assign) or not isinstance(kept.target, Name) or "stop" in ways(module, function):
            continue
        name = kept.target.id
        uses = [one for one in find(function.body, Name) if one.id == name and one is not kept.target]
        tests = [test for test in find(function.body, If) if name in names_in(test.test)]
        leaves = [test for test in tests if exits(test.body) and len(names_in(test.test)) > 1]
        if uses and leaves and all(any(inside(use, test.test) for test in tests) for use in uses):
            return name
    return ""


def _asked_beside(module: Module, table: Table, write: Access, function: Function) -> bool:
    """Tell whether something else says whether the plugin is there: another table, its own state."""
    keys = names_in(write.key) if write.key is not None else set()
    if any(
        one.key is not None and names_in(one.key) & keys
        for other in tables(module)
        if other is not table
        for one in other.of("has", "read", "delete")
        if outermost(one.node) is function and one.node.start < write.node.start
    ):
        return True
    return any(
        exits(test.body) and names_in(test.test) and said_in(test.test) & _ASKS
        for test in find(function.body, If)
        if test.start < write.node.start
    )
