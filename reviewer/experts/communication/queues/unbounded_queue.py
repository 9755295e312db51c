"""COM003: a queue, backlog or history of messages that grows without end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Comprehension,
    Delete,
    Expr,
    Field,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Template,
    Unary,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.lengths import has_length, in_comparison, is_measured, is_of, made_as_line
from reviewer.experts.communication.queues.kept_otherwise import (
    counted_beside,
    expects_full,
    filled_by_itself,
    holds_no_messages,
    putting_callers,
    swept_on_entry,
    told_limit_in_vain,
)
from reviewer.experts.communication.sources import sources
from reviewer.experts.communication.vocabulary import EMITS, EVENTS, HANDLERS, PUBLISHES, QUEUES
from reviewer.experts.paths import name_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_MAKERS: Final = frozenset(
    "asyncio.Queue asyncio.PriorityQueue queue.Queue queue.PriorityQueue "
    "queue.SimpleQueue multiprocessing.Queue multiprocessing.SimpleQueue multiprocessing.JoinableQueue janus.Queue "
    "trio.open_memory_channel anyio.create_memory_object_stream asyncio.queues.Queue curio.Queue".split()
)
"""What comes out in the order of messages; a last-in-first-out queue is a pool."""
_NAMES: Final = frozenset(name.rsplit(".", 1)[-1] for name in _MAKERS)
PUTS: Final = frozenset({"push", "append", "unshift", "appendleft"})
"""Methods that put something into a list."""
_ASKS: Final = ("qsize", "full")
_TRIMS: Final = frozenset({"splice", "slice", "shift", "pop", "popleft", "clear", "delete", "popitem"})
_AT_ONCE: Final = frozenset({"forEach", "map", "filter", "reduce", "flatMap", "some", "every", "each", "find", "sort"})
_SCHEDULES: Final = frozenset("setTimeout queueMicrotask setImmediate nextTick call_soon call_later".split())
_HANDED: Final = HANDLERS | {"fn", "func"}
_DRAINS: Final = frozenset({"shift", "popleft", "splice", "pop"})
NEWS: Final = EVENTS - {"posts"}
"""Words of messages and of what they go through; ``posts`` are what a blog has, more often than what is posted."""
_RECEIVES: Final = PUBLISHES | NEWS | frozenset("on receive received incoming".split())
"""Words of a function by which something comes in that others send."""
_PUT: Final = ("put", "put_nowait", "send", "send_nowait", "put_soon")
_FAILURES: Final = frozenset("exc exception exceptions error errors failure failures".split())
"""Words of a queue that holds what went wrong: as many as there are workers."""
_PEERS: Final = frozenset({"fn", "deliver", "port", "socket", "ws", "conn", "connection", "peer", "worker"})
"""Words of a member that is, or leads to, whoever gets the messages."""


@module_check("COM003", words={"queue", *QUEUES, "deque"})
def unbounded_queue(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each queue that outlives a call for a limit."""
    if module.is_test:
        return
    for call in module.calls(_NAMES):
        made = module.resolve(call.callee) in _MAKERS and not set(_name_of(call)) & _FAILURES
        if made and not _limited(module, call) and _kept(call) and not _asked(module, call):
            yield Match(
                call,
                f"'{module.text_of(call)}' has no maximum size: whoever puts messages in faster than they are "
                "handled fills the memory of the host.",
                confidence=Confidence.POSSIBLE
                if _fills_and_empties(call) or not _of_senders(inquiry, module, call)
                else None,
            )
    for call in module.calls(("field",)):
        factory = call.keywords.get("default_factory")
        if isinstance(call.parent, Field) and factory is not None and module.resolve(factory) in _MAKERS:
            yield Match(
                factory,
                f"'{call.parent.name}' is made without a maximum size: whoever puts messages in faster than they are "
                "handled fills the memory of the host.",
            )
    yield from _in_records(module)
    if module.words & (EVENTS | QUEUES):
        for table in sources(inquiry, module).tables:
            if table.kind == "list" and keeps_messages(module, table):
                for found in _grows(module, table):
                    # A list of a plugin's own is filled by what the plugin itself asked for, as a rule.
                    unsure = inquiry.subject.kind == "plugin" or filled_by_itself(table)
                    yield replace(found, confidence=Confidence.POSSIBLE) if unsure else found


