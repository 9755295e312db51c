"""COM004: handlers are called while going through the very collection that they may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeGuard

from reviewer.code.syntax import Assign, Await, Call, Comprehension, Delete, Expr, For, Index, Node, Opaque
from reviewer.code.walk import ancestors, find, function_of, inside
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.event_tables import is_event
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.sources import Source, Sources, sources
from reviewer.experts.communication.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_REMOVES: Final = frozenset({"splice", "remove", "discard", "delete", "pop"})
_BEGINS: Final = frozenset({"create_task", "ensure_future"})
_ADDS: Final = {"push": "array", "append": "array", "insert": "array", "unshift": "array", "add": "set"}


@module_check("COM004", words=TRIGGERS)
def live_iteration(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that calls handlers and goes through a collection that is changed in place elsewhere."""
    if module.is_test:
        return
    known = sources(inquiry, module)
    seen: set[int] = set()
    for found in invocations(inquiry, module):
        loop = found.loop
        if loop is None or id(loop) in seen or not is_event(found) or _only_prepares(module, loop, found.call):
            continue
        seen.add(id(loop))
        iterable = _iterable(loop)
        source = known.of(iterable) if iterable is not None else None
        if iterable is None or source is None or source.table is None or source.copied:
            continue
        match = _changed(module, known, source, source.table, iterable)
        if match is not None:
            yield match


def _only_prepares(module: Module, loop: Node, call: Call) -> bool:
    """Tell whether a loop only makes coroutines, which run when it is over: ``gather(*(hear(it) for hear in all))``.

    Likewise tasks, where the loop itself waits for nothing: ``tasks.add(loop.create_task(hear(it)))``.
    """
    function = function_of(loop)
    waits = function is not None and function.asynchronous
    if module.language != "python" or not waits or _awaited(call, loop):
        return False
    begun = isinstance(call.parent, Call) and call.parent.name in _BEGINS
    return isinstance(loop, Comprehension) or (begun and not any(True for _ in find(loop, Await)))


def _awaited(call: Call, loop: Node) -> bool:
    return any(isinstance(around, Await) and inside(around, loop) for around in ancestors(call))


def _iterable(loop: Node) -> Expr | None:
    if isinstance(loop, For):
        return loop.iterable if loop.style != "c" else None
    if isinstance(loop, Call):
        return loop.receiver if loop.name == "forEach" else None
    return loop.clauses[0][1] if isinstance(loop, Comprehension) and loop.clauses else None


def _changed(module: Module, known: Sources, source: Source, table: Table, iterable: Expr) -> Match | None:
    removal = adds = ""
    for node in module.all_nodes:
        if isinstance(node, Call) and node.name in _REMOVES | set(_ADDS) and node.receiver is not None:
            other = known.of(node.receiver)
            if other is None or other.table is not table or other.copied:
                continue
            if other.looked_up != source.looked_up and _nested(module, known, table):
                continue
            if node.name in _REMOVES:
                removal = removal or node.name
            else:
                adds = adds or _ADDS[node.name]
        elif isinstance(node, Assign) and _is_slice(node.target):
            other = known.of(node.target.object)
            if other is not None and other.table is table and not other.copied:
                removal = removal or "="
        elif isinstance(node, Delete):
            for target in node.targets:
                other = known.of(target.object) if isinstance(target, Index) else None
                if other is not None and other.table is table:
                    removal = removal or "del"
    kind = adds or {"map": "dict", "set": "set", "list": "array"}[table.kind]
    if not removal:
        return None
    text = module.text_of(iterable)[:60]
    if module.language == "python":
        what = "skips the next handler" if kind == "array" else "ends the loop with a RuntimeError"
        return Match(
            iterable, f"The loop goes through '{text}' itself: a handler that unsubscribes while it runs {what}."
        )
    if kind == "array" and removal == "splice":
        return Match(
            iterable,
            f"The loop goes through '{text}' itself: a handler that unsubscribes while it runs makes it skip the next "
            "one.",
        )
    return Match(
        iterable,
        f"The loop goes through '{text}' itself: a handler that subscribes while it runs is called for the event under "
        "way.",
        confidence=Confidence.POSSIBLE,
    )


def _is_slice(target: Node) -> TypeGuard[Index]:
    """Tell whether a list gets other contents in place: ``entries[:] = …``."""
    return isinstance(target, Index) and isinstance(target.key, Opaque) and target.key.kind == "slice"


def _nested(module: Module, known: Sources, table: Table) -> bool:
    """Tell whether the values of the table are collections themselves."""
    return any(
        isinstance(node, Call)
        and node.name in _ADDS
        and node.receiver is not None
        and (other := known.of(node.receiver)) is not None
        and other.table is table
        and other.looked_up
        for node in module.all_nodes
    )
