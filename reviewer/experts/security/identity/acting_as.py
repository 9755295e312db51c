"""SEC020: what a caller says of himself stands before, or over, what the host knows of him."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Binary, Call, Conditional, Expr, Function, Member, Name, Object, Param, strip
from reviewer.code.walk import calls_in, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.values.access import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("SEC020", words={"throw", "raise", "status", "get", "enforce", "require", "demand"})
def acting_as(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each choice between the same field of two parameters, and at each record laid over another."""
    if module.is_test:
        return
    for node in module.some(Binary, Call, Conditional, Object):
        found = _said_first(module, node) if isinstance(node, Binary | Call | Conditional) else _laid_over(module, node)
        function = function_of(node)
        if (
            found is None
            or function is None
            or not isinstance(node, Expr)
            or not _is_asked_about(module, function, node)
        ):
            continue
        said, known = found
        yield Match(
            said,
            f"'{short(module.text_of(said))}' is what the caller says, and stands before '{short(known)}', which the "
            "host knows: whoever names another is asked about as that one.",
        )


def _said_first(module: Module, node: Binary | Call | Conditional) -> tuple[Expr, str] | None:
    """Return both sides of ``form.agent ?? login.agent`` and ``form.get("agent", login.agent)``."""
    if isinstance(node, Binary):
        said, known = (node.left, node.right) if node.op in ("??", "or") else (None, None)
    elif isinstance(node, Conditional):
        said, known = node.then, node.other
    else:
        said, known = (node, node.args[1]) if node.name == "get" and len(node.args) == 2 else (None, None)
    held = strip(known) if known is not None else None
    if said is None or not isinstance(held, Member):
        return None
    told, names = path_of(module, said)
    knows, of_host = path_of(module, held)
    same = bool(names) and bool(of_host) and names[-1] == of_host[-1]
    if not same or not isinstance(told, Param) or not isinstance(knows, Param) or told is knows:
        return None
    return (said, module.text_of(held)) if told.parent is knows.parent else None


def _laid_over(module: Module, made: object) -> tuple[Expr, str] | None:
    """Return what is laid over whom in ``{ ...caller, ...message.params.as }``, each of another parameter."""
    if not isinstance(made, Object):
        return None
    spread = [value for key, value in made.entries if key is None]
    roots = [path_of(module, value)[0] for value in spread]
    if len(spread) != 2 or not all(isinstance(root, Param) for root in roots) or roots[0] is roots[1]:
        return None
    whole, over = strip(spread[0]), spread[1]
    return (over, module.text_of(whole)) if isinstance(whole, Name) else None


def _is_asked_about(module: Module, function: Function, value: Expr) -> bool:
    """Tell whether a value, or what it is kept as, is whom a check in the same function is about."""
    around = value.parent
    while isinstance(around, Expr) and not isinstance(around, Call | Assign):
        value, around = around, around.parent
    if isinstance(around, Call):
        return is_check(module, around)
    kept = around.target.id if isinstance(around, Assign) and isinstance(around.target, Name) else ""
    return bool(kept) and any(
        is_check(module, call) and bool(call.args) and kept in names_in(call.args[0])
        for call in calls_in(function.body, into_functions=False)
    )
