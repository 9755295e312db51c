"""REG061: what is written under a lock was read before it was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Function, Name, Node, With, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

LOCKS: Final = word_set(
    "lock locked locks locking mutex exclusive exclusively semaphore flock filelock rlock serially critical guard"
)
"""Words of what lets one in at a time."""
_READS: Final = word_set("read reads load loads parse fetch get open snapshot current")
"""First words of what reads the state."""
WRITES: Final = word_set("write save store persist dump put flush commit replace")
"""First words of what writes it back."""


@module_check("REG061", words=LOCKS)
def changed_outside_lock(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each stretch under a lock for something that is written there and was read before."""
    if module.is_test:
        return
    for start, body, function in locked_stretches(module):
        for write in calls_in(body):
            if words(write.name)[:1] and words(write.name)[0] in WRITES and write.args:
                read = _read_before(write, start, function)
                if read is not None:
                    yield Match(
                        read,
                        f"'{module.text_of(read)[:60]}' reads the state before the lock is taken, and line "
                        f"{write.line} writes it back under the lock: of two changes at the same time one is lost.",
                        related=((write, "written back here"),),
                    )
                    break


def locked_stretches(module: Module) -> Iterator[tuple[Node, list[Node], Function]]:
    """Yield (where it begins, what runs under the lock, the function around) for each lock that is held for a while."""
    for held in module.all(With):
        function = function_of(held)
        if function is not None and any(_is_lock(module, value) for value, _target in held.items):
            yield held, list(held.body), function
    for call in module.all(Call):
        function = function_of(call)
        work = strip(call.args[-1]) if call.args else None
        if function is None or not isinstance(work, Function) or not set(words(call.name)) & (LOCKS | {"run"}):
            continue
        if path_words(call.callee) & LOCKS:
            yield call, [work], function
    yield from _behind_the_last(module)


def _is_lock(module: Module, value: Expr) -> bool:
    """Tell whether a block holds a lock, by what it is called or what it was made as: ``turn = asyncio.Lock()``."""
    return bool((path_words(value) | set(words(module.resolve(value)))) & LOCKS)


def _behind_the_last(module: Module) -> Iterator[tuple[Node, list[Node], Function]]:
    """Yield what runs when all that came before is through: ``job = this.tail.then(work); this.tail = job``."""
    for call in module.calls(("then",)):
        line, function = call.receiver, function_of(call)
        work = strip(call.args[0]) if call.args else None
        if line is None or function is None or not isinstance(work, Function) or not is_this_member(strip(line)):
            continue
        if any(is_this_member(one.target) and last_name(one.target) == last_name(line) for one in _set_in(function)):
            yield call, [work], function


def _set_in(function: Function) -> Iterator[Assign]:
    yield from find(function.body, Assign, into_functions=False)


def _read_before(write: Call, start: Node, function: Function) -> Node | None:
    """Return the read, before the lock, of what is written; None where it is read again under it."""
    given = {name for argument in write.args for name in names_in(argument)}
    made = [one for one in find(function.body, Assign) if isinstance(one.target, Name) and one.target.id in given]
    if any(inside(one, start) or one.start > start.start for one in made):
        return None
    for assign in made:
        read = strip(assign.value) if assign.value is not None else None
        name = assign.target.id if isinstance(assign.target, Name) else ""
        if isinstance(read, Call) and _is_read(function.module, read) and _changed(function, assign, write, name):
            return assign
    return None


def _is_read(module: Module, call: Call) -> bool:
    if set(words(call.name)) & {"config", "settings", "schema", "template"}:
        return False
    if set(words(call.name)[:1]) & _READS:
        return True
    own = definition(module, call.callee) if is_this_member(strip(call.callee)) and not call.args else None
    return isinstance(own, Function) and any(
        inner.name in ("read_text", "read_bytes", "loads", "load") for inner in calls_in(own.body)
    )


def _changed(function: Function, read: Assign, write: Call, name: str) -> bool:
    """Tell whether what was read is changed on its way to the write."""
    for node in find(function.body, Assign):
        if read.start < node.start < write.start and not isinstance(node.target, Name) and _is_of(node.target, name):
            return True
    for call in calls_in(function.body):
        if not read.stop <= call.start < write.start or inside(write, call):
            continue
        handed = [*call.args, *call.keywords.values()]
        if any(_is_of(argument, name) for argument in handed) or (
            call.receiver is not None and _is_of(call.receiver, name)
        ):
            return not set(words(call.name)) & {"log", "info", "debug", "warn", "print"}
    return False


def _is_of(expr: Expr, name: str) -> bool:
    return name in names_in(expr)
