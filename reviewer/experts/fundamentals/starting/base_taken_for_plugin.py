"""FUN620: of the classes of a module the one is taken that has the base, and the base itself has it too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Comprehension, Expr, For, Function, Name, strip
from reviewer.code.walk import ancestors, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_OF_MODULES: Final = frozenset({"getmembers", "vars", "dir", "getmembers_static"})
_TELLS_APART: Final = frozenset(
    "isabstract __abstractmethods__ __module__ __subclasses__ __bases__ __mro__ __name__ hasattr(".split()
)
_COMPARES: Final = frozenset({"is", "is not", "==", "!=", "in", "not in"})


@module_check("FUN620", words={"issubclass"})
def base_taken_for_plugin(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each question whether a member of a module is a class of a kind."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(("issubclass",)):
        base = strip(call.args[1]) if len(call.args) > 1 else None
        function = function_of(call)
        around = _going_through(module, call)
        if not isinstance(base, Name) or function is None or around is None:
            continue
        if _is_own_kind(module, base) and not _told_apart(module, function, base):
            yield Match(
                call,
                f"'{short(module.text_of(call))}' is true of '{base.id}' itself too, which every such module imports, "
                "and of each base in between: what is taken for the plugin may be no class of this module at all.",
            )


def _going_through(module: Module, call: Call) -> Node | None:
    """Return the loop, or the like, that goes through what stands in a module and asks the question of each."""
    for node in ancestors(call):
        if isinstance(node, For) and node.iterable is not None and _of_module(node.iterable):
            return node
        if isinstance(node, Comprehension) and any(_of_module(iterable) for _, iterable in node.clauses):
            return node
        if isinstance(node, Call) and node.name in _OF_MODULES and node is not call:
            return node
        if isinstance(node, Function) and node.kind != "lambda" and node.name:
            return None
    return None


def _of_module(iterable: Expr) -> bool:
    made = strip(iterable)
    if any(isinstance(one, Call) and one.name in _OF_MODULES for one in find(made, Call)):
        return True
    return any(getattr(one, "name", "") == "__dict__" for one in find(made, Expr))


def _is_own_kind(module: Module, base: Name) -> bool:
    """Tell whether the base is a class of the program's own, and no name of a variable."""
    return base.id[:1].isupper() and module.resolve(base) not in ("BaseException", "Exception", "object")


def _told_apart(module: Module, function: Function, base: Name) -> bool:
    """Tell whether a line of the function leaves out the base, or what comes from elsewhere."""
    outermost = function
    while outermost.outer is not None:
        outermost = outermost.outer
    text = module.text_of(outermost)
    if any(word in text for word in _TELLS_APART):
        return True
    return any(one.op in _COMPARES and base.id in names_in(one) for one in find(outermost.body, Binary))
