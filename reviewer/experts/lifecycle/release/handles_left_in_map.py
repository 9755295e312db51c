"""LIF183: handles are kept in a table, and the end of its owner never goes through it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.syntax import Assign, Await, Call, Class, Expr, Function, Member, Name, Return, strip
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.holding.acquired import RESOURCES
from reviewer.experts.lifecycle.holding.owners import is_end, members_of
from reviewer.experts.lifecycle.hooks.hooks import hooks_of
from reviewer.experts.lifecycle.vocabulary import stops

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

_TIMERS: Final = frozenset({"setInterval", "setTimeout", "timers.setInterval", "timers.setTimeout"})
_HANDLES: Final = _TIMERS | frozenset(
    name
    for name, what in RESOURCES.items()
    if what.split()[-1] in ("watcher", "worker", "server", "socket", "process", "thread", "connection", "pool")
)
_LATER: Final = frozenset({"call_later", "call_at", "create_task", "ensure_future", "Timer"})
"""Calls of Python that begin something for one thing, which has to be ended with it."""
_PARTIAL: Final = frozenset({"end", "finish", "sleep", "disable", "detach", "unregister", "uninstall", "reset", "free"})
"""Ends that may well be those of one thing, and not of the owner."""
_MOST: Final = 40


@module_check(
    "LIF183",
    words={name.rsplit(".", 1)[-1].lower() for name in _HANDLES}
    | {"interval", "timeout", "worker", "later", "task", "at"},
)
def handles_left_in_map(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table of timers, watchers, workers or connections for an end that empties it."""
    if module.is_test:
        return
    told: set[int] = set()
    for table in tables(module):
        cls = table.owner
        if cls is None or table.kind not in ("map", "set", "list"):
            continue
        kept = next((one for one in table.of("write") if one.value is not None and is_handle(module, one.value)), None)
        begun = kept or next(
            (one for one in table.of("write") if one.value is not None and is_later(module, one)), None
        )
        one = _end_of_one(module, cls, table, begun) if begun is not None else None
        if begun is not None and one is not None and _goes_by(cls, one):
            yield Match(
                one,
                f"'{one.name}' takes one out and never touches '{table.name.removeprefix('#')}', which holds what was "
                "started for it and must be stopped: that goes on, for something that is gone.",
                related=((begun.node, "kept here"),),
                confidence=Confidence.LIKELY,
            )
            continue
        end = _end(cls) if kept is not None else None
        if kept is None or kept.value is None or end is None or id(end) in told or _reaches(cls, end, table):
            continue
        if _kept_elsewhere(module, cls, end, table, kept.value):
            continue
        told.add(id(end))
        yield Match(
            end,
            f"'{end.name}' ends its owner and never touches '{table.name.removeprefix('#')}', which holds what was "
            "started and must be stopped: that goes on, on something that is closed.",
            related=((kept.node, "kept here"),),
        )


def is_handle(module: Module, value: Expr) -> bool:
    """Tell whether what is kept is a timer, a watcher or the like, made here or just before."""
    made = module.scopes.origin(value)
    return isinstance(made, Call) and module.resolve(made.callee) in _HANDLES


def is_later(module: Module, write: Access) -> bool:
    """Tell whether what is kept under a key is a timer or a task of Python."""
    made = module.scopes.origin(write.value) if write.value is not None and write.key is not None else None
    return isinstance(made, Call) and made.name in _LATER and not _is_waited_for(made, write)


def _is_waited_for(made: Call, write: Access) -> bool:
    """Tell whether who keeps a task wants its answer: ``kept[n] = job = create_task(load(n)); await job``."""
    function = write.function
    if function is None:
        return False
    text = function.module.text_of(made)
    names = {
        one.target.id
        for one in find(function.body, Assign)
        if isinstance(one.target, Name) and one.value is not None and function.module.text_of(one.value) == text
    }
    waits = [one.value for one in find(function.body, Await, into_functions=False)]
    waits += [one.value for one in find(function.body, Return, into_functions=False) if one.value is not None]
    return any(names & names_in(one) for one in waits)


def _kept_elsewhere(module: Module, cls: Class, end: Function, table: Table, value: Expr) -> bool:
    """Tell whether the same kind of handle lies in another table too, which the end goes through."""
    for other in tables(module):
        if other is table or other.owner is not cls or not _reaches(cls, end, other):
            continue
        if any(
            one.value is not None and _maker(module, one.value) == _maker(module, value) for one in other.of("write")
        ):
            return True
    return False


def _maker(module: Module, value: Expr) -> str:
    made = module.scopes.origin(value)
    return module.resolve(made.callee) if isinstance(made, Call) else ""


def _end(cls: Class) -> Function | None:
    """Return the method that ends everything: one without parameters that its name says."""
    ends = [one for one in members_of(cls) if is_end(one.name) and not one.params and flat(one.name) not in _PARTIAL]
    return ends[0] if ends else None


def _goes_by(cls: Class, one: Function) -> bool:
    """Tell whether the end of everything, where there is one, ends each of what the owner holds by this method."""
    end = _end(cls)
    return end is None or any(call.name == one.name for call in calls_in(end))


def _end_of_one(module: Module, cls: Class, table: Table, kept: Access) -> Function | None:
    """Return the method that ends one of what the owner holds: it takes it out of another table by its key."""
    keyed = {one.function for one in table.of("write") if one.key is not None}
    under = _names(kept)
    ending = {id(outermost(use.site)) for use in hooks_of(module) if use.kind == "stop"}
    for other in tables(module):
        if other is table or other.owner is not cls:
            continue
        together = any(one.function in keyed for one in other.of("write"))
        for gone in other.of("delete"):
            if not together and not (under and under == _names(gone)):
                continue
            function = gone.function
            if function is None or function.owner is not cls or not function.params or _reaches(cls, function, table):
                continue
            if id(function) in ending or stops(function.name):
                return function
    return None


def _names(access: Access) -> frozenset[str]:
    """Return the names of the key by which something is kept or taken out: ``(course, kit)``."""
    return frozenset(names_in(access.key)) if access.key is not None else frozenset()


def _reaches(cls: Class, end: Function, table: Table) -> bool:
    """Tell whether an end, or what it calls of its own class, speaks of a table."""
    methods = {method.name: method for method in members_of(cls)}
    pending, seen = [end], {id(end)}
    for function in pending:
        for member in find(function, Member):
            if not isinstance(strip(member.object), Name):
                continue
            if member.name == table.name:
                return True
            target = methods.get(member.name)
            if target is not None and id(target) not in seen and len(pending) < _MOST:
                seen.add(id(target))
                pending.append(target)
    return any(call.name in ("abort", "dispose") for call in calls_in(end))
