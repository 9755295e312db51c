"""COM035: one who waits for a promise or a future is told of a success alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, guarding_try
from reviewer.code.syntax import Assign, Await, Call, Function, Member, Name, Node, Statement, Try, strip
from reviewer.code.walk import ancestors, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import keeps_promise
from reviewer.experts.communication.requests.answering import only_noted
from reviewer.experts.communication.sources import Sources, sources
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SUCCEEDS: Final = frozenset({"resolve", "set_result"})
_ENDS: Final = frozenset({"resolve", "reject", "set_result", "set_exception", "cancel", "fail", "abort", "destroy"})
"""Members that end the waiting of one who waits."""
_TAKES: Final = frozenset({"get", "get_nowait", "popleft", "pop", "shift", "dequeue", "take"})
"""Calls that take the next job out of a line."""


@module_check("COM035", words={"resolve", "fut", "future", "futures", "result"})
def waiting_not_told(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each place that fulfils a promise which somebody waits for, for what it does when the work fails."""
    if module.is_test:
        return
    known = sources(inquiry, module)
    seen: set[int] = set()
    for call in module.calls(_SUCCEEDS):
        function = function_of(call)
        if function is None or id(function) in seen:
            continue
        place = _kept_in(module, known, call) or _taken_from(module, call)
        work = _work(module, call) if place else None
        if work is None:
            continue
        seen.add(id(function))
        guard = guarding_try(work)
        done = module.text_of(strip(work.value))
        if guard is None:
            if not _ends(function.body, call) and not _ends_elsewhere(module, function):
                yield Match(
                    work,
                    f"When '{short(done)}' fails, the one who waits in '{place}' is never told: '{call.name}' "
                    "below is not reached, and nothing else ends the waiting.",
                    related=((call, "not reached then"),),
                )
        elif (mute := _mute(guard, call)) is not None:
            yield Match(
                mute,
                f"When '{short(done)}' fails, the error is only dealt with here: the one who waits in '{place}' "
                "is never told.",
                related=((call, "what ends the waiting otherwise"),),
            )


def _kept_in(module: Module, known: Sources, call: Call) -> str:
    """Return the name of the table of those who wait that a ``resolve`` was taken out of, or an empty string."""
    source = known.of(call.receiver if call.receiver is not None else call.callee)
    table = source.table if source is not None else None
    if table is None:
        return ""
    kept = any(entry.value is not None and keeps_promise(module, entry) for entry in table.of("write"))
    return table.name if kept else ""


def _taken_from(module: Module, call: Call) -> str:
    """Return the name of the line that a job was taken from, with the promise of who gave it in: ``job.done``."""
    ends = strip(call.receiver) if call.name == "set_result" and call.receiver is not None else strip(call.callee)
    job = strip(ends.object) if isinstance(ends, Member) else None
    bound = module.scopes.lookup(job.id, job) if isinstance(job, Name) and job.id != "this" else []
    made = strip(bound[0].value) if len(bound) == 1 and isinstance(bound[0], Assign) and bound[0].value else None
    taken = isinstance(made, Call) and made.name in _TAKES and enclosing_loop(made) is not None
    return last_name(made.receiver) if isinstance(made, Call) and taken else ""


def _work(module: Module, call: Call) -> Await | None:
    """Return the awaited work whose result is handed to the one who waits."""
    given = call.args[0] if call.args else None
    if isinstance(given, Await):
        return given
    if not isinstance(given, Name):
        return None
    bound = [one for one in module.scopes.lookup(given.id, given) if isinstance(one, Assign)]
    made = bound[0].value if len(bound) == 1 else None
    same = made is not None and function_of(made) is function_of(call)
    return made if same and isinstance(made, Await) and isinstance(strip(made.value), Call) else None


def _ends(nodes: list[Statement], but: Call) -> bool:
    """Tell whether something else in these nodes ends the waiting, or is handed what does: ``.catch(job.reject)``."""
    for node in walk(nodes):
        if isinstance(node, Call):
            if node.name in _ENDS and node is not but:
                return True
        elif last_name(node) in ("reject", "set_exception") and not _is_target(node):
            return True
    return False


def _is_target(node: Node) -> bool:
    """Tell whether a name only stands where a destructuring takes a value from or puts it."""
    around = node.parent
    return isinstance(around, Assign) and (around.target is node or around.value is node)


def _ends_elsewhere(module: Module, function: Function) -> bool:
    """Tell whether a caller catches what the function throws: it may end the waiting there."""
    for call in module.calls((function.name,)) if function.name else ():
        if guarding_try(call) is not None:
            return True
        if any(isinstance(around, Call) and around.name in ("catch", "then") for around in ancestors(call)):
            return True
    return False


def _mute(guard: Try, call: Call) -> Node | None:
    """Return the handler that neither ends the waiting nor throws on, where nothing behind the ``try`` does."""
    if _ends(guard.final, call):
        return None
    function = function_of(guard)
    for handler in guard.handlers:
        if not only_noted(handler.body):
            continue
        later = find(function.body, Call) if function is not None else iter(())
        if not any(one.raw.start_byte > guard.raw.end_byte and one.name in _ENDS and one is not call for one in later):
            return handler
    return None
