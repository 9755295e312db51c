"""LIF025: what was opened one after another in an order that was worked out is closed in that same order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Expr,
    For,
    Member,
    Name,
    Spread,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in
from reviewer.subject.opposites import undoes

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

_ORDERS: Final = frozenset("order ordered sorted sequence plan toposort topological levels ranked".split())
_COPIES: Final = frozenset({"splice", "slice", "list", "tuple", "copy", "from", "values", "concat"})


@module_check("LIF025", words=_ORDERS)
def closed_in_order(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list that is filled while things are opened in order for a loop that closes them from its front."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind != "list":
            continue
        opened = next(((one, verbs) for one in table.of("write") if (verbs := _opened(one))), None)
        if opened is None:
            continue
        for loop in module.all(For):
            over = loop.iterable
            if over is None or not _is_copy(module, over, table) or _turned(module, table):
                continue
            closed = next((verb for verb in _verbs(loop) if any(undoes(one.lower(), verb) for one in opened[1])), "")
            if closed:
                yield Match(
                    over,
                    f"'{short(module.text_of(over))}' gives things in the order in which they were opened, and they "
                    "are closed in that order: what others were built on is gone before they are.",
                    related=((opened[0].node, "noted here, in order"),),
                )


def _opened(entry: Access) -> set[str]:
    """Return what is called on a thing that is noted, in a loop over what was put in order."""
    loop = next((around for around in ancestors(entry.node) if isinstance(around, For)), None)
    if loop is None or loop.iterable is None or not said_in(loop.iterable) & _ORDERS:
        return set()
    noted = names_in(entry.value) if entry.value is not None else set()
    noted |= {
        name
        for made in find(loop.body, Expr, into_functions=False)
        if isinstance(made, Assign) and names_in(getattr(made, "target", [])) & noted
        for name in names_in(getattr(made, "value", None) or [])
    }
    return {
        call.name
        for call in calls_in(loop.body)
        if isinstance(call.receiver, Name) and call.receiver.id in noted and words(call.name)
    }


def _verbs(loop: For) -> Iterator[str]:
    """Yield what a loop calls on its item, or on a part of it."""
    items = names_in(loop.target) if loop.target is not None else set()
    for call in calls_in(loop.body):
        held = strip(call.receiver) if call.receiver is not None else None
        while isinstance(held, Member):
            held = strip(held.object)
        if isinstance(held, Name) and held.id in items:
            yield call.name.lower()


def _is_copy(module: Module, over: Expr, table: Table) -> bool:
    """Tell whether a loop goes over a list from its front: the list itself, or a copy of it."""
    over = strip(over)
    for _ in range(4):
        if isinstance(over, Call) and over.name in _COPIES:
            inner = over.receiver if over.receiver is not None and over.name != "from" else over.arg(0)
            if inner is None:
                return False
            over = strip(inner)
        elif isinstance(over, Array) and len(over.items) == 1 and isinstance(over.items[0], Spread):
            over = strip(over.items[0].value)
    spelt = module.text_of(over).replace("self.", "this.")
    return spelt == table.name or (table.owner is not None and spelt == f"this.{table.name}")


def _turned(module: Module, table: Table) -> bool:
    """Tell whether a list is filled from its front, or turned round anywhere."""
    for call in module.calls(("reverse", "reversed", "toReversed", "unshift", "insert", "appendleft")):
        if table.name in {node.id for node in find(call, Name)} | {node.name for node in find(call, Member)}:
            return True
    return False
