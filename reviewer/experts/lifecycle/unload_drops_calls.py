"""LIF051: a plugin is unloaded while calls to it are known to be under way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Await, Call, Cast, Expr, For, Function, Member, Name, Node, strip
from reviewer.code.tables import tables
from reviewer.code.walk import function_of, inside, walk
from reviewer.code.words import words
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.dependencies import outermost, with_helpers
from reviewer.experts.lifecycle.hooks import HOOK_WORDS, hook_uses
from reviewer.experts.lifecycle.values import last_word

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

_UNDER_WAY: Final = frozenset("calls inflight flight jobs tasks requests outstanding ongoing".split())
"""Words of a table that holds what is being done."""
_WAITS: Final = frozenset(
    "all allSettled gather wait wait_for race cancel abort drain settle settled join quiesce idle result".split()
)


@module_check("LIF051", words=HOOK_WORDS)
def unload_drops_calls(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where the function that ends a plugin empties the table of calls under way, and waits for none of them."""
    if module.is_test or _UNDER_WAY.isdisjoint(module.words):
        return
    ends = [f for use in hook_uses(inquiry, module) if use.kind == "stop" for f in [outermost(use.site)] if f]
    if not ends:
        return
    for table in tables(module):
        if _UNDER_WAY.isdisjoint(words(table.name)) or not any(_holds_work(module, table, a) for a in table.accesses):
            continue
        for end in ends:
            dropped = next((a for a in table.of("delete", "clear") if _in(a, end)), None)
            if dropped is not None and not _waited_for(end, table):
                yield Match(
                    dropped.node,
                    f"'{end.name}' forgets what is under way in '{table.name}' and waits for none of it: calls go on "
                    "in a plugin that has ended, and their callers get an answer from nowhere, or none.",
                )
                break


def _in(access: Access, end: Function) -> bool:
    return access.function is not None and inside(access.node, end)


def _holds_work(module: Module, table: Table, access: Access) -> bool:
    """Tell whether something that is being done is put into a table, or into what it holds."""
    if access.how == "write" and access.value is not None:
        return _is_work(module, access.value)
    if access.how != "read" or not isinstance(access.node, Call | Expr):
        return False
    around = access.node.parent
    while isinstance(around, Cast | Member):
        around = around.parent
    puts = isinstance(around, Call) and around.name in ("add", "push", "append") and around.args
    return isinstance(around, Call) and bool(puts) and _is_work(module, around.args[0])


def _is_work(module: Module, value: Expr) -> bool:
    value = strip(value)
    origin = module.scopes.origin(value) if isinstance(value, Name) else value
    if not isinstance(origin, Call):
        return False
    return origin.name in ("create_task", "ensure_future", "submit") or (
        not origin.new and last_word(origin) not in ("Set", "set", "Map", "dict", "list") and _asynchronous(origin)
    )


def _asynchronous(call: Call) -> bool:
    """Tell whether a call stands unawaited in a function that waits for such things, or gives it back."""
    function = function_of(call)
    return function is not None and not isinstance(call.parent, Await) and call.name not in ("now", "time", "get")


def _waited_for(end: Function, table: Table) -> bool:
    """Tell whether an end waits for, or cancels, anything that it has from the table."""
    for function in with_helpers(end, 1):
        names = _drawn(function, table.name)
        for node in walk(function.body):
            if isinstance(node, Await) and _speaks(node, {table.name}) and not isinstance(node.value, Name):
                return True
            if isinstance(node, Call) and node.name in _WAITS and _speaks(node, names):
                return True
    return False


def _drawn(function: Function, name: str) -> set[str]:
    """Return a table's name and the variables of a function that are drawn from it."""
    names = {name}
    for _ in range(2):
        for node in walk(function.body):
            if isinstance(node, Assign) and node.value is not None and _speaks(node.value, names):
                names.update(n.id for n in walk(node.target) if isinstance(n, Name) and n.id != "this")
            elif isinstance(node, For) and node.iterable is not None and _speaks(node.iterable, names):
                names.update(n.id for n in walk(node.target or ()) if isinstance(n, Name))
    return names


def _speaks(node: Node, names: set[str]) -> bool:
    return any(last_word(part) in names for part in walk(node) if isinstance(part, Name | Member))
