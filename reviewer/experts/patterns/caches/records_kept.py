"""PAT011: what has happened is written down with its time, again and again, and nothing is ever thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Comprehension,
    Conditional,
    Delete,
    Expr,
    Function,
    Member,
    Name,
    Spread,
    strip,
)
from reviewer.code.syntax import Binary as Operation
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.guests.growing import shrinks
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.caches.cache_unbounded import QUEUES, RECORDS
from reviewer.experts.patterns.vocabulary import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_CLOCKS: Final = frozenset(
    {
        "Date.now",
        "Date",
        "performance.now",
        "time.time",
        "time.monotonic",
        "datetime.now",
        "datetime.utcnow",
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
    }
)
_TOLD_TIME: Final = frozenset({"now", "clock", "today"})
"""What a clock is called that somebody handed in."""
_KEPT: Final = RECORDS | word_set("past log recent readings replay samples weights temperatures snapshots")
_PUTS: Final = frozenset({"push", "append"})
_SHORTENS: Final = frozenset(
    "slice splice shift pop popleft filter trim prune truncate islice deque clear takeRight take limit tail".split()
)
_READS: Final = frozenset({"get", "read", "load", "getItem", "get_item"})
_WRITES: Final = frozenset({"set", "put", "write", "save", "setItem", "set_item"})


@module_check("PAT011", words={"now", "time", "date", "clock"})
def records_kept(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list of what lives long in a host to which a function adds something that has the time in it."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return  # the lists that a plugin fills with each event are looked at where it listens
    for table in tables(module):
        if table.kind != "list" or set(spelled(table.name)) & QUEUES or not _lives_long(table):
            continue
        name = f"this.{table.name}" if table.owner is not None else table.name
        for access in table.of("write"):
            function, node = access.function, access.node
            if function is None or not isinstance(node, Call) or node.name not in _PUTS or access.value is None:
                continue
            if function.name in ("constructor", "__init__") or is_stopper(function.name):
                continue
            if not _has_time(module, access.value) or shrinks(module, name, whole=True):
                continue
            yield Match(
                node,
                f"'{table.name}' gets one more entry with its time at each call and never loses one: it grows as long "
                "as the host runs.",
                related=((table.declared, "kept in this"),),
            )
            break


@module_check("PAT011", words=_KEPT)
def stored_records_kept(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list that is read from a store, gets one more entry and is written back as a whole."""
    if module.is_test:
        return
    for call in module.calls(tuple(_WRITES)):
        function = function_of(call)
        if function is None or call.receiver is None or not 1 < len(call.args) <= 3:
            continue
        value = strip(call.args[1])
        held = _read_of(module, function, call, value)
        if held and set(spelled(held)) & _KEPT and not _shortened(module, call, function):
            yield Match(
                call,
                f"'{short(held)}' is read, gets one more entry and is written back, and nothing ever makes it shorter: "
                "in the end it is too large to be kept.",
            )


def _lives_long(table: Table) -> bool:
    """Tell whether a list belongs to the file, or to what keeps several things by their ids."""
    if table.owner is None and table.scope is None:
        return True
    holder = table.owner if table.owner is not None else table.scope
    beside = tables(holder.module) if holder is not None else []
    return any(one.kind == "map" and one.owner is table.owner and one.scope is table.scope for one in beside)


def _has_time(module: Module, value: Expr) -> bool:
    """Tell whether a clock is read for an entry."""
    made = module.scopes.origin(value) if isinstance(strip(value), Name) else value
    for one in calls_in(made) if made is not None and isinstance(made, Expr) else ():
        if module.resolve(one.callee) in _CLOCKS or (not one.args and last_name(one.callee).lstrip("_#") in _TOLD_TIME):
            return True
    return False


def _read_of(module: Module, function: Function, write: Call, value: Expr) -> str:
    """Return the name of the list that a function has read under the key under which it writes it, and made longer."""
    longer = isinstance(value, Array)
    spread = next((one for one in value.items if isinstance(one, Spread)), None) if isinstance(value, Array) else None
    named = strip(spread.value) if spread is not None else value
    if isinstance(named, Operation) and named.op in ("??", "or", "||"):
        named = strip(named.left)
    if not isinstance(named, Name):
        return ""
    if not longer:
        longer = any(
            one.name in _PUTS and isinstance(strip(one.receiver), Name) and last_name(one.receiver) == named.id
            for one in calls_in(function.body)
            if one.receiver is not None
        )
    key = module.text_of(write.args[0])
    holder = last_name(write.receiver)
    return named.id if longer and _from_store(module, function, named.id, key, holder) else ""


def _from_store(module: Module, function: Function, name: str, key: str, holder: str) -> bool:
    """Tell whether a name holds what a store has under a key, through other names and where there is none."""
    names = {name}
    assigns = [one for one in find(function.body, Assign, into_functions=False) if isinstance(one.target, Name)]
    for assign in reversed(assigns):
        if not isinstance(assign.target, Name) or assign.target.id not in names or assign.value is None:
            continue
        for part in _parts(assign.value):
            if isinstance(part, Name):
                names.add(part.id)
            elif isinstance(part, Call) and part.name in _READS and part.args and last_name(part.receiver) == holder:
                return module.text_of(part.args[0]) == key
    return False


def _parts(value: Expr) -> Iterator[Expr]:
    """Yield what a value is, where it stands for one of several: ``(await store.get(key)) ?? []``."""
    value = strip(value)
    if isinstance(value, Await):
        yield from _parts(value.value)
    elif isinstance(value, Operation) and value.op in ("??", "or", "||"):
        yield from _parts(value.left)
    elif isinstance(value, Conditional):
        yield from _parts(value.then)
        yield from _parts(value.other)
    else:
        yield value


def _shortened(module: Module, write: Call, function: Function) -> bool:
    """Tell whether the function counts or shortens anything, or another one writes something shorter to the store."""
    if _cuts(function.body):
        return True
    holder = last_name(write.receiver)
    return any(
        (inner := function_of(one)) is not None and inner is not function and _cuts(inner.body)
        for one in module.calls(tuple(_WRITES))
        if last_name(one.receiver) == holder
    )


def _cuts(body: list[Node] | object) -> bool:
    for node in walk(body):  # type: ignore[arg-type]  # the body of a function is a list of nodes
        if isinstance(node, Call) and (node.name in _SHORTENS or node.name in ("len", "includes", "some", "find")):
            return True
        if isinstance(node, Member) and node.name == "length":
            return True
        if isinstance(node, Operation) and node.op in ("in", "not in"):
            return True
        if isinstance(node, Comprehension | Delete):
            return True
    return False
