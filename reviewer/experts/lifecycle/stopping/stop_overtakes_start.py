"""LIF490: a plugin is asked to end while it still starts, and the end looks only among those that run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Await, Call, Function, If, Member, Name, With, strip
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, behind, calls_in, find, inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost, with_helpers
from reviewer.experts.lifecycle.hooks.doors import passages, ways
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS
from reviewer.experts.lifecycle.turns.in_turn import in_turn, is_lock
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.code.tables import Table

_ADDS: Final = frozenset({"set", "add", "push", "append"})


@module_check("LIF490", words=HOOK_WORDS | frozenset({"worker", "fork", "spawn", "popen"}))
def stop_overtakes_start(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that ends one plugin for a look at the starts that are under way."""
    if module.is_test:
        return
    begins = [one for one in module.functions if "start" in ways(module, one)]
    under_way = _under_way(module, begins) if begins else {}
    for end in module.functions if under_way else ():
        if ways(module, end) != {"stop"} or not end.params or _in_turn(end):
            continue
        look = _looks_for_running(module, end, begins, set(under_way))
        if look is None or _knows(end, set(under_way)) or _told(end, begins, look):
            continue
        name, begun = next(iter(under_way.items()))
        yield Match(
            look,
            f"'{end.name}' looks only among the plugins that run: one whose start is still under way, as '{name}' "
            "knows, is not found, and runs when the end has long been answered.",
            related=((begun, "known here while it starts"),),
        )


def _under_way(module: Module, begins: list[Function]) -> dict[str, Node]:
    """Return the tables that hold the starts under way, and the locks that starts stand behind, by name."""
    found: dict[str, Node] = {}
    ids = {id(one) for one in begins}
    for table in tables(module):
        for access in table.of("write"):
            made = _as_made(module, access.value) if access.value is not None else None
            begun = made is not None and any(id(definition(module, call.callee)) in ids for call in _calls(made))
            if begun and table.of("delete") and access.function is not None:
                found.setdefault(table.name, access.node)
    for begin in begins:
        for call in passages(begin):
            for around in ancestors(call):
                if isinstance(around, With) and any(is_lock(module, value) for value, _ in around.items):
                    name = _lock_name(around.items[0][0])
                    if name:
                        found.setdefault(name, around.items[0][0])
    return found


def _as_made(module: Module, value: Expr) -> Expr | None:
    """Return how a promise that is kept was made; None for what was waited for first."""
    made: Node | None = value
    if isinstance(value, Name):
        bound = module.scopes.lookup(value.id, value)
        given = [one.value for one in bound if isinstance(one, Assign) and one.value is not None]
        made = next((one for one in given if isinstance(one, Call)), None)
    if made is None or isinstance(made, Await) or not isinstance(strip(value), Name | Call):
        return None
    return strip(made) if isinstance(made, Call) else None


def _calls(made: Expr) -> Iterator[Call]:
    """Yield the calls that make a promise: of a chain its first, of a task the coroutine."""
    for call in find(made, Call, into_functions=False):
        if not any(isinstance(around, Await) for around in ancestors(call) if inside(around, made)):
            yield call


def _lock_name(value: Expr) -> str:
    """Return the name of the table that has a lock for each: ``self._locks`` of ``self._locks[name]``."""
    held = strip(value)
    if isinstance(held, Call) and held.receiver is not None and held.name in ("get", "setdefault"):
        return last_name(held.receiver)
    inner = getattr(held, "object", None)
    return last_name(inner) if not isinstance(held, Member) and inner is not None else ""


def _looks_for_running(module: Module, end: Function, begins: list[Function], known: set[str]) -> Node | None:
    """Return where an end looks a plugin up in a table that starts enter it in when they are through."""
    for table in tables(module):
        if table.name in known or not _entered_late(module, table, begins):
            continue
        for access in table.of("read", "delete", "has"):
            if access.function is end and not conditions(access.node):
                return access.node
    return None


def _entered_late(module: Module, table: Table, begins: list[Function]) -> bool:
    """Tell whether a start enters what it has started in a table behind the wait for it, and not before."""
    for begin in begins:
        steps = passages(begin)
        waits = [
            wait for wait in find(begin.body, Await) if any(inside(one, wait) or behind(wait, one) for one in steps)
        ]
        writes = [one.node for one in table.of("write") if one.function is begin]
        if writes and waits and all(any(behind(node, w) or inside(w, node) for w in waits) for node in writes):
            return True
    return False


def _knows(end: Function, known: set[str]) -> bool:
    """Tell whether an end, or who runs it, has to do with the starts under way."""
    reached = [*with_helpers(end), *(one for call in callers(end) if (one := outermost(call)) is not None)]
    return any(
        (isinstance(node, Member) and node.name in known) or (isinstance(node, Name) and node.id in known)
        for function in reached
        for kind in (Member, Name)
        for node in find(function.body, kind)
    )


def _told(end: Function, begins: list[Function], look: Node) -> bool:
    """Tell whether an end leaves a mark that a start, or what it runs, asks about.

    A mark on what it has found among those that run says nothing to a start that is under way.
    """
    held = look.parent
    found = held.target.id if isinstance(held, Assign) and isinstance(held.target, Name) else ""
    made = [one.target for one in find(end.body, Assign) if isinstance(one.target, Member)]
    marks = {one.name for one in made if not (isinstance(one.object, Name) and one.object.id == found)}
    marks |= {last_name(call.receiver) for call in calls_in(end.body) if call.name in _ADDS and call.receiver}
    marks -= {""}
    return any(
        last_name(node) in marks
        for begin in begins
        for function in with_helpers(begin, 1)
        for test in find(function.body, If)
        for kind in (Member, Name)
        for node in find(test.test, kind)
    )


def _in_turn(end: Function) -> bool:
    """Tell whether an end waits for its turn behind what is under way."""
    return any(in_turn(call) for call in passages(end))
