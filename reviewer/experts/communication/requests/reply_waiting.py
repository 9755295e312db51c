"""COM024, COM025 and COM036: requests that wait without a limit, stay behind when it has passed, or are thrown away."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, in_handler
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Delete,
    For,
    Function,
    Index,
    Member,
    Name,
    Node,
    Param,
    Throw,
    Unary,
    With,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of, inside, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import Pending, pending_in_line, pending_requests
from reviewer.experts.communication.vocabulary import spoken
from reviewer.experts.paths import last_name
from reviewer.experts.place import locate_bytes
from reviewer.experts.told_only import tells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_WORDS: Final = frozenset(
    "resolve reject promise future withresolvers resolvers deferred fut wait pending timeout".split()
)
_TIMES: Final = frozenset(
    "settimeout timeout timeouts deadline wait_for race timer timers abortsignal signal ttl expires expiry "
    "call_later fail_after move_on_after timeout_at".split()
)
_TIMERS: Final = frozenset({"timer", "timers"})
_TAKES_AWAY: Final = frozenset({"clear", "cancel", "stop", "remove", "delete"})
"""First words of a call that takes a timer away."""
_LIMITERS: Final = frozenset({"race", "wait_for", "timeout", "within", "withTimeout", "with_timeout", "limited"})
_TO_PARENT: Final = frozenset({"worker_threads.parentPort.postMessage", "process.send"})
_CLEARS: Final = frozenset({"clearTimeout", "clearInterval"})
_MOST_CALLS: Final = 40


@module_check("COM024", words=_WORDS)
def reply_without_deadline(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each request that waits in a table for something that ends the waiting."""
    if module.is_test:
        return
    for found in chain(pending_requests(inquiry, module), pending_in_line(inquiry, module)):
        if _timed(found.function) or _swept(module, found) or _limited_by_callers(inquiry, found):
            continue
        entry = found.entry.node
        wait = _wait(found.function, entry)
        yield Match(
            entry if wait is None else locate_bytes(module, entry.raw.start_byte, wait.raw.end_byte),
            f"The request waits in '{found.table.name}' until its reply comes, and nothing ends the waiting: a peer "
            "that dies or never answers leaves the caller hanging and the entry behind.",
            confidence=Confidence.POSSIBLE
            if _asks_parent(module, found.function) or _ended_with_its_task(module, found)
            else None,
        )


def _after_failure(module: Module, table: Table, node: Node) -> bool:
    """Tell whether an entry leaves only in a handler that ends with an error: where the asking has failed."""
    handler = in_handler(node)
    if handler is None or not any(True for _ in find(handler.body, Throw, into_functions=False)):
        return False
    return not any(_takes_from(one, table) for one in module.some(Delete, Unary, Call) if in_handler(one) is None)


def _kept_by_name(module: Module, key: Expr | None) -> bool:
    """Tell whether a key is what the caller names: there is one entry for each thing, however often it is asked for."""
    name = strip(key) if key is not None else None
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    return (
        len(bound) == 1 and isinstance(bound[0], Param) and not set(words(bound[0].name)) & {"request", "call", "token"}
    )


def _asks_parent(module: Module, function: Function) -> bool:
    """Tell whether a worker or a child process asks whoever made it, with whom it ends."""
    sent = [module.resolve(call.callee) for call in calls_in(function.body) if call.name in ("postMessage", "send")]
    return bool(sent) and all(name in _TO_PARENT for name in sent)


def _ended_with_its_task(module: Module, found: Pending) -> bool:
    """Tell whether those that wait for one task, peer or plugin are told when that ends: ``if held.task === task``."""
    for access in found.table.of("iterate"):
        function = access.function
        given = {param.name for param in function.params} if function is not None else set()
        tests = find(function.body, Binary) if function is not None and given else ()
        named = any(
            test.op in ("==", "!=") and not is_nothing(test.right) and names_in([test.left, test.right]) & given
            for test in tests
        )
        if named and function is not None and spoken(function.body) & (found.ends.reject | {"cancel"}):
            return True
    return False


