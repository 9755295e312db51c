"""COM026: a reply goes to whichever request stands first in the table, and the id that it carries is not asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Call,
    Expr,
    For,
    Function,
    If,
    Index,
    Jump,
    Literal,
    Node,
    Spread,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import Ends, ends_of, keeps_promise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_SETTLES: Final = frozenset({"set_result", "set_exception", "resolve", "reject", "setResult"})
_TAKES: Final = frozenset({"popitem"})
_VIEWS: Final = frozenset({"values", "keys", "items", "entries", "iter", "list"})


@module_check("COM026", words={"promise", "future", "create_future", "popitem", "deferred"})
def reply_to_the_first(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table of waiting requests for a reply that takes the first entry of it."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind != "map":
            continue
        entry = next((one for one in table.of("write") if keeps_promise(module, one)), None)
        for taken in _first_of(module, table) if entry is not None else ():
            function = function_of(taken)
            if (
                entry is None
                or function is None
                or function is entry.function
                or not _settles(function, ends_of(entry))
            ):
                continue
            yield Match(
                taken,
                f"The reply goes to the first that waits in '{table.name}', whoever it is for: one that is late or "
                "lost gives everybody behind it the answer of another.",
                related=((entry.node, "kept under its id here"),),
            )


def _first_of(module: Module, table: Table) -> Iterator[Expr]:
    """Yield where the first entry of a table is taken: ``next(iter(waiting))``, ``[...waiting.keys()][0]``."""
    for call in module.calls(("next", *_TAKES)):
        over = call.receiver
        if call.name == "next":  # a function in Python, a method of what goes over something in JavaScript
            over = call.args[0] if call.receiver is None and call.args else call.receiver if not call.args else None
        if over is not None and _is_view(module, over, table):
            yield call
    for call in module.calls(("at", "shift")):
        first = call.name == "shift" or (isinstance(call.arg(0), Literal) and getattr(call.arg(0), "value", None) == 0)
        if first and call.receiver is not None and _is_copied(module, call.receiver, table):
            yield call
    for index in module.all(Index):
        if isinstance(index.key, Literal) and index.key.value == 0 and _is_view(module, index.object, table):
            yield index
    for loop in module.all(For):
        whole = strip(loop.iterable) if loop.iterable is not None else None
        if whole is not None and exits(loop.body[-1:]) and _is_view(module, whole, table) and not _asks(loop):
            yield whole


def _is_copied(module: Module, expr: Expr, table: Table) -> bool:
    """Tell whether a list is made of what a table holds: ``[...waiting.values()]``."""
    return isinstance(strip(expr), Array | Call) and _is_view(module, expr, table)


def _asks(loop: For) -> bool:
    """Tell whether a loop passes over some of what it goes through before it comes to its end."""
    return any(
        isinstance(one, Jump) and one.kind == "continue" for one in find(loop.body, Jump, into_functions=False)
    ) or any(isinstance(one, If) for one in loop.body)


def _is_view(module: Module, expr: Expr, table: Table) -> bool:
    """Tell whether an expression goes over a table: the table itself, its keys or values, a list of those."""
    expr = strip(expr)
    for _ in range(5):
        if isinstance(expr, Call) and expr.name in _VIEWS | {"from"}:
            inner = expr.receiver if expr.receiver is not None and expr.name != "from" else expr.arg(0)
            if inner is None:
                return False
            expr = strip(inner)
        elif isinstance(expr, Array) and len(expr.items) == 1 and isinstance(expr.items[0], Spread):
            expr = strip(expr.items[0].value)
        else:
            break
    spelt = module.text_of(expr).replace("self.", "this.")
    return spelt == table.name or (table.owner is not None and spelt == f"this.{table.name}")


def _settles(function: Function, ends: Ends) -> bool:
    """Tell whether a function ends the waiting of a request, by itself or by what it calls."""
    bodies: list[Node] = list(function.body)
    for call in calls_in(function.body):
        target = definition(function.module, call.callee)
        if isinstance(target, Function) and target.module is function.module:
            bodies.extend(target.body)
    return any(call.name in _SETTLES | ends.fulfil | ends.reject for call in find(bodies, Call))
