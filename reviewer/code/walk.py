"""Ways through the normalised tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TypeVar, cast

from reviewer.code.syntax import Assign, Call, Class, Function, Name, Node, Object, Statement

N = TypeVar("N", bound=Node)


def walk(start: Node | Iterable[Node], *, into_functions: bool = True) -> Iterator[Node]:
    """Yield nodes in source order, the start included.

    Without ``into_functions`` a nested function or class is yielded, and what is inside it
    is not; a function or class that is itself the start is always entered. An expression
    that stands under several nodes (``a, b = f()`` is two assignments from one call) comes
    once, under its parent.
    """
    if isinstance(start, Node):
        return _from(start, into_functions=into_functions, enter=True)
    return chain.from_iterable(_from(root, into_functions=into_functions, enter=False) for root in list(start))


def _from(root: Node, *, into_functions: bool, enter: bool) -> Iterator[Node]:
    try:
        order = root.order
    except AttributeError:
        return _not_ordered(root, into_functions=into_functions, enter=enter)
    if into_functions:
        return iter(order.below(root))
    return order.outside_functions(root, enter=enter)


def _not_ordered(root: Node, *, into_functions: bool, enter: bool) -> Iterator[Node]:
    """Walk a part of a module that is not lowered as a whole, or nodes that were made up."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if not into_functions and isinstance(node, Function | Class) and not (enter and node is root):
            continue
        stack.extend([child for child in node.children() if child.parent is node][::-1])


def find(start: Node | Iterable[Node], kind: type[N], *, into_functions: bool = True) -> Iterator[N]:
    """Yield the nodes of one kind, in source order."""
    if isinstance(start, Node):
        return _find(start, kind, into_functions=into_functions, enter=True)
    return chain.from_iterable(_find(root, kind, into_functions=into_functions, enter=False) for root in list(start))


def _find(root: Node, kind: type[N], *, into_functions: bool, enter: bool) -> Iterator[N]:
    try:
        order = root.order
    except AttributeError:
        walked = _not_ordered(root, into_functions=into_functions, enter=enter)
        return (node for node in walked if isinstance(node, kind))
    if into_functions:
        return iter(order.find(root, kind))
    return order.find_outside_functions(root, kind, enter=enter)


def uses_of(name: str, function: Function) -> Iterator[Name]:
    """Yield where the body of a function uses a name, in source order: for what asks of one name after another."""
    body = function.body
    try:
        order, start, stop = body[0].order, body[0].start, body[-1].stop
    except (AttributeError, IndexError):
        return (use for use in find(body, Name) if use.id == name)
    return iter(order.named(name, start, stop))


def calls_in(start: Node | Iterable[Node], *, into_functions: bool = True) -> Iterator[Call]:
    """Yield the calls, in source order."""
    return find(start, Call, into_functions=into_functions)


def ancestors(node: Node) -> Iterator[Node]:
    """Yield the nodes around this one, nearest first."""
    current = node.parent
    while current is not None:
        yield current
        current = current.parent


def function_of(node: Node) -> Function | None:
    """Return the nearest function around a node; for a function the one around it."""
    if isinstance(node, Function):
        return node.outer
    try:
        return cast("Function | None", node.function)
    except AttributeError:  # the module is not lowered as a whole, or somebody made the node up
        pass
    for around in ancestors(node):
        if isinstance(around, Function):
            return around
    return None


def class_of(node: Node) -> Class | None:
    """Return the nearest class around a node."""
    for around in ancestors(node):
        if isinstance(around, Class):
            return around
    function = node if isinstance(node, Function) else function_of(node)
    while function is not None:
        if function.owner is not None:
            return function.owner
        function = function.outer
    return None


def object_around(this: Node) -> Object | None:
    """Return the object that ``this`` is where a node says so in a method of it; None in any other function.

    A name that a factory around declares stands for a member of that, and never for one of the object.
    """
    function = function_of(this)
    if function is None or function.module.text(this.raw) != "this":
        return None
    while function is not None and function.kind == "arrow":
        function = function.outer
    return function.parent if function is not None and isinstance(function.parent, Object) else None


def statement_of(node: Node) -> Statement | None:
    """Return the innermost statement that holds a node, or the node itself where it is one."""
    current: Node | None = node
    while current is not None:
        value = isinstance(current, Function | Class) and _is_value(current)
        if isinstance(current, Statement) and not value:
            return current
        current = current.parent
    return None


def _is_value(node: Node) -> bool:
    """Tell whether a function or class stands as a value inside an expression."""
    return node.parent is not None and not isinstance(node.parent, Function | Class | Statement)


def inside(node: Node, around: Node) -> bool:
    """Tell whether a node lies in another, or is it."""
    try:
        if node.order is around.order:
            return around.start <= node.start < around.stop
    except AttributeError:  # not lowered as a whole, or made up: the text tells as well
        pass
    return around.raw.start_byte <= node.raw.start_byte and node.raw.end_byte <= around.raw.end_byte


def behind(node: Node, other: Node) -> bool:
    """Tell whether a node comes after another one and all that is in it."""
    try:
        if node.order is other.order:
            return node.start >= other.stop
    except AttributeError:
        pass
    return node.raw.start_byte >= other.raw.end_byte


def names_in(start: Node | Iterable[Node], *, into_functions: bool = True) -> set[str]:
    """Return the ids of all the names that are read or written."""
    return {node.id for node in walk(start, into_functions=into_functions) if isinstance(node, Name)}


def is_assigned(name: Name) -> bool:
    """Tell whether a name is what an assignment gives a value, and no reading of it."""
    return isinstance(name.parent, Assign) and name.parent.target is name
