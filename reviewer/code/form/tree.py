"""Linking the nodes of the normalised tree to their parents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Function, Node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def adopt(node: Node, parent: Node | None) -> None:
    """Make ``parent`` the parent of ``node``, and link what below it has no parent yet.

    The constructors of `reviewer.code.form.build` link a node to its children when it is made, so
    only members that were added afterwards are left to do; where a child has a parent,
    everything below it is taken to be linked. A function that has not been lowered stays so.
    """
    node.parent = parent
    pending = [node]
    while pending:
        current = pending.pop()
        for child in _lowered(current):
            if child.parent is None:
                child.parent = current
                pending.append(child)


def _lowered(node: Node) -> Iterator[Node]:
    """Yield the children that exist; asking a function for its body would lower it."""
    if isinstance(node, Function) and node._body is None:
        yield from node.decorators
    else:
        yield from node.children()


def exchange(old: Node, new: Node) -> None:
    """Put a node where another one stands."""
    parent = old.parent
    if parent is None:
        return
    for part in parent.parts:
        held = getattr(parent, part)
        if held is old:
            setattr(parent, part, new)
        elif isinstance(held, dict):
            held.update({key: new for key, value in held.items() if value is old})
        elif isinstance(held, list):
            held[:] = [_exchanged(item, old, new) for item in held]
    new.parent = parent


def _exchanged(item: Any, old: Node, new: Node) -> Any:
    if isinstance(item, tuple):
        return tuple(new if part is old else part for part in item)
    return new if item is old else item