@module_check("COM025", words=_WORDS)
def pending_kept(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each request that stops waiting after a time for whether it leaves its table then."""
    if module.is_test:
        return
    for found in pending_requests(inquiry, module):
        removed = [a.node for a in found.table.accesses if a.how in ("delete", "clear")] or _replaced(
            module, found.table
        )
        if not removed and not _kept_by_name(module, found.entry.key):
            yield Match(
                found.entry.node,
                f"Requests are entered in '{found.table.name}' and never taken out: it grows by one with each request.",
            )
        elif removed and all(_after_failure(module, found.table, node) for node in removed):
            yield Match(
                found.entry.node,
                f"An answered request stays in '{found.table.name}': it is taken out only where the asking fails, so "
                "the table grows by one with each answer.",
            )
        elif _timed(found.function) and not removes(found) and not _swept(module, found):
            yield Match(
                _runs_out(found.function) or found.entry.node,
                f"A request whose time runs out stays in '{found.table.name}': only a reply takes it out, and that one "
                "never came.",
            )


def _runs_out(function: Function) -> Call | None:
    """Return the timer whose end leaves the request where it is."""
    timers = (call for call in find(function.body, Call) if call.name in ("setTimeout", "call_later") and call.args)
    return next((call for call in timers if any(isinstance(strip(one), Function) for one in call.args)), None)


@module_check("COM036", words=_WORDS)
def waiting_dropped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each place that empties a table of waiting requests for whether those who wait are told."""
    if module.is_test:
        return
    for found in pending_requests(inquiry, module):
        cleared = [(access.node, access.function) for access in (*found.table.of("clear"), *_one_by_one(found.table))]
        for node, function in (*cleared, *_made_anew(module, found.table)):
            if function is None or (
                any(a.function is function for a in found.table.of("iterate"))
                and not _only_clears(function, found.table)
            ):
                continue
            yield Match(
                node,
                f"The requests that wait in '{found.table.name}' are thrown away, and nobody tells those who wait: "
                "their promises are neither fulfilled nor rejected, and they wait for ever.",
            )


def _one_by_one(table: Table) -> Iterator[Access]:
    """Yield where all that waits is taken out one after the other: ``for (const id of Object.keys(open)) delete …``."""
    rounds = [access for access in table.of("iterate") if isinstance(access.function, Function)]
    for access in table.of("delete"):
        loop = enclosing_loop(access.node)
        if isinstance(loop, For) and any(inside(one.node, loop) or one.node is loop for one in rounds):
            yield access


def _only_clears(function: Function, table: Table) -> bool:
    """Tell whether a function goes through those who wait to take away their timers, and tells nobody."""
    loops = [enclosing_loop(one.node) or one.node for one in table.of("iterate") if one.function is function]
    whole = not loops or not all(isinstance(one, For) and function_of(one) is function for one in loops)
    gone_through = calls_in(function.body) if whole else (call for one in loops for call in calls_in(one))
    called = {call.name for call in gone_through if not tells(call)}
    called -= {"Number", "String"}
    return bool(called & _CLEARS) and called <= _CLEARS | {"values", "keys", "entries", "clear", "delete"}


def _made_anew(module: Module, table: Table) -> Iterator[tuple[Node, Function | None]]:
    """Yield where an empty table takes the place of the one that is in use, which nobody has kept before."""
    for node in module.all(Assign):
        function = function_of(node)
        if node is table.declared or function is None or not _names(node.target, table):
            continue
        others = [n for n in walk(function.body) if _names(n, table) and n is not node.target]
        if function.kind != "constructor" and function.name != "__init__" and not others:
            yield node, function


def _wait(function: Function, entry: Node) -> Node | None:
    """Return where a function waits for the reply after it has entered the request."""
    begin = entry.raw.start_byte
    waits = find(function.body, Await, into_functions=False)
    return next((w for w in waits if w.raw.start_byte > begin and isinstance(strip(w.value), Name)), None)


def _timed(function: Function) -> bool:
    """Tell whether the function that asks bounds the waiting itself."""
    times = _TIMES - {"signal"} if function.module.language == "python" else _TIMES  # a signal of Python aborts nothing
    timing = [words(call.name) for call in calls_in(function.body) if set(words(call.name)) & _TIMERS]
    if not any(said[0] not in _TAKES_AWAY for said in timing):
        times = times - _TIMERS  # what only takes a timer away sets none
    if spoken(function.body) & times or any(call.name in _LIMITERS for call in calls_in(function.body)):
        return True
    if any(call.name in ("wait", "result") and (call.args or call.keywords) for call in calls_in(function.body)):
        return True  # future.result(seconds)
    return any(
        isinstance(node, With) and any(spoken(value) & _TIMES for value, _target in node.items)
        for node in walk(function.body)
    )


def _swept(module: Module, found: Pending) -> bool:
    """Tell whether something goes through the table now and then and ends what is too old."""
    for access in found.table.of("iterate"):
        function = access.function
        if function is not None and spoken(function.body) & {
            "now",
            "expires",
            "ttl",
            "deadline",
            "expiry",
            "monotonic",
        }:
            return True
    return False


def _limited_by_callers(inquiry: Inquiry, found: Pending) -> bool:
    """Tell whether a caller in the subject bounds the waiting."""
    name, count = found.function.name, 0
    for module in inquiry.project.modules(naming={name}):
        for call in module.calls((name,)):
            count += 1
            around = call.parent
            if count > _MOST_CALLS or (isinstance(around, Call) and around.name in _LIMITERS):
                return True
            caller = function_of(call)
            if caller is not None and caller is not found.function and spoken(caller.body) & _TIMES:
                return True
    return False


def removes(found: Pending) -> bool:
    """Tell whether the asking function itself, or one that it calls, takes the entry out."""
    owners = {id(found.function)}
    if any(_takes_from(node, found.table) for node in walk(found.function.body)):
        return True
    called = {call.name for call in calls_in(found.function.body)}
    for access in found.table.accesses:
        if access.how not in ("delete", "clear"):
            continue
        function = access.function
        while function is not None:
            if id(function) in owners or (function.name and function.name in called):
                return True
            function = function.outer
    return False


def _takes_from(node: Node, table: Table) -> bool:
    """Tell whether an entry is taken out of a table that goes by its name: ``delete me.processing[id]``."""
    if isinstance(node, Delete | Unary):
        targets = node.targets if isinstance(node, Delete) else [node.operand] if node.op == "delete" else []
        return any(isinstance(one, Index) and last_name(one.object) == table.name for one in map(strip, targets))
    taking = isinstance(node, Call) and node.name in ("delete", "pop") and node.receiver is not None
    return taking and isinstance(node, Call) and last_name(node.receiver) == table.name


def _replaced(module: Module, table: Table) -> list[Node]:
    """Return the places where a table is emptied by putting a new one in its place, or handed to somebody."""
    found: list[Node] = []
    for node in module.all_nodes:
        anew = isinstance(node, Assign) and node is not table.declared and _names(node.target, table)
        handed = isinstance(node, Call) and any(_names(strip(argument), table) for argument in node.args)
        if anew or handed:
            found.append(node)
    return found


def _names(node: Node | None, table: Table) -> bool:
    if isinstance(node, Member) and isinstance(node.object, Name) and node.object.id == "this":
        return node.name == table.name and class_of(node) is table.owner
    return isinstance(node, Name) and node.id == table.name and table.owner is None
