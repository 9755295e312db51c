"""What makes a list or a map shorter, or bounds it: where nothing does, it grows for as long as its owner lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Call, Delete, Expr, Index, Member, Name, strip
from reviewer.code.walk import find, walk
from reviewer.experts.lifecycle.values import root_name

if TYPE_CHECKING:
    from reviewer.code.module import Module

_TAKES: Final = frozenset(
    "pop shift splice clear popleft popitem remove discard delete truncate trim prune flush drain".split()
)


def shrinks(module: Module, name: str, *, whole: bool) -> bool:
    """Tell whether anything in the module takes from a list, bounds it, hands it out or sets it anew.

    ``whole`` tells whether to empty it altogether counts, which ends a plugin and no single entry of a map.
    """
    if any(_takes(call, name) and (whole or call.name != "clear") for call in module.all(Call)):
        return True
    if any(root_name(target) == name for node in module.all(Delete) for target in node.targets):
        return True
    if any(node.op in ("<", ">", "<=", ">=", "==", "!=") and _counts(node, name) for node in module.all(Binary)):
        return True
    made = 0
    for node in module.all(Assign):
        if node.value is not None and _is(node.target, name):
            made += 1
            if made > 1 or _bounded(node.value):
                return True
        elif (node.value is not None and _is(node.value, name)) or (node.op == "=" and _cuts(node.target, name)):
            return True
    return False


def _takes(call: Call, name: str) -> bool:
    """Tell whether a call takes from a list, or hands it to somebody who may."""
    if call.receiver is not None and call.name in _TAKES and root_name(call.receiver) == name:
        return True
    handed = any(_is(arg, name) for arg in (*call.args, *call.keywords.values()))
    return handed and call.name not in ("len", "list")


def _cuts(target: Expr, name: str) -> bool:
    """Tell whether an assignment sets the length of a list, or a part of it."""
    part = isinstance(target, Index) or (isinstance(target, Member) and target.name == "length")
    return part and root_name(target) == name


def _is(expr: Expr, name: str) -> bool:
    expr = strip(expr)
    if isinstance(expr, Member) and is_this_member(expr):
        return f"this.{expr.name}" == name
    return isinstance(expr, Name) and expr.id == name


def _bounded(value: Expr) -> bool:
    return any("maxlen" in call.keywords or len(call.args) > 1 for call in find(value, Call))


def _counts(node: Binary, name: str) -> bool:
    """Tell whether a comparison speaks of a list: of its length, most likely."""
    return any(isinstance(part, Member | Name) and root_name(part) == name for part in walk(node))
