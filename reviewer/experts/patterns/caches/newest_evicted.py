"""PAT620: what makes room in a full cache takes out what was just put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Expr,
    ExprStatement,
    Index,
    Literal,
    Member,
    Name,
    Spread,
    Unary,
    strip,
)
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node
    from reviewer.experts.check import Inquiry

_TOO_MANY: Final = frozenset({">", ">=", "<", "<="})
_COUNTS: Final = frozenset({"size", "length"})
_PUTS: Final = frozenset({"set", "push", "append", "setdefault"})
_ORDERS: Final = frozenset({"sort", "sorted", "toSorted", "unshift", "insert", "reverse", "splice"})


@module_check("PAT620", words={"pop", "popitem", "at"})
def newest_evicted(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is taken off the end of a table or a list once that is too long."""
    if module.is_test:
        return
    for call in module.calls(("popitem", "pop", "at")):
        table = _emptied(module, call)
        function = function_of(call)
        if table is None or function is None:
            continue
        spelled = module.text_of(table)
        if not _too_long(module, call, spelled) or not _just_put(module, function, call, spelled):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(call))}' takes out of '{short(spelled)}' what was put in last: once it is full "
            "nothing new is kept any more, and what is oldest stays for ever.",
        )


def _emptied(module: Module, call: Call) -> Expr | None:
    """Return the table or list of which the newest is taken out by a call, else None."""
    holder = strip(call.receiver) if call.receiver is not None else None
    if holder is None:
        return None
    if call.name == "popitem":
        last = call.arg(0, "last")
        newest = last is None or (isinstance(last, Literal) and last.value is True)
        return holder if newest and not call.keywords.keys() - {"last"} else None
    inner = _of_table(holder)
    if inner is not None:
        end = call.name == "pop" and not call.args
        return inner if (end or _is_last(call.arg(0))) and _is_taken_out(module, call, inner) else None
    if call.name != "pop" or not isinstance(holder, Name | Member) or not isinstance(call.parent, ExprStatement):
        return None  # who works with what comes off the end has a stack, or a stock
    return holder if not call.args or (module.language == "python" and _is_last(call.arg(0))) else None


def _is_last(expr: Expr | None) -> bool:
    expr = strip(expr) if expr is not None else None
    return isinstance(expr, Unary) and expr.op == "-" and getattr(strip(expr.operand), "value", 0) == 1


def _of_table(holder: Expr) -> Expr | None:
    """Return the table of ``[...table.keys()]`` and ``Array.from(table.keys())``."""
    only: Expr | None = None
    if isinstance(holder, Array) and len(holder.items) == 1 and isinstance(spread := strip(holder.items[0]), Spread):
        only = strip(spread.value)
    elif isinstance(holder, Call) and holder.name in ("from", "list") and len(holder.args) == 1:
        only = strip(holder.args[0])
    if isinstance(only, Call) and only.name == "keys" and only.receiver is not None:
        return strip(only.receiver)
    return None


def _is_taken_out(module: Module, call: Call, table: Expr) -> bool:
    """Tell whether the key that a call gives is taken out of the table."""
    function = function_of(call)
    if function is None:
        return False
    held = module.text_of(table)
    return any(
        one.name in ("delete", "pop") and one.receiver is not None and module.text_of(one.receiver) == held
        for one in find(function.body, Call)
    )


def _too_long(module: Module, call: Call, table: str) -> bool:
    """Tell whether it is asked before whether there is too much: ``if (cache.size > MAX)``."""
    return any(
        test.op in _TOO_MANY and any(_counts(module, side, table) for side in (test.left, test.right))
        for condition in conditions(call)[:1]
        for test in find(condition.test, Binary)
    )


def _counts(module: Module, side: Expr, table: str) -> bool:
    side = strip(side)
    if isinstance(side, Member):
        return side.name in _COUNTS and module.text_of(side.object) == table
    return isinstance(side, Call) and side.name == "len" and bool(side.args) and module.text_of(side.args[0]) == table


def _just_put(module: Module, function: Function, call: Call, table: str) -> bool:
    """Tell whether the function puts something at the end of the table before, and never orders it otherwise."""
    touching = list(_touching(module, function, table))
    if any(isinstance(node, Call) and node.name in _ORDERS for node in touching):
        return False
    return any(node.raw.start_byte < call.raw.start_byte for node in touching)


def _touching(module: Module, function: Function, table: str) -> Iterator[Node]:
    """Yield what puts something into a table in a function, or orders it."""
    for node in find(function.body, Assign):
        if isinstance(node.target, Index) and module.text_of(node.target.object) == table:
            yield node
    for call in find(function.body, Call):
        holder = call.receiver if call.receiver is not None and call.name in _PUTS | _ORDERS else None
        if holder is None and call.name in _ORDERS:
            holder = call.arg(0)
        if holder is not None and module.text_of(holder) == table:
            yield call
