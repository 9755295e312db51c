"""LIF005: tasks that ``asyncio.wait`` hands back as late are dropped, and run on beside the answer without them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop
from reviewer.code.syntax import Assign, Call, Index, Literal, Name, Node, Unary, While, strip
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from reviewer.code.module import Module

_LOGS: Final = frozenset("log logger logging audit metrics print warnings".split())
_ONLY_ASKS: Final = frozenset({"len", "bool", "print"})


@module_check("LIF005", words={"asyncio"})
def late_tasks_dropped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each wait with a limit for what becomes of the tasks that did not make it."""
    if module.is_test or module.language != "python":
        return
    for assign in module.all(Assign):
        call = _wait(module, assign)
        function = function_of(assign)
        if call is None or function is None or not isinstance(assign.target, Name):
            continue
        name = assign.target.id
        uses = [one for one in find(function.body, Name) if one.id == name and one.start > assign.start + 1]
        uses = [one for one in uses if one is not assign.target]
        if any(not _only_tells(one) for one in uses) or _ended(module, call) or _waited_for_again(call):
            continue
        yield Match(
            call,
            f"The tasks that are late come back in '{name}' and are not cancelled: they go on beside the answer that "
            "was given without them, and their errors are nobody's.",
            confidence=Confidence.LIKELY,
        )


def _wait(module: Module, assign: Assign) -> Call | None:
    """Return ``asyncio.wait(…, timeout=…)`` whose second answer an assignment takes."""
    value = strip(assign.value) if assign.value is not None else None
    if not isinstance(value, Index) or not isinstance(value.key, Literal) or value.key.value != 1:
        return None
    call = strip(value.object)
    if not isinstance(call, Call) or module.resolve(call.callee) != "asyncio.wait":
        return None
    first = call.keywords.get("return_when")
    return call if "timeout" in call.keywords or first is not None else None


def _waited_for_again(call: Call) -> bool:
    """Tell whether the next turn of a loop waits for the same tasks, less those that were done and taken out."""
    loop, many = enclosing_loop(call), strip(call.args[0]) if call.args else None
    if not isinstance(loop, While) or not isinstance(many, Name):
        return False
    made_anew = (one for one in find(loop.body, Assign) if isinstance(one.target, Name) and one.target.id == many.id)
    return not any(True for _ in made_anew)


def _only_tells(name: Name) -> bool:
    """Tell whether a use only counts the late tasks, asks whether there are any, or logs them."""
    inner: Node = name
    for around in ancestors(name):
        if isinstance(around, Call):
            if around.receiver is not None and set(last_words(around.receiver)) & _LOGS:
                return True
            if around.receiver is not None or around.name not in _ONLY_ASKS:
                return False
        elif isinstance(around, Unary):
            pass
        else:
            return getattr(around, "test", None) is inner
        inner = around
    return False


def _ended(module: Module, call: Call) -> bool:
    """Tell whether the function cancels tasks by another name: all of those it waited for."""
    function = function_of(call)
    return function is not None and any(one.name in ("cancel", "shutdown") for one in find(function.body, Call))
