"""What lists hold that is no message which waits: names told once, parts of one answer, what a loop puts together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, guarding_try, returns_of
from reviewer.code.reach.links import callee, definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    For,
    Function,
    Literal,
    Member,
    Name,
    Spread,
    Unary,
    strip,
)
from reviewer.code.tables import kind_of
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in, walk
from reviewer.experts.communication.lengths import is_of
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access, Table

_HOLDERS: Final = frozenset("channels queues topics streams buses mailboxes inboxes outboxes buffers brokers".split())
"""Last words of a list of things that messages go through; it grows with their number."""
_ANSWERS: Final = frozenset("response result reply answer completion report transcript".split())
"""Last words of the class of one answer, which keeps the parts of it that have come."""
_PIECES: Final = frozenset({"line", "data"})
_TOGETHER: Final = ("all", "allSettled", "gather", "wait")
"""Calls that wait for all of a list of what was begun."""
_SIZES: Final = frozenset({"limit", "max", "maximum", "maxsize", "capacity", "bound", "depth"})
"""Words of a parameter that says how much may be held."""
_ORDERS: Final = frozenset({"<", ">", "<=", ">="})


def holds_no_messages(module: Module, table: Table, writes: list[Access]) -> bool:
    """Tell whether a list holds something else than messages that somebody sends."""
    said = words(table.name)
    if said[-1:] and said[-1] in _HOLDERS:
        return True
    if _is_joined(module, table) or _is_waited_for(module, table):
        return True
    owner = words(table.owner.name) if table.owner is not None else ()
    if owner[-1:] and owner[-1] in _ANSWERS:
        return True
    return bool(writes) and all(
        _once_each(access, table) or _put_together(access) or _of_one_run(access, table) for access in writes
    )


def _is_joined(module: Module, table: Table) -> bool:
    """Tell whether the parts of a list are put together to one text: ``b"".join(self.buffer)``."""
    for call in module.calls(("join",)):
        joined = strip(call.args[0]) if module.language == "python" and call.args else call.receiver
        if joined is not None and is_of(strip(joined), table):
            return True
    return False


def _is_waited_for(module: Module, table: Table) -> bool:
    """Tell whether one call collects in a variable what it has begun, and waits for all: ``Promise.all(pending)``."""
    if table.scope is None:
        return False
    for call in module.calls(_TOGETHER):
        given = (strip(one.value if isinstance(one, Spread) else one) for one in call.args)
        if any(is_of(one, table) for one in given if one is not None):
            return True
    return False


def _once_each(access: Access, table: Table) -> bool:
    """Tell whether a name is put in only where it is not there yet: ``if sig not in self._signals``."""
    value = strip(access.value) if access.value is not None else None
    if not isinstance(value, Name):
        return False
    for condition in conditions(access.node):
        test = strip(condition.test)
        if isinstance(test, Binary) and test.op in ("in", "not in") and is_of(strip(test.right), table):
            left = strip(test.left)
            if isinstance(left, Name) and left.id == value.id and condition.holds is (test.op == "not in"):
                return True
        if isinstance(test, Call) and test.name == "includes" and test.receiver is not None and not condition.holds:
            asked = strip(test.args[0]) if test.args else None
            if is_of(strip(test.receiver), table) and isinstance(asked, Name) and asked.id == value.id:
                return True
    return False


def _put_together(access: Access) -> bool:
    """Tell whether a loop goes through what the object holds and puts each into a list: nobody hands anything over."""
    function = access.function
    value = strip(access.value) if access.value is not None else None
    loop = next((one for one in ancestors(access.node) if isinstance(one, For | Function)), None)
    if function is None or not isinstance(loop, For) or loop.iterable is None or loop.asynchronous:
        return False
    each = names_in(loop.target) if loop.target is not None else set()
    given = {param.name for param in function.params}
    over = strip(loop.iterable)
    held = isinstance(over, Member) and not names_in(over) & given
    return isinstance(value, Name) and value.id in each and held


def _of_one_run(access: Access, table: Table) -> bool:
    """Tell whether pieces of what a stream brings are collected in a variable of the one call that opened it."""
    piece, scope = access.function, table.scope
    call = piece.parent if piece is not None and not piece.name else None
    if scope is None or not isinstance(call, Call) or call.name not in ("on", "once", "addListener"):
        return False
    event = strip(call.args[0]) if call.args else None
    if not isinstance(event, Literal) or event.value not in _PIECES:
        return False
    return not any(
        isinstance(one.value, Function | Name) and _uses(one.value, scope, table) for one in returns_of(scope)
    )


def _uses(answer: Expr, scope: Function, table: Table) -> bool:
    """Tell whether what a function gives back is a function of it that goes on using a variable."""
    inner: object = strip(answer)
    if isinstance(inner, Name):
        inner = next((one for one in find(scope.body, Function) if one.name == getattr(answer, "id", "")), None)
    return isinstance(inner, Function) and any(is_of(node, table) for node in walk(inner))


def counted_beside(module: Module, puts: Iterable[Call]) -> bool:
    """Tell whether the function that puts in counts, and the count is held against a limit: ``if (++held > most)``."""
    counts: set[str] = set()
    for put in puts:
        function = function_of(put)
        for node in walk(function.body, into_functions=False) if function is not None else ():
            if isinstance(node, Unary) and node.op == "++":
                counts.add(module.text_of(node.operand))
            elif isinstance(node, Assign) and node.op == "+=":
                counts.add(module.text_of(node.target))
    if not counts:
        return False
    for test in module.all(Binary):
        if test.op in _ORDERS:
            for one, other in ((test.left, test.right), (test.right, test.left)):
                limit = strip(other)
                few = isinstance(limit, Literal) and limit.value in (0, 1)
                if not few and _count(module, one) in counts:
                    return True
    return False


def _count(module: Module, expr: Expr) -> str:
    inner = strip(expr)
    return module.text_of(inner.operand if isinstance(inner, Unary) and inner.op == "++" else inner)


def swept_on_entry(module: Module, table: Table, writes: list[Access]) -> bool:
    """Tell whether whoever puts in first takes out what is too old: the list is made anew with a condition."""
    return bool(writes) and all(
        access.function is not None and _sweeps(module, table, access.function) for access in writes
    )


def _sweeps(module: Module, table: Table, function: Function) -> bool:
    if _filters(table, function):
        return True
    for call in calls_in(function.body, into_functions=False):
        target = callee(module, call)
        if target is not None and target.module is module and target is not function and _filters(table, target):
            return True
    return False


def _filters(table: Table, function: Function) -> bool:
    """Tell whether a function puts into the place of a list those of it that it keeps."""
    for assign in find(function.body, Assign):
        made = strip(assign.value) if assign.value is not None else None
        while isinstance(made, Call) and made.name in ("list", "deque") and made.args:
            made = strip(made.args[0])
        kept = isinstance(made, Comprehension) and bool(made.tests)
        kept = kept or (isinstance(made, Call) and made.name == "filter")
        if (
            kept
            and is_of(strip(assign.target), table)
            and made is not None
            and any(is_of(one, table) for one in walk(made))
        ):
            return True
    return False


def made_elsewhere(module: Module, table: Table) -> bool:
    """Tell whether what a table holds is made by calls of others, and is no list: what is pushed there they keep."""
    values = [strip(access.value) for access in table.of("write") if access.value is not None]
    lists = any(isinstance(one, Binary | Array) or kind_of(module, one) == "list" for one in values)
    made = (one for one in values if isinstance(one, Call) and not kind_of(module, one))
    return not lists and any(definition(module, one.callee) is None for one in made)


def expects_full(put: Call) -> bool:
    """Tell whether what puts in is ready for a full queue, which one without a maximum size never is."""
    guard = guarding_try(put)
    kinds = [kind for one in guard.handlers for kind in one.types] if guard is not None else []
    return any(last_name(kind) in ("Full", "QueueFull") for kind in kinds)


def putting_callers(module: Module, put: Call) -> Iterator[Call]:
    """Yield the calls of a helper that only puts one thing in."""
    helper = function_of(put)
    if helper is not None and helper.name and len(helper.params) <= 2:
        yield from (call for call in module.calls((helper.name,)) if definition(module, call.callee) is helper)


def filled_by_itself(table: Table) -> bool:
    """Tell whether only private methods of an object put something into its list: nobody else sends to it."""
    filling = [one.function for one in table.of("write") if one.function is not None]
    return bool(filling) and all(one.name.startswith("_") and one.owner is not None for one in filling)


def told_limit_in_vain(module: Module, made: Call) -> bool:
    """Tell whether what makes a queue is told how much it may hold, and nothing ever looks at that."""
    maker = function_of(made)
    cls = maker.owner if maker is not None else None
    if maker is None or cls is None:
        return False
    for param in maker.params:
        if not set(words(param.name)) & _SIZES:
            continue
        kept = [a for a in find(maker.body, Assign) if a.value is not None and param.name in names_in(a.value)]
        uses = sum(1 for one in find(maker.body, Name) if one.id == param.name)
        fields = {a.target.name for a in kept if isinstance(a.target, Member) and isinstance(a.value, Name)}
        reads = [one for one in find(cls, Member) if one.name in fields]
        if uses == len(kept) == len(reads) == len(fields):
            return True  # kept at most, and what keeps it is never read again
    return False
