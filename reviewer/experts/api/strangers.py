"""Whether a check that is made of a table asks for the members that the table does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    If,
    Index,
    Jump,
    Name,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.walk import find, function_of, names_in

if TYPE_CHECKING:
    from reviewer.code.syntax import Function

_HAS: Final = frozenset({"hasOwn", "has", "includes", "hasOwnProperty", "call"})


def asks_for_strangers(maker: Function) -> bool:
    """Tell whether a check looks for members that its table does not have: ``!Object.hasOwn(shape, name)``.

    Or has an answer where the table has none: ``checks.get(name)?.(value) ?? ["unknown"]``.
    """
    known = _made_of_tables(maker)

    def in_table(node: Expr | None) -> bool:
        return node is not None and bool(names_in(node) & known)

    def is_look(node: Expr) -> bool:
        node = strip(node)
        if isinstance(node, Index):
            return in_table(node.object)
        if not isinstance(node, Call):
            return isinstance(node, Binary) and node.op == "in" and in_table(node.right)
        if node.name in _HAS:
            return in_table(node.receiver) or bool(node.args and in_table(node.args[0]))
        return node.name == "get" and in_table(node.receiver)

    looked = {
        one.target.id
        for one in find(maker.body, Assign)
        if isinstance(one.target, Name) and one.value is not None and is_look(one.value)
    }
    denied: list[Expr] = [node.operand for node in find(maker.body, Unary) if node.op == "not"]
    denied += [node.test for node in find(maker.body, If) if all(isinstance(one, Jump) for one in node.body)]
    denied += [node.test for node in find(maker.body, Conditional)]
    for node in find(maker.body, Binary):
        if node.op == "not in":
            return True
        if node.op in ("??", "or"):
            denied += find(node.left, Expr)
        elif node.op in ("==", "is") and is_nothing(node.right):
            denied.append(node.left)
    if any(is_look(one) or getattr(strip(one), "id", "") in looked for one in denied):
        return True
    return any(call.name in ("delete", "difference", "size") for call in find(maker.body, Call))


def _made_of_tables(maker: Function) -> set[str]:
    """Return the names of what a function is given, and of what it makes of that before it gives a check back."""
    known = {param.name for param in maker.params}
    for made in find(maker.body, Assign):
        if not isinstance(made.target, Name) or made.value is None:
            continue
        listed = isinstance(call := strip(made.value), Call) and call.name in ("keys", "entries")
        if listed or function_of(made) is maker:
            known |= {made.target.id} if names_in(made.value) & known else set()
    return known
