"""COM630: handlers run while the lock of the bus is held, which what they call on the bus waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, With
from reviewer.code.walk import class_of, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.event_tables import is_event
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.vocabulary import TRIGGERS
from reviewer.experts.data.messages import short
from reviewer.experts.held_locks import holds, takes, under

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Function
    from reviewer.experts.check import Inquiry


@module_check("COM630", words=TRIGGERS)
def called_under_lock(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call of a handler for a lock that is held around it and that another door of the bus takes."""
    if module.is_test or module.language != "python" or "lock" not in module.words:
        return
    seen: set[int] = set()
    for found in invocations(inquiry, module):
        cls = class_of(found.call)
        locks = _plain_locks(module, cls) if cls is not None else set()
        function = _method(found.function, cls)
        if cls is None or not locks or function is None or id(function) in seen:
            continue
        if not is_event(found) and not found.says_handler:
            continue
        if not holds(found.call, locks) and not under(cls, function, locks):
            continue
        door = next((one for one in cls.methods if _waits_there(one, locks)), None)
        if door is None:
            continue
        seen.add(id(function))
        yield Match(
            found.call,
            f"'{short(module.text_of(found.call.callee))}' runs while the lock of '{cls.name}' is held: a handler that "
            f"calls '{door.name}' waits for the very lock that its own caller holds, and neither ever goes on.",
            related=((door, "takes the same lock"),),
        )


def _plain_locks(module: Module, cls: Class) -> set[str]:
    """Return the fields of a class that hold a lock which nobody can take twice."""
    made = {name: module.scopes.field_values(cls, name) for name in module.scopes.fields(cls)}
    return {
        name
        for name, values in made.items()
        if values and all(isinstance(value, Call) and value.name == "Lock" for value in values)
    }


def _method(function: Function | None, cls: Class | None) -> Function | None:
    """Return the method of the class that a call stands in, and no function that is only made there."""
    return function if function is not None and function.owner is cls else None


def _waits_there(method: Function, locks: set[str]) -> bool:
    """Tell whether a handler can come by a method that waits for the lock: one that others may call."""
    if method.private or method.name.startswith("_"):
        return False
    if takes(method, locks):
        return True
    return any(
        is_this_member(value) and value.name in locks
        for block in find(method.body, With, into_functions=False)
        for value, _ in block.items
    )