def _in_records(module: Module) -> Iterator[Match]:
    """Look at the queues that records hold, one for each listener: ``{handler, waiting: []}``."""
    empty = {
        str(key.value)
        for record in module.all(Object)
        if any(set(words(name)) & (HANDLERS | _PEERS) for name in record.keys)
        for key, value in record.entries
        if isinstance(key, Literal) and isinstance(strip(value), Array) and not getattr(strip(value), "items", [1])
    }
    for name in sorted(name for name in empty if set(words(name)) & QUEUES):
        held = [node for node in module.all(Member) if node.name == name and not is_this_member(node)]
        put = [call for call in module.calls(("push",)) if call.receiver in held]
        drained = any(call.receiver in held for call in module.calls(_DRAINS | {"splice"})) or any(
            loop.iterable in held for loop in module.all(For)
        )
        measured = any(
            isinstance(node.parent, Member) and node.parent.name == "length" and in_comparison(node.parent)
            for node in held
        )
        if put and drained and not measured and not any(_takes_at_once(call, held) for call in put):
            yield Match(
                put[0],
                f"'{name}' is emptied only as fast as its handlers work and nothing limits its length: a sender that "
                "is fast enough fills the memory.",
            )


def _takes_at_once(put: Call, held: list[Member]) -> bool:
    """Tell whether the function that puts something in takes it out again before it returns."""
    function = function_of(put)
    return function is not None and any(
        call.name in _DRAINS and call.receiver in held for call in calls_in(function.body, into_functions=False)
    )


def _limited(module: Module, call: Call) -> bool:
    if module.resolve(call.callee).endswith("SimpleQueue"):
        return False
    size = call.arg(0, "maxsize") or call.keywords.get("max_buffer_size")
    if size is None or isinstance(size, Unary):
        return False
    if isinstance(size, Member) and module.resolve(size) == "math.inf":
        return False
    return not (isinstance(size, Literal) and not size.value)


def _kept(call: Call) -> bool:
    """Tell whether the queue outlives the function that makes it: a field, a global, an entry of a table."""
    for around in ancestors(call):
        if isinstance(around, Assign):
            if isinstance(around.target, Member | Index):
                return True
            return isinstance(around.target, Name) and (function_of(around) is None or _escapes(around))
        if isinstance(around, Field):
            return True
        if isinstance(around, Call):
            return around.name in ("setdefault", "append", "defaultdict", "field", "set", "put", "subscribe")
        if isinstance(around, Function):
            lambda_of = around.parent
            if not isinstance(lambda_of, Call):
                return False
    return False


def _fills_and_empties(call: Call) -> bool:
    """Tell whether one function makes a queue, has a helper of its own fill it, and takes all out before it ends."""
    assign = call.parent
    function = function_of(call)
    name = assign.target.id if isinstance(assign, Assign) and isinstance(assign.target, Name) else ""
    if not name or function is None:
        return False
    uses = [one for one in find(function.body, Call) if isinstance(one.receiver, Name) and one.receiver.id == name]
    puts = [one for one in uses if one.name in ("put", "put_nowait")]
    takes = [one for one in uses if one.name in ("get", "get_nowait")]
    inner = [function_of(one) for one in puts]
    of_its_own = all(one is not None and one.outer is function and not one.params for one in inner)
    return bool(puts) and of_its_own and any(function_of(one) is function for one in takes)


def _escapes(assign: Assign) -> bool:
    """Tell whether a local queue is stored, returned, or used by an inner function."""
    function, target = function_of(assign), assign.target
    if function is None or not isinstance(target, Name):
        return True
    for node in walk(function.body):
        if isinstance(node, Name) and node.id == target.id and node is not target:
            if function_of(node) is not function:
                return True
            parent = node.parent
            if isinstance(parent, Assign) and parent.value is node and isinstance(parent.target, Member | Index):
                return True
            if isinstance(parent, Call) and node in parent.args and parent.name in ("append", "add", "set"):
                return True
    return False


