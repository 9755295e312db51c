"""LIF023: a loop goes from a record to the one that it is built on, and on, with no note of what it has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    For,
    Index,
    Literal,
    Name,
    Node,
    While,
    is_nothing,
    strip,
)
from reviewer.code.walk import find, names_in, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.inherited import INHERITS, names_base

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Member

_ASKS: Final = frozenset({"has", "includes", "indexOf", "add", "some", "find", "__contains__"})
_ORDERS: Final = frozenset({"<", ">", "<=", ">="})


@module_check("LIF023", words=INHERITS)
def base_followed_endless(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop whose next turn is about what the record of this one names as its base."""
    if module.is_test:
        return
    loops: list[While | For] = [*module.all(While), *(one for one in module.all(For) if one.style == "c")]
    for loop in loops:
        for assign in find(loop, Assign, into_functions=False):
            found = _next(module, loop, assign)
            if found is not None and not _notices(module, loop, found[1]):
                yield Match(
                    assign,
                    f"The loop goes on to '{module.text_of(found[0])}' and notes nowhere what it has seen: of two that "
                    "are built on each other it never comes to an end.",
                )
                break


def _next(module: Module, loop: While | For, assign: Assign) -> tuple[Member, str] | None:
    """Return the member that names the next record, and the table in which that is looked up."""
    if not isinstance(assign.target, Name) or assign.value is None or assign.op != "=":
        return None
    target, value = assign.target.id, _present(assign.value)
    member = names_base(value)
    if member is not None and isinstance(record := strip(member.object), Name):
        for other in find(loop, Assign):
            if other is not assign and isinstance(other.target, Name) and other.target.id == record.id:
                table = _looked_up(module, other.value, target)
                if table:
                    return member, table
        return None
    for part in walk(value):
        held = names_base(part) if isinstance(part, Node) else None  # type: ignore[arg-type]  # asks what it is
        if held is not None and isinstance(inner := strip(held.object), Name) and inner.id == target:
            table = _looked_up(module, value, target)
            return (held, table) if table else None
    return None


def _present(value: Expr) -> Expr:
    """Return what a value is where it is there: ``a.base`` of ``a.base ?? null``, and of ``a ? a.base : null``."""
    value = strip(value)
    if isinstance(value, Conditional) and is_nothing(value.other):
        return strip(value.then)
    other = isinstance(value, Binary) and value.op in ("??", "or")
    return strip(value.left) if other and isinstance(value, Binary) else value


def _looked_up(module: Module, value: Expr | None, name: str) -> str:
    """Return the table of which a value is the entry under something made of a name."""
    made = _present(value) if value is not None else None
    if isinstance(made, Index) and not isinstance(strip(made.key), Literal) and name in names_in(made.key):
        return module.text_of(made.object)
    if isinstance(made, Call) and made.args and name in names_in(made.args[0]):
        return module.text_of(made.receiver or made.callee)
    return ""


def _notices(module: Module, loop: While | For, table: str) -> bool:
    """Tell whether a loop asks what it has seen, or counts its turns."""
    for node in walk(loop):
        held = None
        if isinstance(node, Binary):
            if node.op in _ORDERS:
                return True
            held = node.right if node.op in ("in", "not in") else None
        elif isinstance(node, Call) and node.name in _ASKS:
            held = node.receiver
        if held is not None and module.text_of(held) != table:
            return True
    return False
