"""Requests that wait in a table for their reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Function, Literal, Member, Name, Node, Object, strip
from reviewer.code.tables import nested_tables
from reviewer.code.walk import ancestors, calls_in, walk
from reviewer.experts.communication.emissions import named_function
from reviewer.experts.communication.sources import sources
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_LATER: Final = frozenset({"setTimeout", "call_later", "Timer"})
_FUTURES: Final = frozenset({"create_future", "Future", "withResolvers", "Deferred", "defer", "createDeferred"})
_RUNS: Final = frozenset(
    "ensure_future create_task submit run_in_executor start_soon create_subprocess_exec create_subprocess_shell Popen "
    "Process Thread".split()
)
"""Calls that begin some work, and give what tells of its end."""
_SENDS: Final = frozenset(
    {"write", "send", "sendall", "postMessage", "send_json", "send_text", "send_bytes", "writeln"}
)
"""Methods by which a request goes to another process, worker or machine."""


class Pending(Struct, frozen=True):
    """A table of waiting requests: ``entry`` puts one in, ``function`` is the function that asks."""

    table: Table
    entry: Access
    function: Function

    @property
    def ends(self) -> Ends:
        """By which names the promise is settled where a reply comes in."""
        return ends_of(self.entry)


def pending_requests(inquiry: Inquiry, module: Module) -> Iterator[Pending]:
    """Yield the places where a promise's ends or a future are kept under the id of a request."""
    for table in (*sources(inquiry, module).tables, *nested_tables(module)):
        if table.kind != "map":
            continue
        for entry in table.of("write"):
            function = named_function(entry.function)
            if entry.value is not None and function is not None and keeps_promise(module, entry):
                yield Pending(table, entry, function)
                break


def pending_in_line(inquiry: Inquiry, module: Module) -> Iterator[Pending]:
    """Yield the places where a function that sends a request keeps its future behind those of earlier ones."""
    for table in sources(inquiry, module).tables:
        for entry in table.of("write") if table.kind == "list" else ():
            function = named_function(entry.function)
            if function is None or not _sends(module, function):
                continue
            if keeps_promise(module, entry):
                yield Pending(table, entry, function)
                break


def _sends(module: Module, function: Function) -> bool:
    """Tell whether a function, or one that it calls, sends something."""
    for call in calls_in(function.body):
        if call.name in _SENDS:
            return True
        target = definition(module, call.callee)
        own = isinstance(target, Function) and target.module is module and target is not function
        if own and isinstance(target, Function) and any(inner.name in _SENDS for inner in calls_in(target.body)):
            return True
    return False


def keeps_promise(module: Module, entry: Access) -> bool:
    """Tell whether what is kept settles a promise: the executor's own functions, a future, a deferred.

    A function that a timer calls as well, and a thing on which the function that asks waits, are kept for the same.
    """
    value = entry.value
    if value is None:
        return False
    ends = _executor_names(entry.node)
    if isinstance(strip(value), Function) and not ends:
        return False
    for node in walk(value):
        if not isinstance(node, Name):
            continue
        if node.id in ends or _called_in_time(module, entry, node):
            return True
        if _is_task(module, node):
            continue
        if _waited_on(entry, node):
            return True
        for binding in module.scopes.lookup(node.id, node):
            made = strip(binding.value) if isinstance(binding, Assign) and binding.value is not None else None
            made = strip(made.object) if isinstance(made, Member) else made  # const { resolve } = withResolvers()
            if isinstance(made, Call) and made.name in _FUTURES:
                return True
    return isinstance(strip(value), Call) and getattr(strip(value), "name", "") in _FUTURES


def _is_task(module: Module, name: Name) -> bool:
    """Tell whether a name may stand for work that runs here, and ends by itself: ``ensure_future(handler(job))``."""
    values = (one.value for one in module.scopes.lookup(name.id, name) if isinstance(one, Assign) and one.value)
    return any(isinstance(made := strip(value), Call) and made.name in _RUNS for value in values)


class Ends(Struct, frozen=True):
    """By which names a promise that waits in a table is fulfilled and rejected, where they are called."""

    fulfil: frozenset[str]
    reject: frozenset[str]


def ends_of(entry: Access) -> Ends:
    """Return the members, or the variables, under which the ends of a promise are kept: ``{done, fail}``."""
    fulfil, reject = {"resolve", "set_result"}, {"reject", "set_exception"}
    params = _executor_params(entry.node)
    kept = [(name, name) for name in params]
    if isinstance(entry.value, Object):
        kept += [(str(key.value), last_name(value)) for key, value in entry.value.entries if isinstance(key, Literal)]
    for called, held in kept:
        if held and held in params:
            (fulfil if params.index(held) == 0 else reject).add(called)
    return Ends(frozenset(fulfil), frozenset(reject))


def executor_of(node: Node) -> Function | None:
    """Return the function that the promise around a node is made with."""
    for around in ancestors(node):
        call = around.parent if isinstance(around, Function) else None
        if isinstance(around, Function) and isinstance(call, Call) and call.new and call.name == "Promise":
            return around
    return None


def _executor_params(node: Node) -> list[str]:
    """Return what the executor of the promise around a node calls its two ends, in their order."""
    executor = executor_of(node)
    return [param.name for param in executor.params] if executor is not None else []


def _executor_names(node: Node) -> set[str]:
    """Return what the executor of the promise around a node calls its ``resolve`` and ``reject``."""
    return set(_executor_params(node)) - {""}


def _called_in_time(module: Module, entry: Access, name: Name) -> bool:
    """Tell whether a timer of the asking function calls the function that is kept, too."""
    kept = definition(module, name)
    asking = entry.function
    if not isinstance(kept, Function) or asking is None or kept.outer is not asking:
        return False
    return any(
        inner.name == name.id
        for timer in calls_in(asking.body)
        if timer.name in _LATER
        for inner in calls_in(timer.args)
    )


def _waited_on(entry: Access, name: Name) -> bool:
    """Tell whether the asking function waits on what it keeps: ``ticket.ready.wait(3)``, ``box.get(timeout=3)``."""
    calls = list(calls_in(entry.function.body)) if entry.function is not None else []
    if any(call.name == "set" and not call.args and _root(call.receiver) == name.id for call in calls):
        return False  # who asks does the work himself, and tells those who wait for the same
    for call in calls:
        waits = call.name == "wait" or (call.name == "get" and "timeout" in call.keywords)
        if waits and _root(call.receiver) == name.id and call.raw.start_byte > name.raw.start_byte:
            return True
    return False


def _root(holder: Expr | None) -> str:
    """Return the name that an access begins with: ``ticket`` of ``ticket.ready``."""
    while isinstance(holder, Member):
        holder = strip(holder.object)
    return holder.id if isinstance(holder, Name) else ""
