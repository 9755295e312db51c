"""Lists of whose members a file asks whether somebody may: ``can(unit, Task.CRANE)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Call, Member, Name, strip
from reviewer.experts.security.deciding.decisions import hands_on_a_decision, is_check, throws_refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module


def checked_lists(module: Module) -> Iterator[str]:
    """Yield the names of what has members that are told to a check, in source order."""
    for part in module.all(Member):
        call, holder = part.parent, strip(part.object)
        if not isinstance(call, Call) or part is call.callee or not isinstance(holder, Name):
            continue
        target = callee(module, call)
        by = target is not None and (hands_on_a_decision(target) or throws_refusal(target))
        if holder.id[:1].isupper() and (by or is_check(module, call)):
            yield holder.id
