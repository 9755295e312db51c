"""LIF163: the first item that can't be worked on ends the loop that works off a line, and nothing begins it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try, use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Function, Literal, Member, Name, Unary, While, strip
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TAKES: Final = frozenset({"shift", "pop", "dequeue", "take"})
_HEARS: Final = frozenset({"catch", "then", "finally"})


@module_check("LIF163", words={"while"})
def line_ends_on_item(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that waits when its line is empty for what it does with the items without catching."""
    if module.is_test or module.language == "python":
        return
    for loop in module.all(While):
        function = function_of(loop)
        if function is None or not function.asynchronous or not _goes_on(loop) or guarding_try(loop) is not None:
            continue
        worked = _worked_on(loop) if _waits(loop) else None
        begun = _begun(module, function) if worked is not None else None
        if worked is not None and begun is not None and not _catches(module, worked):
            yield Match(
                worked,
                f"When '{short(module.text_of(worked))}' fails for one item, the loop of '{function.name}' ends: "
                "nobody works on those that come after it, and nobody is told.",
                related=((begun, "begun here, and nobody hears of its end"),),
            )


def _goes_on(loop: While) -> bool:
    """Tell whether a loop goes on until somebody says stop: ``while (true)``, ``while (!this.over)``."""
    if isinstance(loop.test, Literal):
        return bool(loop.test.value)
    test = strip(loop.test)
    if isinstance(test, Member) and is_this_member(test):
        return True  # while (this.open)
    return isinstance(test, Unary) and test.op == "not" and isinstance(strip(test.operand), Name | Member)


def _waits(loop: While) -> bool:
    """Tell whether a loop waits for somebody to wake it: ``await new Promise((resolve) => (this.wake = resolve))``."""
    return any(
        isinstance(made := strip(one.value), Call)
        and made.new
        and made.name == "Promise"
        and any(isinstance(put.target, Member | Name) for put in find(made.args, Assign))
        for one in find(loop.body, Await, into_functions=False)
    )


def _worked_on(loop: While) -> Call | None:
    """Return the awaited call that is handed an item of the line, where nothing around it catches."""
    items: set[str] = set()
    for taken in find(loop.body, Assign, into_functions=False):
        made = strip(taken.value) if taken.value is not None else None
        if isinstance(made, Call) and made.name in _TAKES and not made.args:
            items |= names_in(taken.target)
    for call in calls_in(loop.body, into_functions=False):
        told = {name for arg in call.args for name in names_in(arg)}
        if isinstance(call.parent, Await) and (told | names_in(call.callee)) & items:
            if call.name in _HEARS or guarding_try(call) is not None:
                return None
            return call
    return None


def _begun(module: Module, function: Function) -> Call | None:
    """Return where a loop is begun without anybody hearing how it ends."""
    for call in module.calls((function.name,)) if function.name else ():
        if definition(module, call.callee) is not function:
            continue
        use = use_of(call)
        maker = function_of(call)
        each = maker.parent if use.how == "returned" and maker is not None else None
        if isinstance(each, Call) and each.name in ("from", "map"):
            use = use_of(each)  # one loop for each hand: Array.from({ length }, () => this.hand())
        if use.awaited or use.how not in ("dropped", "assigned"):
            return None
        kept = module.text_of(use.by.target) if isinstance(use.by, Assign) else ""
        heard = [one.receiver for one in module.calls(("catch", "then")) if one.receiver is not None]
        if kept and any(module.text_of(one) == kept for one in heard):
            return None
        return call
    return None


def _catches(module: Module, call: Call) -> bool:
    """Tell whether what an item is given to is a function of the subject that catches all, or can't be followed."""
    target = definition(module, call.callee)
    if not isinstance(target, Function):
        return False
    return all(guarding_try(one) is not None for one in calls_in(target.body, into_functions=False))
