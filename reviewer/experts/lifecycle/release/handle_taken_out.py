"""LIF420: one handle is taken out of the table that keeps it, and is not ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.reach.made import values_of
from reviewer.code.syntax import Assign, Await, Binary, Call, Function, Index, Member, Name, Try, strip
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, calls_in, class_of, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost, with_helpers
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

LASTING: Final = {
    "setInterval": "timer",
    "timers.setInterval": "timer",
    "setTimeout": "timer",
    "timers.setTimeout": "timer",
    "threading.Timer": "timer",
    "asyncio.create_task": "task",
    "asyncio.ensure_future": "task",
    "fs.watch": "watcher",
    "chokidar.watch": "watcher",
    "worker_threads.Worker": "worker",
    "Worker": "worker",
    "child_process.fork": "process",
    "child_process.spawn": "process",
    "subprocess.Popen": "process",
    "asyncio.create_subprocess_exec": "process",
    "AbortController": "controller",
}
_EACH: Final = frozenset({"map", "forEach", "flatMap", "filter", "some", "every"})
"""Calls that run what they are given at once, for each of many."""
STARTS_TASK: Final = frozenset({"create_task", "ensure_future", "start_soon"})


@module_check(
    "LIF420",
    words={"interval", "timeout", "timer", "task", "future", "watch", "worker", "fork", "spawn", "popen", "controller"},
)
def handle_taken_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each removal of one handle from its table for somebody who ends what was removed."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind not in ("map", "set"):
            continue
        access = next((one for one in table.of("write") if _what(module, one)), None)
        if access is None:
            continue
        for gone in table.of("delete"):
            if _is_lost(module, table, access, gone):
                name = table.name.removeprefix("#")
                yield Match(
                    gone.node,
                    f"This takes a {_what(module, access)} out of '{name}' and ends nothing: it goes on for something "
                    "that is gone, and nobody can end it any more.",
                    related=((access.node, "kept here"),),
                )
                break


def _what(module: Module, access: Access) -> str:
    """Return what a table is given that goes on by itself; nothing where that can't be seen."""
    for where, value in values_of(module, access.value) if access.value is not None else ():
        if isinstance(value, Call):
            resolved = where.resolve(value.callee)
            what = LASTING.get(resolved, "")
            if what or (value.name in STARTS_TASK and value.receiver is not None):
                return what or "task"
    return ""


def _is_lost(module: Module, table: Table, kept: Access, gone: Access) -> bool:
    function = gone.function
    if function is None or kept.function is function or not _is_dropped(gone.node):
        return False
    home = outermost(gone.node)
    if (
        home is None
        or _is_over(function, gone)
        or _is_reaction(gone.node)
        or _behind_its_run(module, kept, gone)
        or home is kept.function
        or _of_the_work(module, kept, home)
    ):
        return False
    return not any(_looks(module, table, one, gone.node) for one in with_helpers(home, 1))


def _is_over(function: Function, gone: Access) -> bool:
    """Tell whether the very thing is waited for before it is taken out: ``await task``, ``running.discard(task)``."""
    key = strip(gone.key) if gone.key is not None else None
    if key is None and isinstance(gone.node, Call) and gone.node.args:
        key = strip(gone.node.args[0])
    return isinstance(key, Name) and any(
        isinstance(waited := strip(one.value), Name) and waited.id == key.id and one.start < gone.node.start
        for one in find(function.body, Await, into_functions=False)
    )


def _behind_its_run(module: Module, kept: Access, gone: Access) -> bool:
    """Tell whether it is taken out when the function that keeps it, and sees it through, has been waited for."""
    inner: Node = gone.node
    for around in ancestors(gone.node):
        if isinstance(around, Try) and any(inner is one for one in around.final):
            awaited = [strip(one.value) for one in find(around.body, Await, into_functions=False)]
            return any(isinstance(one, Call) and definition(module, one.callee) is kept.function for one in awaited)
        inner = around
    return False


def _is_dropped(node: Node) -> bool:
    """Tell whether nobody takes what a removal gives; ``delete table[key]`` and ``del`` give nothing."""
    return not isinstance(node, Call) or use_of(node).how == "dropped"


def _is_reaction(node: Node) -> bool:
    """Tell whether something runs because a handle ended by itself: inside a function that is handed to somebody."""
    handed = (one.parent for one in ancestors(node) if isinstance(one, Function))
    return any(isinstance(call, Call) and call.name not in _EACH for call in handed)


def _of_the_work(module: Module, kept: Access, home: Function) -> bool:
    """Tell whether what removes is the work of the handle itself, or what the work comes to at its end."""
    for where, value in values_of(module, kept.value) if kept.value is not None else ():
        if not isinstance(value, Call):
            continue
        for arg in (*value.args, *value.keywords.values()):
            inner = strip(arg)
            work = definition(where, inner.callee) if isinstance(inner, Call) else target_function(where, inner)
            if isinstance(work, Function) and home in with_helpers(work):
                return True
    if any(_is_reaction(call) for call in callers(home)):
        return True
    return any(
        target_function(module, arg) is home for call in module.all(Call) for arg in call.args if _names(arg, home)
    )


def _names(arg: Expr, home: Function) -> bool:
    inner = strip(arg)
    if isinstance(inner, Call) and inner.args:
        inner = strip(inner.args[0])
    return isinstance(inner, Name | Member) and last_name(inner) == home.name


def _looks(module: Module, table: Table, function: Function, gone: Node) -> bool:
    """Tell whether a function reads a handle out of the table, or ends something that it might be."""
    for node in find(function.body, Member if table.owner is not None else Name):
        if last_name(node) != table.name or (table.owner is not None and class_of(node) is not table.owner):
            continue
        around = node.parent
        if any(one is gone for one in ancestors(node)):
            continue
        asked = isinstance(around, Member) and around.name in ("has", "size", "delete", "pop")
        asked = asked or (isinstance(around, Binary) and around.op in ("in", "not in"))
        if not asked and not (isinstance(around, Index) and isinstance(around.parent, Assign)):
            return True
    home = outermost(gone)
    if home is not None and function.owner is not home.owner:
        return False  # another thing ends what is its own
    return any(
        call.name in ("cancel", "abort", "clearInterval", "clearTimeout", "terminate", "kill", "shutdown")
        for call in calls_in(function.body)
    )
