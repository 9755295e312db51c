"""The names along an access path, and the words that they and the code around them are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from reviewer.code.syntax import Await, Call, Cast, Index, Literal, Member, Name, Node, Template
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.code.order import Order
    from reviewer.code.syntax import Function

_WORTH_KEEPING = 200
"""Nodes of a part of a program whose words are kept."""

_LONGEST_TEXT = 200
"""Characters of a text whose words are still read; what is longer is prose or data."""


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text that are parted by spaces."""
    return frozenset(text.split())


def last_name(expr: Node | None) -> str:
    """Return the last name of an access path: ``this.byId``, ``all["byId"]`` and ``byId()`` have ``byId``."""
    node: Node | None = expr
    while True:
        if isinstance(node, Cast | Await):
            node = node.value
        elif isinstance(node, Call):
            node = node.callee
        elif isinstance(node, Name):
            return node.id
        elif isinstance(node, Member):
            return node.name
        elif isinstance(node, Index) and isinstance(node.key, Literal) and isinstance(node.key.value, str):
            return node.key.value
        else:
            return ""


def last_words(expr: Node | None) -> tuple[str, ...]:
    """Return the words of the last name of an access path: ``this.pluginGrants`` has plugin, grants."""
    return words(last_name(expr))


def name_words(expr: Node | None) -> tuple[str, ...]:
    """Return the words of what an expression takes from: as `last_words`, and for ``handlers[topic]`` handlers."""
    node: Node | None = expr
    while isinstance(node, Cast | Await | Call | Index):
        if isinstance(node, Index):
            if isinstance(node.key, Literal) and isinstance(node.key.value, str):
                break
            node = node.object
        else:
            node = node.callee if isinstance(node, Call) else node.value
    return last_words(node)


def path_words(expr: Node | None) -> set[str]:
    """Return the words of the names along an access path: ``this.grants.get(id)`` has this, grants, get."""
    found: set[str] = set()
    node: Node | None = expr
    while node is not None:
        if isinstance(node, Name):
            found.update(words(node.id))
            return found
        if isinstance(node, Member):
            found.update(words(node.name))
            node = node.object
        elif isinstance(node, Index):
            if isinstance(node.key, Literal) and isinstance(node.key.value, str):
                found.update(words(node.key.value))
            node = node.object
        elif isinstance(node, Call):
            node = node.callee
        elif isinstance(node, Cast | Await):
            node = node.value
        else:
            return found
    return found


def said_in(nodes: Node | Sequence[Node]) -> set[str]:
    """Return the words of every name, member and text below some nodes."""
    found: set[str] = set()
    for node in (nodes,) if isinstance(nodes, Node) else nodes:
        found |= _said_below(node)
    return found


def _said_below(node: Node) -> set[str]:
    """Return the words below one node, from memory where many nodes would have to be read again."""
    order: Order | None = getattr(node, "order", None)
    if order is None or node.stop - node.start < _WORTH_KEEPING:
        return _read(node)
    known = cast("dict[int, set[str]]", order.memory.setdefault("words said", {}))
    if node.start not in known:
        known[node.start] = _read(node)
    return known[node.start]


def _read(node: Node) -> set[str]:
    found: set[str] = set()
    for part in walk(node):
        if isinstance(part, Name):
            found.update(words(part.id))
        elif isinstance(part, Member):
            found.update(words(part.name))
        elif isinstance(part, Literal) and isinstance(part.value, str):
            found.update(words(part.value[:_LONGEST_TEXT]))
    return found


def surroundings(function: Function | None) -> set[str]:
    """Return the words of a function's name, of the functions around it, and of their classes."""
    found: set[str] = set()
    cls = class_of(function) if function is not None else None
    if cls is not None:
        found.update(words(cls.name))
    while function is not None:
        found.update(words(function.name))
        if function.owner is not None:
            found.update(words(function.owner.name))
        function = function.outer
    return found


def text_of(expr: Node | None) -> str:
    """Return the text of a constant or a template, with holes left out; an empty string for anything else."""
    if isinstance(expr, Literal):
        return expr.value if isinstance(expr.value, str) else ""
    if isinstance(expr, Template):
        return "".join(item.value for item in expr.items if isinstance(item, Literal) and isinstance(item.value, str))
    return ""


def constant_text(expr: Node | None) -> str:
    """Return the text of a literal or of a template without holes, or an empty string."""
    return "" if isinstance(expr, Template) and expr.holes else text_of(expr)
