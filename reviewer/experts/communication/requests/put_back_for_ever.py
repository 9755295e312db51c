"""COM445: what failed is put back into the line that it was taken from, as often as it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, enclosing_loop
from reviewer.code.syntax import Assign, Await, Call, Function, Handler, If, Index, Member, Name, Spread, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import For, While
    from reviewer.experts.check import Inquiry

_TAKES: Final = frozenset("shift pop popleft get get_nowait dequeue take poll".split())
_PUTS: Final = frozenset("push append put put_nowait unshift appendleft enqueue offer requeue add insert".split())
_COUNTS: Final = frozenset(
    "attempt attempts retries retry tries tried try left remaining budget deadline until ttl expires age count counts "
    "failures times delivery deliveries".split()
)
"""Words of what says how often something was tried, or how long it may be."""


@module_check("COM445", words={"shift", "pop", "popleft", "dequeue", "take", "poll", "put", "enqueue", "requeue"})
def put_back_for_ever(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each handler in a loop over a line for what it puts back, and whether anybody counts."""
    if module.is_test:
        return
    for guard in module.all(Try):
        loop = enclosing_loop(guard)
        taken = _taken(module, loop, guard) if loop is not None else {}
        for handler in guard.handlers if taken else ():
            again = _put_back(module, handler, taken)
            if again is not None and again.receiver is not None and not _counts(handler):
                line = short(module.text_of(again.receiver))
                what = ", ".join(f"'{name}'" for name in sorted(names_in(list(again.args)) & _all(taken)))
                yield Match(
                    again,
                    f"{what} goes back into '{line}' each time that it fails: what can "
                    "never be done is tried for as long as the program runs, and keeps the others waiting.",
                    fix="Count the attempts with the entry, and set it aside (and say so) after the last.",
                )
                break


def _all(taken: dict[str, set[str]]) -> set[str]:
    return {name for names in taken.values() for name in names}


def _taken(module: Module, loop: For | While, guard: Try) -> dict[str, set[str]]:
    """Return the names that each line gave in a loop: ``name, job = self.jobs.get()``."""
    found: dict[str, set[str]] = {}
    for assign in find(loop.body, Assign, into_functions=False):
        made = strip(assign.value) if assign.value is not None else None
        made = strip(made.object) if isinstance(made, Index) else made  # ``name, job = …`` is one for each name
        made = strip(made.value) if isinstance(made, Await) else made
        if not isinstance(made, Call) or made.name not in _TAKES or made.args or made.receiver is None:
            continue
        if assign.raw.start_byte < guard.raw.end_byte and not any(inside(assign, one) for one in guard.handlers):
            found.setdefault(module.text_of(made.receiver), set()).update(names_in(assign.target))
    return found


def _put_back(module: Module, handler: Handler, taken: dict[str, set[str]]) -> Call | None:
    for call in calls_in(handler.body, into_functions=False):
        held = taken.get(module.text_of(call.receiver)) if call.receiver is not None else None
        if held is None or call.name not in _PUTS or not names_in(list(call.args)) & held:
            continue
        if any(isinstance(part, Call) for arg in call.args for part in find(arg, Call)):
            continue  # what goes back is another one, made of the first
        if not any(inside(one.test, handler) for one in conditions(call)):
            return call
    return None


def _counts(handler: Handler) -> bool:
    """Tell whether a function asks or writes down how often something was tried."""
    function: Function | None = function_of(handler)
    said = {one.name for one in find(handler.body, Member) if not _only_written(handler, one)}
    said |= {name.id for name in find(handler.body, Name)}
    tests = [one.test for one in find(function.body, If)] if function is not None else []
    said |= {part.name for test in tests for part in find(test, Member)}
    return any(_COUNTS & set(words(name)) for name in said) or any(True for _ in find(handler.body, Spread))


def _only_written(handler: Handler, member: Member) -> bool:
    """Tell whether a count of an entry goes up and nothing of the file ever reads it: ``job.attempts += 1``."""
    function = function_of(handler)
    if function is None or not isinstance(member.parent, Assign) or member.parent.target is not member:
        return False
    same = [one for one in function.module.all(Member) if one.name == member.name]
    return all(isinstance(one.parent, Assign) and one.parent.target is one for one in same)
