"""PAT160: a context variable keeps its value when something is raised before it is reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Call, Node, Try
from reviewer.code.walk import ancestors, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.context_variables import is_context_variable, uses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("PAT160", words={"reset"})
def context_variable_not_reset(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each context variable that is set for where it is reset."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(("set",)):
        function = function_of(call)
        assigned = call.parent
        if function is None or not isinstance(assigned, Assign) or not is_context_variable(module, call.receiver):
            continue
        token = module.text_of(assigned.target)
        resets = [one for one in uses(module, function, "reset") if one.args and module.text_of(one.args[0]) == token]
        if not resets or any(_always(reset) for reset in resets):
            continue
        name = module.text_of(call.receiver) if call.receiver is not None else ""
        if _can_fail(function.body, call, resets[-1]):
            yield Match(
                assigned,
                f"When something is raised before the reset, '{name}' keeps this value: what goes on in the same "
                "context works for the one whose turn has failed.",
                related=((resets[0], "reset only where nothing was raised"),),
            )


def _always(reset: Call) -> bool:
    """Tell whether a reset stands in a ``finally``."""
    inner: Node = reset
    for around in ancestors(reset):
        if isinstance(around, Try) and any(inside(inner, one) for one in around.final):
            return True
        inner = around
    return False


def _can_fail(body: list[Node] | object, first: Call, last: Call) -> bool:
    """Tell whether something between two places may raise: a call, or the block of a context manager."""
    between = range(first.stop, last.start)
    return isinstance(body, list) and any(
        node.start in between and node is not last.callee
        for statement in body
        for node in find(statement, Node)
        if type(node).__name__ in ("Call", "Yield", "Await")
    )
