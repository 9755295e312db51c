"""COM005: one loop hands the same object to all handlers, where another of the same class gives each a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, For, Name, strip
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_COPIES: Final = frozenset({"deepcopy", "copy", "structuredClone", "cloneDeep", "clone"})


@module_check("COM005", words={"copy", "deepcopy", "clone", "structured"})
def copied_elsewhere(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what the loops of a class hand to the same function for each of those that they go through."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for cls in module.classes:
        handed = [one for method in cls.methods for loop in find(method.body, For) for one in _handed(module, loop)]
        copied = {callee for callee, _call, value in handed if isinstance(value, Call) and value.name in _COPIES}
        for callee, call, value in handed:
            function = function_of(call)
            given = {param.name for param in function.params} if function is not None else set()
            if callee in copied and isinstance(value, Name) and value.id in given:
                yield Match(
                    call,
                    f"'{value.id}' itself goes to one after the other here, and '{short(callee)}' is given a copy for "
                    "each elsewhere in this class: what one of them changes, the next one and the sender see.",
                    fix="Give each a copy of its own, as the others do.",
                    confidence=Confidence.LIKELY,
                )


def _handed(module: Module, loop: For) -> Iterator[tuple[str, Call, Expr]]:
    """Yield (function, call, last argument) of the calls that are told what a loop is at, and something more."""
    given = names_in(loop.target) if loop.target is not None else set()
    for call in calls_in(loop.body, into_functions=False):
        told = [strip(arg) for arg in call.args]
        if len(told) > 1 and any(isinstance(one, Name) and one.id in given for one in told[:-1]):
            yield module.text_of(call.callee), call, told[-1]
