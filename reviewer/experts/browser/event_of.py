"""Which events of the browser lead to a place in the code, through named functions and helpers in other files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import call_sites
from reviewer.code.reach.links import callee, definition
from reviewer.code.syntax import Call, Function, Node
from reviewer.code.walk import function_of
from reviewer.experts.browser.api import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

Event = tuple[str, str, int]
"""The event, such as ``tabs.onUpdated``, and the file and place of the ``addListener``."""
_DEEPEST: Final = 3


def events_of(module: Module, node: Node) -> frozenset[Event]:
    """Return the events whose listeners run a place; empty where none does, or where that can't be seen."""
    return _events_of(module, node, 0)


def _events_of(module: Module, node: Node, depth: int) -> frozenset[Event]:
    found: set[Event] = set()
    function = function_of(node)
    while function is not None:
        by = function.parent
        if isinstance(by, Call) and (event := _event(module, by)):
            return frozenset({event})
        if function.name:
            found |= _of_named(module, function, depth)
        function = function.outer
    return frozenset(found)


def _event(module: Module, call: Call) -> Event | None:
    """Return the event that a call listens to, or None."""
    path = path_of(module, call.callee) if call.name == "addListener" else ""
    return (path.removesuffix(".addListener"), module.path, call.raw.start_byte) if path else None


def _of_named(module: Module, function: Function, depth: int) -> frozenset[Event]:
    key = f"browser.events.{function.raw.start_byte}.{depth}"
    return module.once(key, lambda: frozenset(_of_uses(module, function, depth)))


def _of_uses(module: Module, function: Function, depth: int) -> Iterator[Event]:
    sites = call_sites(module, function) if depth < _DEEPEST else iter(())
    if sites is None:
        return  # who is called from all over tells of no event
    for call in module.calls({"addListener"}):
        event = _event(module, call) if call.args else None
        if event is not None and definition(module, call.args[0]) is function:
            yield event
    for where, call in sites:
        if where is module and callee(module, call) is not function:
            continue  # another of the same name
        yield from _events_of(where, call, depth + 1)
