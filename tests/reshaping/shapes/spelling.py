"""The same said with other means of the language: loops, texts, annotations."""

from __future__ import annotations

import ast
from itertools import pairwise

from .tree import FUNCTIONS, Place, Shape, assign, has, of_each, of_expressions, of_statements, read

Body = list[ast.stmt]
_DECLARING = {"dataclass", "define", "frozen", "mutable"}
_DECLARED = {"Protocol", "TypedDict", "NamedTuple", "BaseModel", "Enum", "StrEnum", "Struct", "ABC"}


def _comprehension(body: Body, _place: Place) -> Body | None:
    """Write ``x = []`` and a loop that appends to it as a comprehension."""
    for index, (node, after) in enumerate(pairwise(body)):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if not isinstance(target, ast.Name) or not isinstance(value, ast.List) or value.elts:
            continue
        if not isinstance(after, ast.For) or after.orelse or len(after.body) != 1:
            continue
        only, tests = after.body[0], list[ast.expr]()
        if isinstance(only, ast.If) and not only.orelse and len(only.body) == 1:
            only, tests = only.body[0], [only.test]
        call = only.value if isinstance(only, ast.Expr) else None
        if isinstance(call, ast.Call) and ast.unparse(call.func) == f"{target.id}.append":
            each = ast.comprehension(after.target, after.iter, tests, 0)
            return [*body[:index], ast.Assign([target], ast.ListComp(call.args[0], [each])), *body[index + 2 :]]
    return None


def _loop(body: Body, index: int, place: Place) -> Body | None:
    """Write a comprehension that is kept or returned as a loop."""
    node = body[index]
    value = node.value if isinstance(node, (ast.Assign, ast.Return)) else None
    if place.function is None or not isinstance(value, (ast.ListComp, ast.DictComp)) or len(value.generators) != 1:
        return None
    kept = node.targets[0] if isinstance(node, ast.Assign) else None
    if isinstance(node, ast.Assign) and not isinstance(kept, ast.Name):
        return None
    name = kept.id if isinstance(kept, ast.Name) else place.names.fresh("gathered")
    each = value.generators[0]
    inner: ast.stmt
    empty: ast.expr
    if isinstance(value, ast.ListComp):
        inner = ast.Expr(ast.Call(ast.Attribute(read(name), "append", ast.Load()), [value.elt], []))
        empty = ast.List([], ast.Load())
    else:
        inner = ast.Assign([ast.Subscript(read(name), value.key, ast.Store())], value.value)
        empty = ast.Dict([], [])
    for test in reversed(each.ifs):
        inner = ast.If(test, [inner], [])
    loop = (ast.AsyncFor if each.is_async else ast.For)(each.target, each.iter, [inner], [])
    return [assign(name, empty), loop, *([] if kept is not None else [ast.Return(read(name))])]


def _format(node: ast.AST) -> ast.AST | None:
    """Write ``f"a {b}"`` as ``"a {}".format(b)``."""
    if not isinstance(node, ast.JoinedStr) or not _is_plain(node):
        return None
    text = "".join(
        str(part.value).replace("{", "{{").replace("}", "}}") if isinstance(part, ast.Constant) else "{}"
        for part in node.values
    )
    given = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
    return ast.Call(ast.Attribute(ast.Constant(text), "format", ast.Load()), given, []) if given else None


def _concat(node: ast.AST) -> ast.AST | None:
    """Write ``f"a {b}"`` as ``"a " + b``."""
    if not isinstance(node, ast.JoinedStr) or not _is_plain(node) or not has(node, ast.FormattedValue):
        return None
    parts: list[ast.expr] = [part if isinstance(part, ast.Constant) else part.value for part in node.values]
    if not isinstance(node.values[0], ast.Constant):
        parts.insert(0, ast.Constant(""))
    joined = parts[0]
    for part in parts[1:]:
        joined = ast.BinOp(joined, ast.Add(), part)
    return joined


def _is_plain(text: ast.JoinedStr) -> bool:
    return all(
        isinstance(part, ast.Constant) or (part.format_spec is None and part.conversion == -1) for part in text.values
    )


def _untype(tree: ast.Module) -> ast.Module | None:
    """Take annotations away, but those that make the fields of a record."""
    before = ast.dump(tree)
    for owner in list(ast.walk(tree)):
        if isinstance(owner, FUNCTIONS):
            owner.returns = None
            given = owner.args
            for one in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
                if one is not None:
                    one.annotation = None
        body = getattr(owner, "body", None)
        if isinstance(body, list) and not (isinstance(owner, ast.ClassDef) and _declares(owner)):
            for part in ("body", "orelse", "finalbody"):
                if isinstance(getattr(owner, part, None), list):
                    setattr(owner, part, [_bare(statement) for statement in getattr(owner, part)])
    return tree if ast.dump(tree) != before else None


def _declares(owner: ast.ClassDef) -> bool:
    made = {ast.unparse(one).split("(")[0].split(".")[-1] for one in owner.decorator_list}
    bases = {ast.unparse(one).split("[")[0].split(".")[-1] for one in owner.bases}
    return bool(made & _DECLARING or bases & _DECLARED)


def _bare(node: ast.stmt) -> ast.stmt:
    if not isinstance(node, ast.AnnAssign):
        return node
    return ast.Assign([node.target], node.value) if node.value is not None else ast.Pass()


def _reprint(tree: ast.Module) -> ast.Module:
    """Change nothing but layout and comments."""
    return tree


SHAPES: dict[str, Shape] = {
    "reprint": _reprint,
    "comprehension": of_statements(_comprehension),
    "loop": of_each(_loop),
    "format": of_expressions(_format),
    "concat": of_expressions(_concat),
    "untype": _untype,
}
