"""What is kept in a list of records, and found again by their members: ``kept.find((one) => one.code === code)``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import (
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    If,
    Index,
    Member,
    Name,
    Object,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import find

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

_FINDS: Final = frozenset({"find", "some", "findLast"})


def listed(module: Module) -> Iterator[tuple[Table, Access, Access, Expr]]:
    """Yield (table, what puts a record in, where the function looks for it before, by what) of a module's lists."""
    for table in tables(module):
        writes = table.of("write") if table.kind == "list" else []
        for write in writes:
            if write.function is None or write.value is None or not _is_record(module, write.value):
                continue
            for access in table.of("iterate"):
                told = _told(access) if access.function is write.function else None
                if told is not None and access.node.start < write.node.start:
                    yield table, write, access, told
                    break


def _is_record(module: Module, value: Expr) -> bool:
    made = module.scopes.origin(value)
    return isinstance(made, Object) or (isinstance(made, Call) and (made.new or made.name[:1].isupper()))


def _told(access: Access) -> Expr | None:
    """Return the condition by which one record is found, where it is held against something from outside of it."""
    node = access.node
    if isinstance(node, Call) and node.name in _FINDS and node.args:
        given = strip(node.args[0])
        answer = next(returns_of(given), None) if isinstance(given, Function) and given.params else None
        if isinstance(given, Function) and answer is not None and answer.value is not None:
            first = given.params[0]
            return _held_against(answer.value, {first.name, *first.fields.values()})
    elif isinstance(node, Comprehension) and len(node.tests) == 1 and isinstance(node.parent, Call):
        names = {one.id for target, _iterable in node.clauses for one in find(target, Name)}
        return _held_against(node.tests[0], names) if node.parent.name in ("next", "any") else None
    elif (
        isinstance(node, For)
        and node.target is not None
        and len(node.body) == 1
        and isinstance(branch := node.body[0], If)
    ):
        return _held_against(branch.test, {one.id for one in find(node.target, Name)})
    return None


def _held_against(test: Expr, names: set[str]) -> Expr | None:
    """Return a condition that asks for nothing but that members of a record are what is given."""
    test = strip(test)
    parts = [test]
    while any(isinstance(part, Binary) and part.op in ("&&", "and") for part in parts):
        parts = [
            strip(side)
            for part in parts
            for side in ((part.left, part.right) if isinstance(part, Binary) and part.op in ("&&", "and") else (part,))
        ]
    own = all(isinstance(part, Binary) and part.op == "==" and _is_member(part, names) for part in parts)
    return test if own else None


def _is_member(part: Binary, names: set[str]) -> bool:
    sides = [strip(part.left), strip(part.right)]
    of_it = [isinstance(root := _root(side), Name) and root.id in names for side in sides]
    return of_it.count(True) == 1


def _root(expr: Expr) -> Expr:
    while isinstance(expr, Member | Index):
        expr = strip(expr.object)
    return expr
