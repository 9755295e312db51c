"""LIF106: a caller whose time is over stays in the line, and gets what it no longer waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Function, Name, Object, strip
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_TAKES: Final = frozenset({"shift", "pop"})


@module_check("LIF106", words={"timeout"})
def waiter_stays_in_line(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each line of waiting callers for what a timer does that gives one of them up."""
    if module.is_test or module.language == "python":
        return
    for table in tables(module):
        if table.kind != "list" or not any(
            isinstance(one.node, Call) and one.node.name in _TAKES for one in table.of("delete")
        ):
            continue
        for entry in table.of("write"):
            timer = _gives_up(module, table, entry)
            if timer is not None:
                yield Match(
                    timer,
                    f"When the time is over the caller is told so, and stays in '{table.name.removeprefix('#')}': what "
                    "comes free next is handed to nobody, and is lost.",
                    related=((entry.node, "waits here"),),
                )


def _gives_up(module: Module, table: Table, entry: Access) -> Call | None:
    """Return the timer beside an entry that only rejects the promise whose other end was put into the line."""
    executor = entry.function
    around = executor.parent if executor is not None else None
    if executor is None or not isinstance(around, Call) or not around.new or around.name != "Promise":
        return None
    ends = [param.name for param in executor.params]
    value = strip(entry.value) if entry.value is not None else None
    given = [strip(part) for _key, part in value.entries] if isinstance(value, Object) else [value]
    if len(ends) < 2 or not any(isinstance(part, Name) and part.id == ends[0] for part in given):
        return None
    for call in calls_in(executor.body):
        work = strip(call.args[0]) if call.name == "setTimeout" and call.args else None
        if not isinstance(work, Function) or function_of(call) is not executor:
            continue
        said = {name.id for name in find(work.body, Name)}
        rejects = any(isinstance(made.callee, Name) and made.callee.id == ends[1] for made in calls_in(work.body))
        if rejects and len(work.body) == 1 and table.name not in module.text_of(work) and "this" not in said:
            return call
    return None