def _name_of(made: Call) -> tuple[str, ...]:
    """Return the words of what a queue is called where it is made."""
    return next((name_words(a.target) for a in ancestors(made) if isinstance(a, Assign)), ())


def _of_senders(inquiry: Inquiry, module: Module, made: Call) -> bool:
    """Tell whether others send what is put in, by the name of the queue or of what puts in; work is put in by work."""
    if "prefetch" in module.words:
        return False  # what is taken in advance is limited where it is asked for
    name = _name_of(made)
    if not name or set(name) & NEWS or told_limit_in_vain(module, made):
        return True
    puts = [one for one in module.calls(_PUT) if name_words(one.receiver) == name]
    if any(_RECEIVES & set(_function_words(function_of(one))) or expects_full(one) for one in puts):
        return True
    if any(_RECEIVES & set(_function_words(function_of(by))) for one in puts for by in putting_callers(module, one)):
        return True
    takers = [function_of(one) for one in module.calls(("get", "get_nowait")) if name_words(one.receiver) == name]
    return any(
        found.loop is not None and found.function is taker
        for found in (invocations(inquiry, module) if takers else ())
        for taker in takers
    )


def _asked(module: Module, made: Call) -> bool:
    """Tell whether the code asks how full a queue of this name is, and does not only tell somebody."""
    name = _name_of(made)
    return any(
        name_words(call.receiver) == name and not isinstance(call.parent, Unary | Return | Object | Template)
        for call in module.calls(_ASKS)
    )


def keeps_messages(module: Module, table: Table) -> bool:
    """Tell whether the names around a table say that it keeps messages."""
    named = set(words(table.name))
    if named & HANDLERS or "cache" in named or not named & (QUEUES | NEWS):
        return False
    around = set(words(table.owner.name)) if table.owner is not None else set(words(module.path.rsplit("/", 1)[-1]))
    around |= {w for access in table.of("write") for w in (_function_words(access.function))}
    around |= {w for access in table.of("write") for w in _record_words(access.value)}
    return bool((named | around) & NEWS) or bool(around & (PUBLISHES | QUEUES))


def _record_words(value: Expr | None) -> set[str]:
    """Return the words of the members of a record that is made here: ``{"topic": …, "body": …}``."""
    made = strip(value) if value is not None else None
    return {word for key in made.keys for word in words(key)} if isinstance(made, Object) else set()


def _function_words(function: Function | None) -> tuple[str, ...]:
    while function is not None and not function.name:
        function = function.outer
    return words(function.name) if function is not None else ()


def _grows(module: Module, table: Table) -> Iterator[Match]:
    writes = [a for a in table.of("write") if isinstance(a.node, Call) and a.node.name in PUTS]
    if all(isinstance(a.node, Call) and is_handler(a.node) for a in writes) or _calls_each(module, table):
        return  # somebody registers, or puts off; no message comes in
    if not writes or has_length(table) or is_measured(module, table) or not writes[0].function:
        return
    if holds_no_messages(module, table, writes) or swept_on_entry(module, table, writes):
        return
    if counted_beside(module, (a.node for a in writes if isinstance(a.node, Call))):
        return
    if not any(
        set(_function_words(a.function))
        & (
            EMITS
            | PUBLISHES
            | NEWS
            | {"record", "log", "add", "enqueue", "put", "remember", "store", "append", "on", "handle", "receive"}
        )
        for a in writes
    ):
        return
    if any(
        a.function is b.function
        for a in writes
        for b in table.of("delete")
        if isinstance(b.node, Call) and b.node.name in _DRAINS
    ):
        return  # taken out again before the function returns
    if all(a.function is not None and _flushed_soon(module, a.function, table) for a in writes):
        return
    if _local_buffer(module, table) or all(_inside_one_call(table, a.function) for a in writes):
        return
    taken = any(isinstance(a.node, Call) and a.node.name in _DRAINS for a in table.of("delete")) or bool(
        table.of("clear")
    )
    emptied = taken or _replaced(module, table) or _is_emptied(module, table)
    first = made_as_line(table) or writes[0].node
    how = "is emptied only as fast as its handlers work" if emptied else "is never shortened"
    yield Match(
        first, f"'{table.name}' {how} and nothing limits its length: a sender that is fast enough fills the memory."
    )


