"""What shapes of Python need: lists of statements and expressions to go through, names that are free, conditions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeVar

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)
Shape = Callable[[ast.Module], ast.Module | None]
"""Changes a module in place and gives it back, or gives None where it has nothing of the kind."""
_Node = TypeVar("_Node", bound=ast.AST)

_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn,
    ast.NotIn: ast.In, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
}  # fmt: skip


class Place:
    """A list of statements: whose it is, and the function and the module around it."""

    def __init__(self, owner: ast.AST, function: ast.AST | None, names: Names) -> None:
        """Remember them."""
        self.owner, self.function, self.names = owner, function, names

    @property
    def is_body(self) -> bool:
        """Whether the list is the whole body of a function."""
        return isinstance(self.owner, FUNCTIONS)


class Names:
    """The names of a module, for new ones beside them."""

    def __init__(self, tree: ast.AST) -> None:
        """Gather all that stand in it."""
        self._used = names_in(tree)

    def fresh(self, base: str) -> str:
        """Return a name that nothing has yet."""
        name, number = base, 2
        while name in self._used:
            name, number = f"{base}{number}", number + 1
        self._used.add(name)
        return name


def names_in(tree: ast.AST) -> set[str]:
    """Return every name that is read, bound or defined."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    found |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return found | {node.name for node in ast.walk(tree) if isinstance(node, (*FUNCTIONS, ast.ClassDef))}


def read(name: str) -> ast.Name:
    """Return a name that is read."""
    return ast.Name(name, ast.Load())


def assign(name: str, value: ast.expr) -> ast.Assign:
    """Return ``name = value``."""
    return ast.Assign([ast.Name(name, ast.Store())], value)


def leaves(body: list[ast.stmt]) -> bool:
    """Tell whether nothing after these statements runs."""
    return bool(body) and isinstance(body[-1], LEAVING)


def plain_if(node: ast.stmt) -> bool:
    """Tell whether a statement is an ``if`` without ``else``."""
    return isinstance(node, ast.If) and not node.orelse


def opposite(test: ast.expr) -> ast.expr:
    """Return a condition that holds where this one does not."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]) in _OPPOSITE:
        return ast.Compare(test.left, [_OPPOSITE[type(test.ops[0])]()], test.comparators)
    if isinstance(test, ast.BoolOp):
        joined = ast.Or() if isinstance(test.op, ast.And) else ast.And()
        return ast.BoolOp(joined, [opposite(value) for value in test.values])
    return ast.UnaryOp(ast.Not(), test)


def has(node: ast.AST, *kinds: type[ast.AST]) -> bool:
    """Tell whether a node of one of these kinds stands below or at a node."""
    return any(isinstance(part, kinds) for part in ast.walk(node))


def swapped(node: _Node, give: Callable[[ast.AST], ast.AST | None]) -> _Node:
    """Put what ``give`` returns in the place of each node, from the innermost out."""

    class Swap(ast.NodeTransformer):
        def visit(self, inner: ast.AST) -> ast.AST:
            self.generic_visit(inner)
            return give(inner) or inner

    result: _Node = Swap().visit(node)
    return result


def of_statements(make: Callable[[list[ast.stmt], Place], list[ast.stmt] | None]) -> Shape:
    """Make a shape of what changes one list of statements, or gives None for it."""

    def shape(tree: ast.Module) -> ast.Module | None:
        names, changed = Names(tree), False

        def go(owner: ast.AST, function: ast.AST | None) -> None:
            nonlocal changed
            inner = owner if isinstance(owner, FUNCTIONS) else function
            for child in ast.iter_child_nodes(owner):
                go(child, inner)
            for part in ("body", "orelse", "finalbody"):
                body = getattr(owner, part, None)
                if not isinstance(body, list) or not body or isinstance(owner, ast.ClassDef) or _elif(owner, part):
                    continue
                made = make(list(body), Place(owner, inner, names))
                if made is not None:
                    changed = True
                    setattr(owner, part, made)

        go(tree, None)
        return tree if changed else None

    return shape


def _elif(owner: ast.AST, part: str) -> bool:
    return part == "orelse" and isinstance(owner, ast.If) and len(owner.orelse) == 1 and has_if(owner.orelse[0])


def has_if(node: ast.stmt) -> bool:
    """Tell whether a statement is an ``if``."""
    return isinstance(node, ast.If)


def of_each(make: Callable[[list[ast.stmt], int, Place], list[ast.stmt] | None]) -> Shape:
    """Make a shape of what puts a list of statements in the place of the one at an index, wherever it can."""

    def every(body: list[ast.stmt], place: Place) -> list[ast.stmt] | None:
        made: list[ast.stmt] = []
        changed = False
        for index, statement in enumerate(body):
            put = make(body, index, place)
            changed = changed or put is not None
            made += [statement] if put is None else put
        return made if changed else None

    return of_statements(every)


def of_expressions(make: Callable[[ast.AST], ast.AST | None]) -> Shape:
    """Make a shape of what puts one node in the place of another, or gives None for it."""

    def shape(tree: ast.Module) -> ast.Module | None:
        before = ast.dump(tree)
        swapped(tree, make)
        return tree if ast.dump(tree) != before else None

    return shape
