"""Classes written the old way: a constructor function whose methods are put on its ``prototype``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.form import build_statements as build
from reviewer.code.syntax import (
    Assign,
    Call,
    Class,
    Expr,
    ExprStatement,
    Function,
    Literal,
    Member,
    Name,
    Object,
    strip,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Statement


def with_prototype_classes(module: Module, body: list[Statement]) -> list[Statement]:
    """Return the statements of a module with a `Class` behind every constructor function that has methods.

    The functions stay where they stand in the tree; the class only holds them together and is
    their ``owner``, so that ``this`` in one method means the same as in the others.
    """
    if b".prototype" not in module.source:
        return body
    methods: dict[str, list[tuple[str, Function]]] = {}
    bases: dict[str, list[Expr]] = {}
    for expr in _expressions(body):
        for owner, name, function in _methods(expr):
            methods.setdefault(owner, []).append((name, function))
        base = _base(expr)
        if base is not None:
            bases.setdefault(base[0], []).append(base[1])
    found: list[Statement] = []
    for statement in body:
        found.append(statement)
        if isinstance(statement, Function) and statement.kind == "function" and statement.name in methods:
            name = statement.name
            found.append(_class(module, statement, methods.pop(name), bases.get(name, [])))
    return found


def _class(module: Module, maker: Function, methods: list[tuple[str, Function]], bases: list[Expr]) -> Class:
    made = build.class_(maker.raw, module, maker.name, "class", None)
    made.bases = bases
    maker.kind, maker.name, maker.owner = "constructor", "constructor", made
    made.methods.append(maker)
    for name, function in methods:
        function.kind, function.name, function.owner = "method", name, made
        function.private = name.startswith("_")
        made.methods.append(function)
    return made


def _expressions(body: Iterable[Statement]) -> Iterator[Expr]:
    for statement in body:
        inner: object = statement.value if isinstance(statement, ExprStatement) else statement
        while isinstance(inner, Assign):  # ``a.prototype.on = a.prototype.add = function () {}``
            yield inner
            inner = inner.value
        if isinstance(inner, Call):
            yield inner


def _methods(expr: Expr) -> Iterator[tuple[str, str, Function]]:
    """Yield (constructor, method, function) for what an expression puts on a prototype."""
    if isinstance(expr, Assign) and expr.op == "=":
        target = strip(expr.target)
        if isinstance(target, Member) and isinstance(expr.value, Function) and expr.value.kind == "function":
            owner = _of_prototype(target.object)
            if owner:
                yield owner, target.name, expr.value
            return
        if isinstance(expr.value, Object):
            yield from _in_object(_of_prototype(target), expr.value)
    elif isinstance(expr, Call) and expr.name == "assign" and len(expr.args) == 2:
        given = strip(expr.args[1])
        if isinstance(given, Object):
            yield from _in_object(_of_prototype(expr.args[0]), given)


def _in_object(owner: str, given: Object) -> Iterator[tuple[str, str, Function]]:
    for key, value in given.entries:
        if owner and isinstance(key, Literal) and isinstance(value, Function) and value.kind in ("function", "method"):
            yield owner, str(key.value), value


def _of_prototype(expr: Expr) -> str:
    """Return ``X`` for ``X.prototype``, else an empty string."""
    expr = strip(expr)
    if isinstance(expr, Member) and expr.name == "prototype" and isinstance(expr.object, Name):
        return expr.object.id
    return ""


def _base(expr: Expr) -> tuple[str, Expr] | None:
    """Return a constructor and its base: ``util.inherits(A, B)`` or ``A.prototype = Object.create(B.prototype)``."""
    if isinstance(expr, Call) and expr.name == "inherits" and len(expr.args) == 2 and isinstance(expr.args[0], Name):
        return expr.args[0].id, expr.args[1]
    if isinstance(expr, Assign) and isinstance(expr.value, Call) and expr.value.name == "create" and expr.value.args:
        owner, given = _of_prototype(expr.target), strip(expr.value.args[0])
        if owner and isinstance(given, Member) and given.name == "prototype":
            return owner, given.object
    return None
