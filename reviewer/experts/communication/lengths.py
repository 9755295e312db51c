"""How long a list may grow: what code says of its length, or asks about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Call, Expr, For, Literal, Member, Name, Node, Unary, While
from reviewer.code.walk import class_of, find, function_of, walk
from reviewer.experts.told_only import is_only_told

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Table

_TAKES: Final = frozenset({"shift", "popleft", "pop"})
_PUTS: Final = frozenset({"push", "append", "unshift", "appendleft"})
_SIZES: Final = frozenset({"length", "size", "maxlen", "byteLength"})


def made_as_line(table: Table) -> Call | None:
    """Return the call that makes a line of its own kind, where its greatest length would stand: ``deque()``."""
    value = getattr(table.declared, "value", None)
    made = find(value, Call) if isinstance(value, Expr) else ()
    return next((one for one in made if "deque" in (one.name, _factory(one))), None)


def _factory(made: Call) -> str:
    """Return what makes the value of a field for each object: ``field(default_factory=deque)``."""
    factory = made.keywords.get("default_factory")
    return factory.id if isinstance(factory, Name) else ""


def has_length(table: Table) -> bool:
    """Tell whether a list is made with a greatest length."""
    value = getattr(table.declared, "value", None)
    made = find(value, Call) if isinstance(value, Expr) else ()
    return any("maxlen" in one.keywords or (one.name == "deque" and len(one.args) > 1) for one in made)


def is_measured(module: Module, table: Table) -> bool:
    """Tell whether some condition looks at the length of the table, or a slice of it replaces it."""
    scope: Node | list[Node] = table.owner if table.owner is not None else list(module.body)
    for node in walk(scope):
        if not is_of(node, table):
            continue
        parent = node.parent
        if isinstance(parent, Member) and _answers_length(parent):
            return True
        sized = (isinstance(parent, Member) and parent.name in _SIZES) or (
            isinstance(parent, Call) and parent.name == "len"
        )
        if sized and parent is not None and in_comparison(parent):
            return True
        if (
            isinstance(parent, Member)
            and parent.name == "length"
            and isinstance(parent.parent, Assign)
            and parent.parent.target is parent
        ):
            return not (isinstance(parent.parent.value, Literal) and not parent.parent.value.value)
        if isinstance(parent, Member) and parent.name in ("slice", "splice"):
            call = parent.parent
            if isinstance(call, Call) and call.args and isinstance(call.args[0], Unary | Binary):
                return True
    return False


def _answers_length(member: Member) -> bool:
    """Tell whether the length that a list answers when something is put in is held against a limit."""
    put = member.parent
    return isinstance(put, Call) and put.callee is member and member.name in ("push", "unshift") and in_comparison(put)


def in_comparison(sized: Node) -> bool:
    """Tell whether a length is held against a limit; ``while (queue.length > 0)`` holds it against none."""
    parent = sized.parent
    if not isinstance(parent, Binary) or parent.op not in ("<", ">", "<=", ">=", "==") or is_only_told(parent):
        return False
    other = parent.right if parent.left is sized else parent.left
    few = isinstance(other, Literal) and other.value in (0, 1)
    return not (few and (parent.op == "==" or isinstance(parent.parent, While | For) or _takes_out(parent)))


def _takes_out(asked: Node) -> bool:
    """Tell whether a function asks whether there is anything only to take it: ``if (line.length > 0) line.shift()``."""
    function = function_of(asked)
    calls = list(find(function.body, Call, into_functions=False)) if function is not None else []
    return any(call.name in _TAKES for call in calls) and not any(call.name in _PUTS for call in calls)


def is_of(node: Node, table: Table) -> bool:
    """Tell whether an expression is a table itself, by its name."""
    if table.owner is not None:
        return (
            is_this_member(node if isinstance(node, Expr) else None)
            and isinstance(node, Member)
            and (node.name == table.name and class_of(node) is table.owner)
        )
    return isinstance(node, Name) and node.id == table.name
