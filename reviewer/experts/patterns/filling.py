"""What a variable that begins empty is filled with before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Call, Expr, For, Function, Index, Literal, Member, Name, Object, strip
from reviewer.code.walk import ancestors, function_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.syntax import Node

_MAKERS: Final = frozenset({"Map", "Set", "Array", "dict", "set", "list", "defaultdict", "Counter", "deque"})
_FILLS: Final = frozenset("push unshift add append set update extend insert setdefault".split())


def filled_with(use: Name, binding: Assign) -> Iterator[Expr]:
    """Yield what is put into a local variable between its empty beginning and a use, and what the loops go through."""
    name = use.id
    function = function_of(binding)
    if function is None or not _is_empty(binding.value):
        return
    for node in walk(function.body, into_functions=False):
        given = _put_in(node, name) if node.start < use.start else []
        if given:
            yield from given
            yield from _looped_over(node, function)


def _is_empty(value: Expr | None) -> bool:
    value = strip(value) if value is not None else None
    if isinstance(value, Object):
        return not value.entries
    if isinstance(value, Array):
        return not value.items
    if isinstance(value, Call):
        return value.name in _MAKERS and not any(not isinstance(strip(arg), Name) for arg in value.args)
    return isinstance(value, Literal) and value.value in (0, "") and not isinstance(value.value, bool)


def _put_in(node: Node, name: str) -> list[Expr]:
    """Return what a statement's part puts into a variable, its key included."""
    if isinstance(node, Assign) and node.value is not None:
        target = strip(node.target)
        if isinstance(target, Name) and target.id == name and node.op not in ("=", ":="):
            return [node.value]
        keys: list[Expr] = []
        while isinstance(target, Member | Index):
            if isinstance(target, Index):
                keys.append(target.key)
            target = strip(target.object)
        held = isinstance(target, Name) and target.id == name and target is not strip(node.target)
        return [node.value, *keys] if held else []
    if isinstance(node, Call) and node.name in _FILLS and node.receiver is not None:
        receiver = strip(node.receiver)
        return list(node.args) if isinstance(receiver, Name) and receiver.id == name else []
    return []


def _looped_over(node: Node, function: Function) -> Iterator[Expr]:
    for around in ancestors(node):
        if around is function:
            return
        if isinstance(around, For) and around.iterable is not None:
            yield around.iterable