def _calls_each(module: Module, table: Table) -> bool:
    """Tell whether what a list keeps are calls that were put off until they can be made: each is called once."""
    for call in module.calls(("forEach",)):
        each = strip(call.args[0]) if call.args else None
        if (
            call.receiver is not None
            and is_of(strip(call.receiver), table)
            and isinstance(each, Function)
            and each.params
        ):
            name, inner = each.params[0].name, [strip(one.callee) for one in calls_in(each.body)]
            if len(inner) == 1 and isinstance(inner[0], Name) and inner[0].id == name:
                return _is_emptied(module, table)
    return False


def _is_emptied(module: Module, table: Table) -> bool:
    """Tell whether a list is cut to nothing, ``waiting.length = 0`` or ``del waiting[:]``, or others take out of it."""
    if any(
        isinstance(target, Index) and is_of(strip(target.object), table)
        for node in module.all(Delete)
        for target in node.targets
    ):
        return True
    if table.owner is not None and _taken_by_others(module, table):
        return True
    return any(
        isinstance(assign.target, Member)
        and assign.target.name == "length"
        and is_of(strip(assign.target.object), table)
        and isinstance(assign.value, Literal)
        and assign.value.value == 0
        for assign in module.all(Assign)
    )


def _taken_by_others(module: Module, table: Table) -> bool:
    """Tell whether another class of the file takes out of a list: ``while mock.pending: yield mock.pending.pop(0)``."""
    takes = (strip(call.receiver) for call in module.calls(_DRAINS) if call.receiver is not None)
    return any(isinstance(one, Member) and one.name == table.name and not is_this_member(one) for one in takes)


def is_handler(put: Call) -> bool:
    """Tell whether what is put in is a function that was handed over to be called."""
    given = strip(put.args[0]) if len(put.args) == 1 else None
    return isinstance(given, Function) or (isinstance(given, Name) and bool(set(words(given.id)) & _HANDED))


def _flushed_soon(module: Module, function: Function, table: Table) -> bool:
    """Tell whether the function that collects also sets the time at which all of it is sent on and forgotten."""
    if not any(call.name in _SCHEDULES for call in calls_in(function)):
        return False
    for assign in module.all(Assign):
        target, value = strip(assign.target), assign.value
        if isinstance(target, Member) and target.name == "length" and is_of(strip(target.object), table):
            return isinstance(value, Literal) and not value.value
    return _replaced(module, table)


def _replaced(module: Module, table: Table) -> bool:
    """Tell whether another value takes the place of the list once it is in use."""
    scope = find(table.owner, Assign) if isinstance(table.owner, Class) else module.all(Assign)
    for node in scope:
        if is_of(node.target, table) and node is not table.declared and not node.declare:
            function = function_of(node)
            if function is not None and function.kind != "constructor":
                return True
    return False


def _inside_one_call(table: Table, function: Function | None) -> bool:
    """Tell whether a callback that writes to a variable runs while the function that holds it does."""
    if table.scope is None or function is None:
        return False
    call = function.parent
    return function is table.scope or (isinstance(call, Call) and call.name in _AT_ONCE)


def _local_buffer(module: Module, table: Table) -> bool:
    """Tell whether a variable lives in one function call only, as a buffer of lines does."""
    return (
        table.scope is not None
        and not any(isinstance(node, For | Comprehension | If | While) for node in walk(table.scope.body))
        and not module.words & EVENTS
    )
