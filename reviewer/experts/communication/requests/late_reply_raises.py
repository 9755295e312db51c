"""COM480: a reply that comes after its deadline finds a future that is over, and the error ends who reads replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.syntax import Assign, Call, Expr, Function, Index, Member, Name, With, strip
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import keeps_promise
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_SETTLES: Final = ("set_result", "set_exception")
_LIMITS: Final = frozenset({"wait_for", "timeout", "timeout_at", "move_on_after", "fail_after", "wait"})
_TAKES: Final = frozenset({"pop", "get"})


@module_check("COM480", words={"future", "futures", "create_future"})
def late_reply_raises(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each future that is kept in a table and waited for with a limit, where its reply comes in."""
    if module.is_test or module.language != "python":
        return
    for table in tables(module):
        if table.kind != "map":
            continue
        entry = next((one for one in table.of("write") if keeps_promise(module, one)), None)
        asking = entry.function if entry is not None else None
        if entry is None or asking is None or not _is_limited(asking) or _takes_out(table, asking):
            continue
        for call in module.calls(_SETTLES):
            function = function_of(call)
            taken = _taken(module, call, table) if function is not None and function is not asking else None
            if taken is None or function is None:
                continue
            if not _asked_first(function, call) and not _caught(call):
                yield Match(
                    taken,
                    f"When the time of '{asking.name}' is up its future is cancelled and stays in '{table.name}': "
                    f"'{short(module.text_of(call.callee))}' then raises InvalidStateError, and ends whoever reads.",
                    related=((call, "settled here"), (entry.node, "kept here")),
                )
                break


def _is_limited(asking: Function) -> bool:
    """Tell whether a function waits for what it keeps with a limit of time."""
    return any(call.name in _LIMITS for call in calls_in(asking.body))


def _takes_out(table: Table, asking: Function) -> bool:
    """Tell whether the function that asks takes its entry out again, itself or by a function that it hands over."""
    return any(inside(one.node, asking) for one in table.of("delete", "clear"))


def _taken(module: Module, call: Call, table: Table) -> Expr | None:
    """Return where a future is taken out of a table: ``waiting.pop(ref).set_result(…)``, or by way of a name."""
    held = strip(call.receiver) if call.receiver is not None else None
    if isinstance(held, Name):
        made = [one for one in module.scopes.lookup(held.id, held) if isinstance(one, Assign)]
        held = strip(made[0].value) if len(made) == 1 and made[0].value is not None else None
    if held is None or not _is_taken(held):
        return None
    return held if any(inside(one.node, held) for one in table.of("read", "delete")) else None


def _is_taken(held: Expr) -> bool:
    return isinstance(held, Index) or (isinstance(held, Call) and held.name in _TAKES)


def _asked_first(function: Function, call: Call) -> bool:
    """Tell whether somebody asks before whether the future is over."""
    return any(
        isinstance(one.callee, Member) and one.name in ("done", "cancelled") and one.start < call.start
        for one in find(function.body, Call)
    )


def _caught(call: Call) -> bool:
    """Tell whether the error of a future that is over is caught on the spot, with ``suppress`` or ``except``."""
    return guarding_try(call) is not None or any(isinstance(around, With) for around in ancestors(call))
