"""Under which keys a table is asked for what it keeps, and where it is only asked to refuse or to make room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Cast,
    Delete,
    Expr,
    If,
    Index,
    Member,
    Name,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.walk import find, inside, names_in

LONGEST: Final = 200
"""Characters of the spelling of a collection that is still told from others."""

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table


def asked_under(module: Module, table: Table) -> set[tuple[int, str]]:
    """Return under which keys which functions ask a table for what it keeps."""
    return {
        (id(access.function), spelling(module, access.key))
        for access in table.of("read", "has")
        if access.key is not None
        and not refuses_second(access)
        and not _only_compared(access)
        and not _makes_room(table, access)
    }


def refuses_second(access: Access) -> bool:
    """Tell whether a key is only asked for to refuse it a second time: ``if (running.has(id)) throw …``.

    Likewise where what is there is looked at before: ``const held = leases.get(id); if (held) throw …``.
    """
    around = access.node.parent
    if access.how == "has" or isinstance(around, If):
        return isinstance(around, If) and around.test is access.node and _throws(around)
    function = access.function
    if not isinstance(around, Assign) or not isinstance(around.target, Name) or function is None:
        return False
    name = around.target.id
    return any(
        isinstance(test := strip(one.test), Name) and test.id == name and _throws(one)
        for one in find(function.body, If, into_functions=False)
    )


def _makes_room(table: Table, access: Access) -> bool:
    """Tell whether what is there is only asked for to be ended and taken out before another one takes its place."""
    around, function = access.node.parent, access.function
    named = isinstance(around, Assign) and isinstance(around.target, Name)
    name = around.target.id if isinstance(around, Assign) and isinstance(around.target, Name) else ""
    return (
        named
        and function is not None
        and any(
            isinstance(test := strip(branch.test), Name)
            and test.id == name
            and any(inside(gone.node, part) for gone in table.of("delete") for part in branch.body)
            and not any(name in names_in(answer) for answer in find(branch.body, Return, into_functions=False))
            for branch in find(function.body, If, into_functions=False)
        )
    )


def _only_compared(access: Access) -> bool:
    """Tell whether an entry is only looked at for being the one that was put in: ``table.get(id) === mine``."""
    around = access.node.parent
    if access.how != "read" or not isinstance(around, Binary) or around.op not in ("==", "!=", "is", "is not"):
        return False
    other = strip(around.right if around.left is access.node else around.left)
    return isinstance(other, Name) and other.id != "undefined"


def _throws(branch: If) -> bool:
    return any(isinstance(one, Throw) for one in branch.body)


def spelling(module: Module, key: Expr | None) -> str:
    """Return how a key is written, casts and spaces aside."""
    while isinstance(key, Cast):
        key = key.value
    if isinstance(key, Assign):  # (key := …) in cache
        key = key.target
    if isinstance(key, Array) and module.language == "python":
        return ",".join("".join(module.text_of(item).split()) for item in key.items)  # table[a, b], table.get((a, b))
    return "".join(module.text_of(key).split()) if key is not None else ""


def takes_out(node: Index | Call) -> bool:
    """Tell whether an entry is only taken out again: ``work().finally(() => kept.delete(key))``."""
    if isinstance(node, Call):
        return node.name in ("delete", "pop", "evict", "remove") and not isinstance(
            node.parent, Assign | Binary | Member
        )
    return isinstance(node.parent, Delete) or (isinstance(node.parent, Unary) and node.parent.op == "delete")


def asks_for(module: Module, part: Index | Call, holder: str, key: Expr) -> bool:
    """Tell whether an expression reads what is kept under a key."""
    kept = part.object if isinstance(part, Index) else part.receiver
    given = part.key if isinstance(part, Index) else part.arg(0)
    if kept is None or given is None or len(holder) > LONGEST:
        return False
    return module.text_of(kept) == holder and module.text_of(given) == module.text_of(key)
