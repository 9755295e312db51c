"""PAT011: a history is cut where it is read, and never where it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    Function,
    Member,
    Name,
    Node,
    Spread,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find, inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

_MEASURED: Final = word_set("samples series timings durations latencies measurements observations")
"""Words of what is measured as long as a program runs."""
_KEPT: Final = _MEASURED | word_set(
    "history histories past retained log logs journal audit trail records recent replay events envelopes messages "
    "traces"
)
_SHORTENS: Final = frozenset(
    "shift splice pop clear delete popleft truncate trim prune popitem expire evict compact".split()
)


@module_check("PAT011", words=_KEPT)
def history_unbounded(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table of lists to which something is added for anything that makes a list shorter."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind != "map" or not set(spelled(table.name)) & _KEPT or table.of("delete", "clear"):
            continue
        for read in table.of("read"):
            added: Node | None = _added_at_once(read.node) if set(spelled(table.name)) & _MEASURED else None
            if added is None and read.function is not None:
                added = _added(module, read.function, read.node)
            added = added or next((one.node for one in table.of("write") if _lengthens(one, read.node)), None)
            if added is not None and not _shortened(module, table):
                yield Match(
                    added,
                    f"What is put into a list of '{table.name}' stays there: nothing ever makes one of them shorter, "
                    "so it grows for as long as the host runs.",
                    related=((table.declared, "kept in this"),),
                )
                break


def _added(module: Module, function: Function, read: object) -> Call | None:
    """Return the call that adds something to the list that was read, in the same function."""
    for assign in find(function.body, Assign):
        if not isinstance(assign.target, Name) or assign.value is None or not _holds(assign.value, read):
            continue
        for call in calls_in(function.body):
            holder = strip(call.receiver) if call.receiver is not None else None
            if call.name in ("push", "append") and isinstance(holder, Name) and holder.id == assign.target.id:
                return call
    return None


def _added_at_once(read: Node) -> Call | None:
    """Return the call that adds to the list right where it is read: ``(series[id] ??= []).push(ms)``."""
    inner = read
    while isinstance(inner.parent, Assign | Binary):
        inner = inner.parent
    holder = inner.parent
    call = holder.parent if isinstance(holder, Member) and holder.name in ("push", "append") else None
    return call if isinstance(call, Call) and call.callee is holder else None


def _lengthens(write: Access, read: Node) -> bool:
    """Tell whether a list is put back with one more: ``past.set(topic, [...(past.get(topic) ?? []), it])``."""
    made = strip(write.value) if write.value is not None else None
    if isinstance(made, Array) and len(made.items) > 1:
        return any(isinstance(one, Spread) and inside(read, one) for one in made.items)
    if isinstance(made, Binary) and made.op == "+":
        return any(isinstance(strip(one), Array) for one in (made.left, made.right)) and inside(read, made)
    return isinstance(made, Call) and made.name == "concat" and inside(read, made)


def _holds(value: Expr, read: object) -> bool:
    value = strip(value)
    return value is read or (isinstance(value, Binary) and value.op in ("??", "or") and strip(value.left) is read)


def _shortened(module: Module, table: Table) -> bool:
    """Tell whether a function that speaks of the table makes a list shorter, or puts a shorter one in its place."""
    for access in table.accesses:
        function = access.function
        if function is None:
            continue
        shorter = _SHORTENS | ({"remove"} if module.language == "python" else set())
        if any(call.name in shorter for call in calls_in(function.body)):
            return True
        if any(isinstance(one.target, Member) and one.target.name == "length" for one in find(function.body, Assign)):
            return True
        if (
            access.how == "write"
            and access.value is not None
            and any(call.name in ("slice", "filter") for call in calls_in(access.value))
        ):
            return True
        kept = strip(access.value) if access.how == "write" and access.value is not None else None
        if isinstance(kept, Comprehension) and kept.tests:
            return True  # past[who] = [at for at in past[who] if at > then]
        if access.how == "iterate" and access.function is not None and not isinstance(access.node, Call):
            return any(call.name in ("filter", "slice") for call in calls_in(function.body))
    return b"maxlen" in module.source
