"""API016: each member that is given is held against its check, and one without a check passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Expr,
    For,
    Function,
    If,
    Index,
    Member,
    Name,
    Node,
    Object,
    Unary,
    strip,
)
from reviewer.code.walk import ancestors, find, function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PAIRS: Final = frozenset({"entries", "items"})
_FEWEST: Final = 3
"""Checks in a table from which on it says what a manifest has to be."""


@module_check("API016", words={"manifest", "descriptor"})
def only_what_is_given(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over what is given for the table of checks that it asks, and for the members without one."""
    if module.is_test or is_tooling(module):
        return
    for loop in module.all(For):
        key, function = _key(loop), function_of(loop)
        if not key or function is None or loop.iterable is None or not _goes_through_given(module, loop.iterable):
            continue
        for node in walk(loop.body):
            table = _looked_up(node, key)
            if table is None or not _holds_checks(module, table) or _named_elsewhere(function, table, node):
                continue
            if _unknown_is_seen(module, loop, node):
                continue
            yield Match(
                loop,
                f"Only members that are given are looked at, each by what '{short(module.text_of(table))}' has for it: "
                "one that is missing is never noticed, and one that is unknown or misspelt passes.",
            )
            break


def _key(loop: For) -> str:
    """Return the name that a loop has for the key of each pair."""
    target = loop.target
    first = target.items[0] if isinstance(target, Array) and len(target.items) == 2 else None
    return first.id if isinstance(first, Name) else ""


def _goes_through_given(module: Module, iterable: Expr, depth: int = 2) -> bool:
    """Tell whether the pairs of what came in are gone through: ``Object.entries(value)``, or a map of them."""
    over = strip(iterable)
    origin = module.scopes.origin(over) if isinstance(over, Name) else over
    if isinstance(origin, Call) and origin.name in _PAIRS:
        return True
    inner = origin.args[0] if isinstance(origin, Call) and origin.name in ("Map", "list") and origin.args else None
    return inner is not None and depth > 0 and _goes_through_given(module, inner, depth - 1)


def _looked_up(node: Node, key: str) -> Expr | None:
    """Return the table in which a key is looked up."""
    if isinstance(node, Call) and node.name == "get" and len(node.args) == 1 and node.receiver is not None:
        asked, table = strip(node.args[0]), strip(node.receiver)
    elif isinstance(node, Index):
        asked, table = strip(node.key), strip(node.object)
    else:
        return None
    return table if isinstance(asked, Name) and asked.id == key and isinstance(table, Name | Member) else None


def _holds_checks(module: Module, table: Expr) -> bool:
    """Tell whether a table holds functions under fixed names, or what such are made by."""
    made = module.scopes.origin(table)
    made = made.args[0] if isinstance(made, Call) and made.name in ("Map", "freeze", "dict") and made.args else made
    if isinstance(made, Object):
        values = [value for key, value in made.entries if key is not None]
    elif isinstance(made, Array):
        pairs = [strip(one) for one in made.items]
        values = [one.items[1] for one in pairs if isinstance(one, Array) and len(one.items) == 2]
    else:
        return False
    called = [value for value in values if isinstance(strip(value), Function | Call | Name)]
    return len(values) >= _FEWEST and len(called) == len(values)


def _named_elsewhere(function: Function, table: Expr, node: Node) -> bool:
    """Tell whether a function asks the table anything else: what it has in all, or whether it has a member."""
    name = table.id if isinstance(table, Name) else table.name if isinstance(table, Member) else ""
    named = [
        one
        for one in walk(function.body)
        if (isinstance(one, Name) and one.id == name) or (isinstance(one, Member) and one.name == name)
    ]
    return any(all(around is not node for around in ancestors(one)) for one in named)


def _unknown_is_seen(module: Module, loop: For, looked_up: Node) -> bool:
    """Tell whether something happens to a member for which the table has no check."""
    kept = next((one for one in ancestors(looked_up) if isinstance(one, Assign)), None)
    name = kept.target.id if kept is not None and kept.value is looked_up and isinstance(kept.target, Name) else ""
    if not name:
        return not module.text_of(looked_up.parent or looked_up).startswith(f"{module.text_of(looked_up)}?.")
    for test in find(loop.body, If):
        if name not in names_in(test.test):
            continue
        asked = strip(test.test)
        sides = [asked.operand] if isinstance(asked, Unary) and asked.op == "not" else []
        sides += [asked.left, asked.right] if isinstance(asked, Binary) and asked.op == "==" else []
        negated = any(isinstance(side := strip(one), Name) and side.id == name for one in sides)
        if negated or test.orelse:
            return True
    return not any(name in names_in(one.test) for one in find(loop.body, If))
