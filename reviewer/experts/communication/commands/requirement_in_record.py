"""COM021: what is run was kept with who may run it, and nobody reads that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Member, Name, strip
from reviewer.code.walk import calls_in, find, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.executing import command_executions, waited
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.unread_requirement import NEEDS, unread_requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry
    from reviewer.experts.communication.invocations import Invocation


@module_check("COM021", words=NEEDS)
def requirement_in_record(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each member of a record that is looked up and run for another that says who may run it."""
    if module.is_test:
        return
    known = {id(one.call) for one in command_executions(inquiry, module) if one.asked}
    for found in invocations(inquiry, module):
        if found.loop is not None or not found.source.looked_up or id(found.call) in known:
            continue
        if found.function is None or _handed_on(found):
            continue
        need = unread_requirement(inquiry, module, found.source.table)
        if need is not None:
            yield Match(
                waited(found.call),
                f"What is run here is kept in '{found.source.name}' together with '{need}', which nobody reads: "
                "whoever names it may run it.",
            )
            return


def _holder(found: Invocation) -> Expr | None:
    """Return the record of which a member is run: ``step`` of ``step.run()``, and of ``const { run } = step``."""
    callee = strip(found.call.callee)
    home = found.function.module if found.function is not None else None
    bound = home.scopes.lookup(callee.id, callee) if home is not None and isinstance(callee, Name) else []
    taken = next((one.value for one in bound if isinstance(one, Assign)), None)
    made = strip(taken) if taken is not None else callee
    return strip(made.object) if isinstance(made, Member) else None


def _handed_on(found: Invocation) -> bool:
    """Tell whether the record as a whole goes to another function, which may ask: ``this.gate.check(step, person)``."""
    holder = _holder(found)
    if not isinstance(holder, Name) or found.function is None:
        return False
    return any(
        isinstance(one := strip(arg), Name) and one.id == holder.id
        for call in calls_in(found.function.body)
        if not inside(call, found.call)
        for given in (*call.args, *call.keywords.values())
        for arg in (given, *find(given, Name))
        if not isinstance(arg.parent, Member)
    )
