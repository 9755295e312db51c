"""LIF032: a reload takes the module that is loaded already, and begins its old code again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import in_handler
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Delete, Index, Literal, Member, Unary, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost, with_helpers
from reviewer.experts.lifecycle.bringing.unloading import swaps
from reviewer.experts.lifecycle.replacing.reload_unloads_first import ends_then_begins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function, Node
    from reviewer.experts.check import Inquiry

_TAKES_OUT: Final = frozenset({"pop", "clear", "decache", "purge"})


@module_check("LIF032", words={"modules", "cache"})
def reload_takes_the_loaded(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a function that exchanges plugins reads the table of loaded modules, and takes nothing out of it."""
    if module.is_test:
        return
    for node in module.some(Call, Index):
        key = _read(module, node) if isinstance(node, Call | Index) else None
        function = outermost(node) if key is not None and not isinstance(strip(key), Literal) else None
        if function is None:
            continue
        if not (swaps(function.name) and _uses(node)) or _takes_out(module, function):
            continue
        if ends_then_begins(inquiry, module, function):
            yield Match(
                node,
                f"'{function.name}' takes the module that is loaded already: the old code is started again, and taken "
                "for the new.",
            )


def _read(module: Module, node: Call | Index) -> Expr | None:
    """Return the key under which the table of loaded modules is read: ``sys.modules.get(name)``."""
    if isinstance(node, Call):
        named = node.name == "get" and bool(node.args) and node.receiver is not None
        return node.args[0] if named and _is_table(module, node.receiver) else None
    written = isinstance(node.parent, Assign) and node.parent.target is node
    gone = isinstance(node.parent, Delete | Unary)
    return node.key if _is_table(module, node.object) and not (written or gone) else None


def _is_table(module: Module, expr: Expr | None) -> bool:
    held = strip(expr) if expr is not None else None
    if not isinstance(held, Member) or is_this_member(held):
        return False
    return module.resolve(held) == "sys.modules" or module.text_of(held) == "require.cache"


def _uses(node: Node) -> bool:
    """Tell whether what is read is more than asked whether it is there, or handed to what runs its file anew."""
    return not (isinstance(node.parent, Call) and (node.parent.callee is node or node.parent.name == "reload"))


def _takes_out(module: Module, function: Function) -> bool:
    """Tell whether a function, or one that it calls, takes a module out of the table, and not only after a failure."""
    for one in with_helpers(function):
        gone: list[Node] = list(find(one.body, Delete))
        gone += [node for node in find(one.body, Unary) if node.op == "delete"]
        for node in gone:
            if in_handler(node) is None and any(_is_table(one.module, part.object) for part in find(node, Index)):
                return True
        for call in find(one.body, Call):
            if call.name in _TAKES_OUT and in_handler(call) is None and _is_table(module, call.receiver):
                return True
    return False
