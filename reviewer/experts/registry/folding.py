"""Where many are laid into a table under their own names, one after another or all at once, and who looked before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Array, Assign, Binary, Call, Comprehension, Expr, Function, Index, Object, strip
from reviewer.code.walk import calls_in, find

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_ASKS: Final = frozenset({"has", "get", "setdefault", "pop", "includes", "hasOwn", "hasOwnProperty"})


def entered(node: Node) -> tuple[Expr | None, Expr | None]:
    """Return the table into which a node enters something, where it has a name already, and the key."""
    if isinstance(node, Call) and node.name == "set" and len(node.args) == 2:
        return node.receiver, strip(node.args[0])
    if isinstance(node, Assign) and node.op == "=" and isinstance(strip(node.target), Index):
        target = strip(node.target)
        return (target.object, strip(target.key)) if isinstance(target, Index) else (None, None)
    if isinstance(node, Comprehension) and isinstance(node.element, Object) and len(node.element.entries) == 1:
        key = node.element.entries[0][0]
        return _kept_as(node), strip(key) if key is not None else None
    if not isinstance(node, Call) or not node.args:
        return None, None
    if node.name == "reduce":
        return _kept_as(node), _key_of_each(node)
    made = strip(node.args[0]) if node.name in ("Map", "fromEntries", "dict") else None
    pair = _pair_of_each(made) if made is not None else None
    return (_kept_as(node), strip(pair.items[0])) if pair is not None else (None, None)


def _kept_as(node: Node) -> Expr | None:
    """Return the name under which what is made at once is kept, or None."""
    parent = node.parent
    return strip(parent.target) if isinstance(parent, Assign) else None


def _pair_of_each(made: Expr) -> Array | None:
    """Return the pair that is made of each: ``found.map((it) => [it.id, it])``, ``((it.id, it) for it in found)``."""
    if isinstance(made, Comprehension):
        each = strip(made.element)
        return each if isinstance(each, Array) and len(each.items) == 2 else None
    callback = strip(made.args[0]) if isinstance(made, Call) and made.name == "map" and made.args else None
    answers = [one.value for one in returns_of(callback)] if isinstance(callback, Function) else []
    pair = strip(answers[0]) if len(answers) == 1 and answers[0] is not None else None
    return pair if isinstance(pair, Array) and len(pair.items) == 2 else None


def _key_of_each(node: Call) -> Expr | None:
    """Return the key under which each is laid over the others: ``reduce((all, it) => ({ ...all, [it.id]: it }))``."""
    callback = strip(node.args[0])
    answers = [one.value for one in returns_of(callback)] if isinstance(callback, Function) else []
    record = strip(answers[0]) if len(answers) == 1 and answers[0] is not None else None
    if not isinstance(record, Object) or len(record.entries) != 2 or record.entries[0][0] is not None:
        return None
    key = record.entries[1][0]
    return strip(key) if key is not None else None


def looked_before(module: Module, function: Function, table: Expr | None, entering: Node) -> bool:
    """Tell whether a function asks whether an id is there already, or lets the rest be decided by another."""
    if table is None:
        return False
    name = module.text_of(table)
    if not isinstance(entering, Assign) and any(name in module.text_of(one) for one in find(function.body, Binary)):
        return True  # as many as were found?
    for call in calls_in(function.body):
        if call.name in _ASKS and call.start < entering.start and name in module.text_of(call):
            return True
    for test in find(function.body, Binary):
        if test.op in ("in", "not in") and module.text_of(test.right) == name:
            return True
    return any(
        module.text_of(index.object) == name
        and index.start < entering.start
        and not (isinstance(index.parent, Assign) and index.parent.target is index)
        for index in find(function.body, Index)
    )
