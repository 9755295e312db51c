"""The same values under names of their own, or without the names that they had."""

from __future__ import annotations

import ast
import re
from itertools import pairwise

from .tree import FUNCTIONS, Names, Place, Shape, assign, has, names_in, of_each, of_statements, read, swapped

Body = list[ast.stmt]
_WORTH_A_NAME = (ast.Call, ast.Attribute, ast.Subscript, ast.JoinedStr, ast.Dict)
_MADE = (ast.Call, ast.BinOp, ast.BoolOp, ast.Compare, ast.Await, ast.IfExp, ast.JoinedStr)
_WORD = re.compile(r"[A-Za-z][\w.:-]{2,40}")
_LATER = (*FUNCTIONS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _result(body: Body, index: int, place: Place) -> Body | None:
    node = body[index]
    if not isinstance(node, ast.Return) or not isinstance(node.value, _MADE):
        return None
    name = place.names.fresh("outcome")
    return [assign(name, node.value), ast.Return(read(name))]


def _argument(body: Body, index: int, place: Place) -> Body | None:
    node = body[index]
    call = node.value if isinstance(node, ast.Expr) else None
    call = call.value if isinstance(call, ast.Await) else call
    if not isinstance(call, ast.Call):
        return None
    at = next((number for number, given in enumerate(call.args) if isinstance(given, _WORTH_A_NAME)), None)
    if at is None:
        return None
    name = place.names.fresh("part")
    named = assign(name, call.args[at])
    call.args[at] = read(name)
    return [named, node]


def _inline(body: Body, place: Place) -> Body | None:
    if place.function is None:
        return None
    for index, (node, after) in enumerate(pairwise(body)):
        if not isinstance(node, ast.Assign) or len(node.targets) != 1 or isinstance(node.value, ast.Lambda):
            continue
        target = node.targets[0]
        if isinstance(target, ast.Name) and _used_once(place.function, after, target.id):
            return [*body[:index], _with(after, target.id, node.value), *body[index + 2 :]]
    return None


def _used_once(function: ast.AST, after: ast.stmt, name: str) -> bool:
    """Tell whether a name is bound once and read once, at once, in the statement that follows."""
    if not isinstance(after, (ast.Expr, ast.Return, ast.If, ast.Assign)) or has(after, *_LATER):
        return False
    where = after.test if isinstance(after, ast.If) else after
    here = sum(isinstance(part, ast.Name) and part.id == name for part in ast.walk(where))
    return here == 1 and sum(isinstance(part, ast.Name) and part.id == name for part in ast.walk(function)) == 2


def _with(node: ast.stmt, name: str, value: ast.expr) -> ast.stmt:
    return swapped(node, lambda part: value if isinstance(part, ast.Name) and part.id == name else None)


def _words(tree: ast.Module) -> ast.Module | None:
    """Give each word that is handed to a call a name at the top of the module."""
    names, known = Names(tree), dict[str, str]()

    def named(node: ast.AST) -> ast.AST | None:
        if isinstance(node, ast.Call):
            for number, given in enumerate(node.args):
                if isinstance(given, ast.Constant) and isinstance(given.value, str) and _WORD.fullmatch(given.value):
                    word = given.value
                    known.setdefault(word, names.fresh(re.sub(r"\W+", "_", word).upper()))
                    node.args[number] = read(known[word])
        return None

    swapped(tree, named)
    top = 0
    while top < len(tree.body) and isinstance(tree.body[top], (ast.Import, ast.ImportFrom, ast.Expr)):
        top += 1
    tree.body[top:top] = [assign(name, ast.Constant(word)) for word, name in known.items()]
    return tree if known else None


def _methods(tree: ast.Module) -> list[tuple[ast.ClassDef, ast.FunctionDef | ast.AsyncFunctionDef]]:
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return [(owner, one) for owner in classes for one in owner.body if isinstance(one, FUNCTIONS) and is_method(one)]


def is_method(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a function of a class takes the object first."""
    return bool(function.args.args) and function.args.args[0].arg == "self"


def of_self(node: ast.AST) -> bool:
    """Tell whether a node is ``self.x``."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def _field_locals(tree: ast.Module) -> ast.Module | None:
    """Take fields that a method only reads into locals where it begins: ``plugins = self._plugins``."""
    changed = False
    for owner, method in _methods(tree):
        taken = set() if method.name == "__init__" else _only_read(owner, method)
        if not taken:
            continue
        changed = True
        for number, statement in enumerate(method.body):
            method.body[number] = swapped(statement, lambda node, taken=taken: _local(node, taken))
        first = method.body[0]
        top = 1 if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) else 0
        method.body[top:top] = [
            assign(field.lstrip("_"), ast.Attribute(read("self"), field, ast.Load())) for field in sorted(taken)
        ]
    return tree if changed else None


def _local(node: ast.AST, taken: set[str]) -> ast.AST | None:
    return (
        read(node.attr.lstrip("_"))
        if of_self(node) and isinstance(node, ast.Attribute) and node.attr in taken
        else None
    )


def _only_read(owner: ast.ClassDef, method: ast.AST) -> set[str]:
    """Return the fields that a method reads and neither sets nor calls."""
    nodes = list(ast.walk(method))
    fields = {node.attr for node in nodes if isinstance(node, ast.Attribute) and of_self(node)}
    fields -= {one.name for one in owner.body if isinstance(one, FUNCTIONS)}
    fields -= {n.attr for n in nodes if isinstance(n, ast.Attribute) and of_self(n) and not isinstance(n.ctx, ast.Load)}
    fields -= {
        n.func.attr for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and of_self(n.func)
    }
    bound = names_in(method)
    return {field for field in fields if field.lstrip("_") not in bound}


def _public(tree: ast.Module) -> ast.Module | None:
    """Take the underscore from the names of fields and methods."""
    own = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and of_self(node)}
    own |= {
        one.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for one in node.body
        if isinstance(one, FUNCTIONS)
    }
    hidden = {name for name in own if re.fullmatch(r"_[^_].*", name) and name[1:] not in own}
    return _renamed(tree, {name: name[1:] for name in hidden})


def _private(tree: ast.Module) -> ast.Module | None:
    """Put an underscore before the names of fields that only the object itself asks for."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    fields = {node.attr for node in nodes if of_self(node) and isinstance(node.ctx, ast.Store)}
    asked = {node.attr for node in nodes if not of_self(node)}
    return _renamed(tree, {name: f"_{name}" for name in fields - asked if not name.startswith("_")})


def _renamed(tree: ast.Module, names: dict[str, str]) -> ast.Module | None:
    changed = False
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in names:
            node.attr, changed = names[node.attr], True
        elif isinstance(node, FUNCTIONS) and node.name in names:
            node.name, changed = names[node.name], True
    return tree if changed else None


SHAPES: dict[str, Shape] = {
    "result-by-name": of_each(_result),
    "argument-by-name": of_each(_argument),
    "inline": of_statements(_inline),
    "word-by-name": _words,
    "field-by-name": _field_locals,
    "public": _public,
    "private": _private,
}
