"""COM003: queues of messages in a table, one for each plugin or topic, that grow without end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, For, Function, Literal, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.lengths import in_comparison
from reviewer.experts.communication.queues.kept_otherwise import counted_beside, made_elsewhere
from reviewer.experts.communication.queues.unbounded_queue import NEWS, PUTS, is_handler, keeps_messages
from reviewer.experts.communication.sources import sources
from reviewer.experts.communication.vocabulary import EMITS, EVENTS, PUBLISHES, QUEUES
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry
    from reviewer.experts.communication.sources import Sources

_LINES: Final = frozenset({"deque", "collections.deque", "queue.Queue", "asyncio.Queue"})
"""What is made only to stand in line."""
_QUEUED: Final = frozenset("queue backlog inbox outbox mailbox undelivered spool queued".split())
"""Names that say of a list that it is one of what waits to be delivered."""
_WORKERS: Final = frozenset("processor preprocessor middleware interceptor transformer provider factory".split())
"""Names of what is there to work on messages, and is none."""
_WAITERS: Final = frozenset({"resolve", "reject", "waiter", "waiters", "deferred", "future", "promise"})
"""Names of what waits for an answer, and is no message."""


@module_check("COM003", words=QUEUES | EVENTS | {"deque"})
def unbounded_boxes(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table of queues for one whose queues have no limit."""
    if module.is_test:
        return
    known = sources(inquiry, module)
    for table in known.tables:
        line = _line(module, table)
        if table.kind != "map":
            continue
        puts = [call for call in module.calls(PUTS) if _box(known, call.receiver, table) and not _is_waiter(call)]
        named = line or keeps_messages(module, table) or any(map(_says_queue, puts))
        if not named and not _said_again(module, table, puts):
            continue
        if not puts or all(is_handler(call) for call in puts) or not any(_sends(call) for call in puts):
            continue
        if made_elsewhere(module, table) or counted_beside(module, puts):
            continue
        if not _measured(module, known, table):
            yield Match(
                line or _growing(module, table) or puts[0],
                f"What '{table.name}' keeps for each has no maximum length: whoever sends faster than the other side "
                "takes out fills the memory of the host.",
            )


def _line(module: Module, table: Table) -> Expr | None:
    """Return what makes a queue for each key that is asked for: ``defaultdict(deque)``."""
    value = getattr(table.declared, "value", None)
    made = strip(value) if isinstance(value, Expr) else None
    factory = made.args[0] if isinstance(made, Call) and made.name == "defaultdict" and made.args else None
    return made if factory is not None and module.resolve(factory) in _LINES else None


def _growing(module: Module, table: Table) -> Expr | None:
    """Return what makes a list for each key that is asked for, where a deque with a length would do."""
    value = getattr(table.declared, "value", None)
    made = strip(value) if isinstance(value, Expr) else None
    factory = made.args[0] if isinstance(made, Call) and made.name == "defaultdict" and made.args else None
    return made if factory is not None and module.resolve(factory) == "list" else None


def _box(known: Sources, expr: Expr | None, table: Table) -> bool:
    """Tell whether an expression is one of the queues of a table."""
    found = known.of(expr)
    return found is not None and found.table is table and found.looked_up and not found.copied


def _said_again(module: Module, table: Table, puts: list[Call]) -> bool:
    """Tell whether all that was put by for one is taken out later and told once more to the function that put it by."""
    putting = {function.name for put in puts if (function := function_of(put)) is not None} - {""}
    for loop in module.all(For):
        taken = module.scopes.origin(loop.iterable) if loop.iterable is not None else None
        out = isinstance(taken, Call) and taken.name in ("pop", "splice", "get") and taken.receiver is not None
        if out and isinstance(taken, Call) and last_name(taken.receiver) == table.name:
            return any(call.name in putting for call in find(loop.body, Call))
    return False


def _says_queue(put: Call) -> bool:
    """Tell whether the name that a box has in the function says that it is a queue."""
    box = strip(put.receiver) if put.receiver is not None else None
    return isinstance(box, Name) and bool(set(words(box.id)) & _QUEUED)


def _sends(put: Call) -> bool:
    """Tell whether the function that puts something in is one by which somebody sends or keeps messages."""
    function = function_of(put)
    while function is not None and not function.name:
        function = function.outer
    said = set(words(function.name)) if function is not None else set()
    if said & {"config", "init", "setup", "configure", "hook"}:
        said -= {"post", "add"}  # post_config_hook, post_init
    return bool(said & (EMITS | PUBLISHES | NEWS | {"enqueue", "put", "add", "store", "append", "record", "keep"}))


def _is_waiter(put: Call) -> bool:
    """Tell whether what is put in waits for an answer."""
    given = strip(put.args[0]) if put.args else None
    keys = given.keys if isinstance(given, Object) else [given.id] if isinstance(given, Name) else []
    return isinstance(given, Function) or any(set(words(key)) & (_WAITERS | _WORKERS) for key in keys)


def _measured(module: Module, known: Sources, table: Table) -> bool:
    """Tell whether the length of a queue is asked for, or each is made with a limit."""
    for node in module.all(Member):
        if node.name in ("length", "size", "maxlen") and in_comparison(node) and _box(known, node.object, table):
            return True
    for call in module.calls({"len", "qsize", "full", "splice", "slice"}):
        of = call.args[0] if call.receiver is None and call.args else call.receiver
        if _box(known, of, table) and (call.name != "len" or in_comparison(call)):
            return True
    for call in module.calls(PUTS):  # what a push answers is the new length
        if call.name in ("push", "unshift") and in_comparison(call) and _box(known, call.receiver, table):
            return True
    return any("maxlen" in call.keywords for call in module.calls({"deque"})) or _fixed(module)


def _fixed(module: Module) -> bool:
    """Tell whether a ring or a queue with an end is made anywhere in the file."""
    return any(
        isinstance(size, Literal) and bool(size.value)
        for call in module.calls({"Queue", "RingBuffer"})
        for size in (call.arg(0, "maxsize"),)
    )
