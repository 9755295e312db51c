"""LIF051: an end never looks at the callers that wait in a line for their turn or their answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.syntax import Call, Function, Member, Name, Object, Param, strip
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.holding.owners import is_end, members_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_ENDS: Final = frozenset({"dismiss", "drain", "dissolve", "closeall", "stopall", "terminateall", "retire", "windup"})
_PARTIAL: Final = frozenset({"disable", "detach", "unregister", "reset", "free", "end", "finish", "sleep", "suspend"})
_TIMERS: Final = frozenset({"setTimeout", "timeout", "call_later", "wait_for"})


@module_check("LIF051", words={"resolve", "reject"})
def waiters_left_at_end(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table of waiting callers for an end of its owner that says nothing to them."""
    if module.is_test or module.language == "python":
        return
    for table in tables(module):
        entry = next((one for one in table.of("write") if _waits(module, one)), None)
        if entry is None or table.of("iterate", "clear") or _emptied(table) or _bounded(entry):
            continue
        end = _end(module, table)
        if end is not None and not any(_speaks(function, table.name) for function in with_helpers(end)):
            yield Match(
                end,
                f"'{end.name}' never looks at '{table.name.removeprefix('#')}', where callers wait: whoever waits at "
                "this moment is told nothing, and may wait for ever.",
                related=((entry.node, "waits here"),),
                confidence=Confidence.POSSIBLE,
            )


def _waits(module: Module, access: Access) -> bool:
    """Tell whether the means to settle a promise are put into a table."""
    value = strip(access.value) if access.value is not None else None
    given: list[Expr | None] = [part for _key, part in value.entries] if isinstance(value, Object) else [value]
    return any(isinstance(part, Name) and _of_executor(module, part) for part in given)


def _of_executor(module: Module, name: Name) -> bool:
    bound = module.scopes.lookup(name.id, name)
    executor = bound[0].parent if len(bound) == 1 and isinstance(bound[0], Param) else None
    around = executor.parent if isinstance(executor, Function) else None
    return isinstance(around, Call) and around.new and around.name == "Promise"


def _emptied(table: Table) -> bool:
    """Tell whether all who wait are taken out at once somewhere: ``waiting.splice(0)``."""
    return any(isinstance(one.node, Call) and one.node.name == "splice" for one in table.of("delete"))


def _bounded(entry: Access) -> bool:
    """Tell whether whoever waits gives up by a timer of its own."""
    function = entry.function
    while function is not None and not function.name and function.outer is not None:
        function = function.outer
    return function is not None and any(call.name in _TIMERS for call in calls_in(function.body))


def _end(module: Module, table: Table) -> Function | None:
    """Return the function by which the owner of a table is ended as a whole."""
    if table.owner is not None:
        offered = members_of(table.owner)
    elif table.scope is not None:
        scope = table.scope
        offered = [f for f in module.functions if f.outer is scope]
    else:
        offered = [f for f in module.functions if f.outer is None and f.owner is None]
    whole = (one for one in offered if not one.params and flat(one.name) not in _PARTIAL)
    return next((one for one in whole if is_end(one.name) or flat(one.name) in _ENDS), None)


def _speaks(function: Function, name: str) -> bool:
    return name in names_in(function.body) or any(member.name == name for member in find(function.body, Member))
