"""PAT161: a collection that the thread of an object changes is walked by others, and the object has no lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, For, Function, With
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, calls_in, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.held_locks import locks_beside
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.patterns.shared.iterated_without_the_lock import is_early, is_replaced, walks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Expr, Node
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_DEEPEST: Final = 3


@module_check("PAT161", words={"thread", "timer"})
def walked_beside_a_thread(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each collection of an object that starts a thread, and has no lock at all."""
    if module.is_test or module.language != "python":
        return
    for table in tables(module):
        cls = table.owner
        if cls is None or table.kind == "list" or locks_beside(module, table):
            continue
        inside = _in_thread(module, cls)
        if not inside:
            continue
        for loop, iterable in walks(module, table):
            function = function_of(loop)
            if function is None or _is_alone(function) or _is_held(loop):
                continue
            change = _other_change(table, id(function) in inside, inside)
            if change is not None:
                yield Match(
                    loop if isinstance(loop, For) else iterable,
                    f"'{table.name}' is walked here and changed by another thread, with no lock and no copy: a change "
                    "in the middle of the walk ends it with an error.",
                    related=((change.node, "changed here meanwhile"),),
                    fix="Walk a copy (`list(…)`), made under a lock that the change takes, too.",
                )
                break


def _in_thread(module: Module, cls: Class) -> set[int]:
    """Return the methods of a class that only a thread of its own runs, as ids."""
    started = [_work(call) for call in module.calls(("Thread", "Timer"))]
    waiting = [one for work in started if (one := target_function(module, work)) is not None and one.owner is cls]
    found: set[int] = set()
    for _ in range(_DEEPEST):
        found |= {id(one) for one in waiting}
        asked = [
            definition(module, call.callee)
            for one in waiting
            for call in calls_in(one.body)
            if is_this_member(call.callee)
        ]
        waiting = [one for one in asked if isinstance(one, Function) and _only_there(module, one, found)]
    return found


def _work(call: Call) -> Expr | None:
    return call.arg(1, "target") if call.name == "Thread" else call.arg(1, "function")


def _only_there(module: Module, function: Function, found: set[int]) -> bool:
    """Tell whether nobody but the thread calls a method, as far as its file shows."""
    if id(function) in found or not function.name.startswith("_"):
        return False
    return all(id(function_of(call)) in found for call in module.calls((function.name,)))


def _other_change(table: Table, walked_in_thread: bool, inside: set[int]) -> Access | None:
    """Return a change of a collection on the other side of the thread than its walk."""
    for access in table.of("write", "delete"):
        function = access.function
        if function is None or (is_early(function) and id(function) not in inside) or is_replaced(access.node):
            continue
        if (id(function) in inside) is not walked_in_thread and not _is_held(access.node):
            return access
    return None


def _is_alone(function: Function) -> bool:
    """Tell whether a walk begins before the thread does, or after that was waited for."""
    return is_early(function) or any(call.name == "join" for call in calls_in(function.body))


def _is_held(node: Node) -> bool:
    """Tell whether a field of the object is entered around a node: a lock by another name."""
    return any(
        isinstance(around, With) and any(is_this_member(value) for value, _target in around.items)
        for around in ancestors(node)
    )
