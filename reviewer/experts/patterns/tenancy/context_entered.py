"""PAT160: an asynchronous store is entered for one piece of work, and nothing leaves it behind that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after
from reviewer.code.syntax import Await, Call, For, Imported, Member, Name, Param, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_GOES_ON: Final = frozenset({"next", "done", "proceed"})
"""What a step of a server calls so that the same request goes on."""


@module_check("PAT160", words={"enter"})
def context_entered(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each store that is entered for what a function is told, before it runs the work of others."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(("enterWith",)):
        function = function_of(call)
        if function is None or not call.args or not _is_store(module, call.receiver) or not _told(module, call.args[0]):
            continue
        later = list(after(call))
        goes_on = any(isinstance(one, Call) and one.name in _GOES_ON for one in later)
        if not goes_on and any(_runs_others(module, one) for one in later):
            yield Match(
                call,
                "'enterWith' holds for whoever called this as well, and for what that one does next: the next piece of "
                "work without a store of its own is done for this one. Use 'run' with the work as its callback.",
            )


def _is_store(module: Module, holder: Expr | None) -> bool:
    """Tell whether something is an ``AsyncLocalStorage``, of this file or of another."""
    bound = module.scopes.origin(holder) if holder is not None else None
    made: object = bound
    if isinstance(bound, Imported) and module.project is not None:
        made = module.project.definition(module, bound)
    return isinstance(made, Call) and made.name == "AsyncLocalStorage"


def _told(module: Module, value: Expr) -> bool:
    names = find(value, Name)
    return any(isinstance(one, Param | For) for name in names for one in module.scopes.lookup(name.id, name))


def _runs_others(module: Module, node: Node) -> bool:
    """Tell whether a node calls what was handed in or put into a table, or waits for such a call."""
    if not isinstance(node, Call):
        return False
    target = strip(node.callee)
    root = target
    while isinstance(root, Member):
        root = strip(root.object)
    bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) and root.id != "this" else []
    handed = any(isinstance(one, Param | For) for one in bound)
    return handed and (isinstance(target, Name) or isinstance(node.parent, Await))
