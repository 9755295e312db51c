"""LIF420: at the end a table of handles is emptied, and nothing that it holds is ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Expr,
    ExprStatement,
    Literal,
    Member,
    Name,
    Node,
    Object,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import find, inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.acquired import RESOURCES, describe
from reviewer.experts.lifecycle.holding.fate import home_of
from reviewer.experts.lifecycle.holding.owners import Owner, owners

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Table

_TIMED: Final = {
    "setInterval": "timers",
    "setTimeout": "timers",
    "timers.setInterval": "timers",
    "timers.setTimeout": "timers",
    "threading.Timer": "timers",
    "threading.Thread": "threads",
    "asyncio.create_task": "tasks",
    "asyncio.ensure_future": "tasks",
}
_ENDLESS: Final = ("watcher", "worker", "server", "socket", "process", "thread", "connection", "pool", "source")
_ASKED: Final = frozenset({"size", "length", "has", "includes", "keys"})
"""Members of a table that end nothing and empty nothing."""
_ENDS_ALL: Final = frozenset(
    (
        "abort shutdown removeAllListeners remove_all_listeners unsubscribeAll unsubscribe_all offAll cancel_scope "
        "disposeAll dispose_all releaseAll release_all close_all closeAll"
    ).split()
)
"""Calls that end what a table remembers without going through it."""


@module_check(
    "LIF420",
    words={
        "interval",
        "timeout",
        "timer",
        "thread",
        "task",
        "future",
        "watch",
        "worker",
        "socket",
        "on",
        "subscribe",
        "register",
        "use",
        "listener",
    },
)
def handles_thrown_away(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where what can end timers, tasks or subscriptions is thrown away at the end instead of being used."""
    if module.is_test:
        return
    kept = [(table, what, at) for table in tables(module) for what, at in _handles(module, table)]
    for owner in owners(inquiry, module) if kept else ():
        if any(call.name in _ENDS_ALL for call in owner.release_calls):
            continue
        for table, what, at in kept:
            emptied = _emptied(module, owner, table)
            if emptied is not None:
                yield Match(
                    emptied,
                    f"This empties '{table.name.removeprefix('#')}' and ends none of the {what} in it: they go on "
                    f"after {owner.name or 'the plugin'} has ended, and nobody can end them any more.",
                    related=((at, "kept here"),),
                )


def _handles(module: Module, table: Table) -> Iterator[tuple[str, Node]]:
    """Yield what a table keeps that has to be ended, once."""
    for access in table.of("write"):
        made = module.scopes.origin(access.value) if access.value is not None else None
        what = _plural(module, made) if isinstance(made, Call) else ""
        if what:
            yield what, access.node
            return
    for assign in _assigned(module, table):
        listed = strip(assign.value) if assign.value is not None else None
        for item in listed.items if isinstance(listed, Array) else ():
            what = _plural(module, item) if isinstance(item, Call) else ""
            if what:
                yield what, assign
                return


def _assigned(module: Module, table: Table) -> Iterator[Assign]:
    """Yield where a table is given as a whole: ``this.#owned = [bus.on(…), setInterval(…)]``."""
    if table.owner is not None:
        yield from module.scopes.fields(table.owner).get(table.name, ())
        return
    for assign in module.all(Assign):
        target = assign.target
        named = isinstance(target, Name) and target.id == table.name and not assign.declare
        if named and home_of(module, table.name, assign) is table.scope:
            yield assign


def _plural(module: Module, made: Call) -> str:
    resolved = module.resolve(made.callee)
    if resolved in _TIMED:
        return _TIMED[resolved]
    last = RESOURCES.get(resolved, "").rsplit(" ", 1)[-1]
    if last in _ENDLESS:
        return f"{last}es" if last == "process" else f"{last}s"
    described = describe(module, made)
    return f"{described[0]}s" if described is not None and described[0] in ("subscription", "registration") else ""


def _emptied(module: Module, owner: Owner, table: Table) -> Node | None:
    """Return where the end of an owner empties a table, if that is all that it does with it."""
    found: Node | None = None
    for function in owner.reached:
        if function.module is not module:
            continue
        for mention in _mentions(module, function, owner, table):
            emptied = _emptying(mention)
            if emptied is None:
                return None
            found = found or (emptied if emptied is not mention else None)
    return found


def _mentions(module: Module, function: Node, owner: Owner, table: Table) -> Iterator[Expr]:
    if table.owner is not None:
        if isinstance(owner.at, Class) and owner.at is table.owner:
            yield from (one for one in find(function, Member) if is_this_member(one) and one.name == table.name)
        return
    if table.scope is None or inside(function, table.scope):
        for name in find(function, Name):
            if name.id == table.name and home_of(module, name.id, name) is table.scope:
                yield name


def _emptying(mention: Expr) -> Node | None:
    """Return the statement's part that empties a table, the mention itself where it asks something, else None."""
    parent = mention.parent
    if isinstance(parent, Assign) and parent.target is mention:
        return parent if _is_empty(parent.value) else None
    if not isinstance(parent, Member) or parent.object is not mention:
        return None
    around = parent.parent
    if isinstance(around, Assign) and around.target is parent and parent.name == "length":
        return around
    if isinstance(around, Call) and around.callee is parent:
        alone = isinstance(around.parent, ExprStatement)
        if parent.name == "clear" or (parent.name == "splice" and alone and len(around.args) == 1):
            return around
        return mention if parent.name in _ASKED else None
    return mention if parent.name in _ASKED else None


def _is_empty(value: Expr | None) -> bool:
    value = strip(value) if value is not None else None
    if isinstance(value, Array):
        return not value.items
    if isinstance(value, Object):
        return not value.entries and not value.spreads
    if isinstance(value, Call):
        return value.name in ("Map", "Set", "dict", "set", "list", "WeakMap", "deque", "defaultdict") and not any(
            not isinstance(strip(arg), Name) for arg in value.args
        )
    return isinstance(value, Literal) and value.value is None
