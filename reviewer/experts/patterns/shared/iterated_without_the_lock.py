"""PAT161: a collection that is changed under a lock is walked without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Name,
    Node,
    With,
    Yield,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.held_locks import holds, locks_beside, of_the_loop, takes, under

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_VIEWS: Final = frozenset({"items", "values", "keys"})


@module_check("PAT161", words={"lock"})
def iterated_without_the_lock(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each walk over a collection that has a lock beside it."""
    if module.is_test or module.language != "python":
        return
    for table in tables(module):
        cls = table.owner
        locks = locks_beside(module, table)
        if not locks or not _guarded(table, locks):
            continue
        at_once = of_the_loop(module, table, locks)
        for loop, iterable in walks(module, table):
            function = function_of(loop)
            if at_once and not _waits(loop):
                continue
            if function is None or is_early(function) or holds(loop, locks) or takes(function, locks):
                continue
            if under(cls, function, locks):
                continue
            what = "skips or repeats entries" if table.kind == "list" else "ends it with an error"
            yield Match(
                loop if isinstance(loop, For) else iterable,
                f"'{table.name}' is changed under the lock by other threads, and walked here without it and without a "
                f"copy: a change in the middle of the walk {what}.",
                confidence=None if isinstance(loop, For) or table.kind != "list" else Confidence.POSSIBLE,
            )
            break


def is_early(function: Function) -> bool:
    """Tell whether a function runs before the other threads do, or only what makes the object calls it."""
    if function.name == "__init__" or words(function.name)[:1] in (("start",), ("boot",), ("init",), ("setup",)):
        return True
    if not function.name.startswith("_") or function.owner is None:
        return False
    called_in = [function_of(call) for call in function.module.calls((function.name,))]
    return bool(called_in) and all(one is not None and one.name == "__init__" for one in called_in)


def _waits(loop: For | Comprehension) -> bool:
    """Tell whether another task can run in the middle of a walk."""
    return any(
        isinstance(node, Await | Yield) or (isinstance(node, For | With) and node.asynchronous)
        for node in walk(loop, into_functions=False)
    )


def _guarded(table: Table, locks: set[str]) -> bool:
    """Tell whether every change in place after the making is made while a lock is held."""
    changes = [
        a
        for a in table.of("write", "delete")
        if a.function is not None and a.function.name != "__init__" and not is_replaced(a.node)
    ]
    return bool(changes) and all(
        holds(a.node, locks) or (a.function is not None and under(table.owner, a.function, locks)) for a in changes
    )


def is_replaced(node: Node) -> bool:
    """Tell whether a new collection takes the place of the old one, which whoever walks it goes on with."""
    return isinstance(node, Assign) and not isinstance(node.target, Index)


def walks(module: Module, table: Table) -> Iterator[tuple[For | Comprehension, Expr]]:
    """Yield the loops over the collection itself, or over a view of it."""
    cls = table.owner
    nodes = (node for method in cls.methods for node in find(method.body, Node)) if cls is not None else None
    for loop in nodes if nodes is not None else module.some(For, Comprehension):
        if isinstance(loop, For) and loop.iterable is not None and _is_table(module, loop.iterable, table):
            yield loop, loop.iterable
        elif isinstance(loop, Comprehension):
            for _target, iterable in loop.clauses:
                if _is_table(module, iterable, table):
                    yield loop, iterable


def _is_table(module: Module, expr: Expr, table: Table) -> bool:
    if isinstance(expr, Call) and expr.name in _VIEWS and expr.receiver is not None:
        expr = expr.receiver
    if table.owner is not None:
        return is_this_member(expr) and expr.name == table.name
    return (
        isinstance(expr, Name)
        and expr.id == table.name
        and any(one is table.declared for one in module.scopes.lookup(expr.id, expr))
    )
