"""The same code standing elsewhere: in a helper, in a file beside, under an import of another form."""

from __future__ import annotations

import ast
import copy
import re

from .names import is_method
from .tree import FUNCTIONS, Shape, has, names_in, read, swapped


def _helper(tree: ast.Module) -> ast.Module | None:
    """Move the body of each public function and method into a private one beside it."""
    used, changed = names_in(tree), False
    for owner in [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]:
        for index, one in reversed(list(enumerate(owner.body))):
            if not isinstance(one, FUNCTIONS) or not _can_move(one, in_class=owner is not tree):
                continue
            inner = f"_do_{one.name.strip('_')}"
            if inner not in used:
                owner.body.insert(index + 1, _moved(one, inner, in_class=owner is not tree))
                changed = True
    return tree if changed else None


def _can_move(function: ast.FunctionDef | ast.AsyncFunctionDef, *, in_class: bool) -> bool:
    given = function.args
    plain = not (given.vararg or given.kwarg or given.kwonlyargs or given.posonlyargs or given.defaults)
    named = not function.name.startswith("__" if in_class else "_") and not function.decorator_list
    told = isinstance(function.body[0], ast.Expr) and isinstance(function.body[0].value, ast.Constant)
    if not plain or not named or len(function.body) < 2 + told or has(function, ast.Yield, ast.YieldFrom):
        return False
    return not in_class or (is_method(function) and "super" not in names_in(function))


def _moved(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str, *, in_class: bool) -> ast.stmt:
    """Return the private function, and leave a call of it in the public one."""
    told = (
        function.body[:1]
        if isinstance(function.body[0], ast.Expr) and isinstance(function.body[0].value, ast.Constant)
        else []
    )
    inner = copy.deepcopy(function)
    inner.name, inner.body = name, inner.body[len(told) :]
    given: list[ast.expr] = [read(one.arg) for one in function.args.args]
    if in_class:
        call = ast.Call(ast.Attribute(given[0], name, ast.Load()), given[1:], [])
    else:
        call = ast.Call(read(name), given, [])
    answer = ast.Await(call) if isinstance(function, ast.AsyncFunctionDef) else call
    function.body = [*told, ast.Return(answer)]
    return inner


def _from_imports(tree: ast.Module) -> ast.Module | None:
    """Write ``import os`` as ``from os import …`` of the members that are used."""
    changed = False
    for node in list(tree.body):
        if (
            not isinstance(node, ast.Import)
            or len(node.names) != 1
            or node.names[0].asname
            or "." in node.names[0].name
        ):
            continue
        name = node.names[0].name
        members = [part for part in ast.walk(tree) if _member_of(part, name)]
        reads = sum(isinstance(part, ast.Name) and part.id == name for part in ast.walk(tree))
        wanted = {part.attr for part in members if isinstance(part, ast.Attribute)}
        if not wanted or reads != len(members) or wanted & names_in(tree):
            continue
        swapped(tree, lambda part, name=name: ast.Name(part.attr, part.ctx) if _member_of(part, name) else None)
        tree.body[tree.body.index(node)] = ast.ImportFrom(name, [ast.alias(one) for one in sorted(wanted)], 0)
        changed = True
    return tree if changed else None


def _member_of(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name


def _aliases(tree: ast.Module) -> ast.Module | None:
    """Import modules and functions under names with an underscore."""
    renamed: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Import) and len(node.names) == 1 and "." not in node.names[0].name:
            taken = node.names
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module != "__future__":
            taken = [one for one in node.names if one.name[:1].islower()]
        else:
            continue
        for one in taken:
            if one.asname is None:
                one.asname = renamed[one.name] = f"_{one.name}"
    for part in ast.walk(tree):
        if isinstance(part, ast.Name) and part.id in renamed:
            part.id = renamed[part.id]
    return tree if renamed else None


def split(path: str, text: str) -> dict[str, str] | None:
    """Move helpers, constants and classes that the rest of a module uses to a module beside it; return both files."""
    tree = ast.parse(text)
    tops = {name: node for node in tree.body for name in _defined(node)}
    moved = _movable(tree, tops)
    rest = [node for node in tree.body if node not in moved]
    wanted = [name for name, node in tops.items() if node in moved and any(name in names_in(one) for one in rest)]
    if (
        path.endswith("__init__.py")
        or not wanted
        or not any(isinstance(one, (*FUNCTIONS, ast.ClassDef)) for one in rest)
    ):
        return None
    folder, _, stem = path.removesuffix(".py").rpartition("/")
    beside = f"{folder}/{stem}_parts.py".lstrip("/")
    future = [one for one in rest if isinstance(one, ast.ImportFrom) and one.module == "__future__"]
    imports = [one for one in rest if isinstance(one, (ast.Import, ast.ImportFrom)) and one not in future]
    code = [one for one in rest if one not in future and one not in imports]
    told = code[:1] if isinstance(code[0], ast.Expr) and isinstance(code[0].value, ast.Constant) else []
    taken = ast.ImportFrom(f"{stem}_parts", [ast.alias(name) for name in wanted], 1)
    main = [*told, *future, *_needed(imports, code), taken, *code[len(told) :]]
    parts = [*future, *_needed(imports, moved), *moved]
    return {path: _text(main), beside: _text(parts)}


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return [node.name]
    target = (
        node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else getattr(node, "target", None)
    )
    return [target.id] if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(target, ast.Name) else []


def _movable(tree: ast.Module, tops: dict[str, ast.stmt]) -> list[ast.stmt]:
    """Return what others use and what needs nothing of the module that stays."""
    chosen = {
        node for name, node in tops.items()
        if any(name in names_in(other) for other in tree.body if other is not node) and not has(node, ast.Global)
    }  # fmt: skip
    while out := {
        node for node in chosen if any(tops[name] not in chosen | {node} for name in names_in(node) if name in tops)
    }:
        chosen -= out
    return [node for node in tree.body if node in chosen]


def _needed(imports: list[ast.stmt], code: list[ast.stmt]) -> list[ast.stmt]:
    texts = " ".join(str(part.value) for node in code for part in ast.walk(node) if isinstance(part, ast.Constant))
    used = {name for node in code for name in names_in(node)} | set(re.findall(r"\w+", texts))
    return [
        one for one in imports
        if isinstance(one, (ast.Import, ast.ImportFrom))
        and any((alias.asname or alias.name).split(".")[0] in used or alias.name == "*" for alias in one.names)
    ]  # fmt: skip


def _text(body: list[ast.stmt]) -> str:
    return ast.unparse(ast.fix_missing_locations(ast.Module(body, []))) + "\n"


SHAPES: dict[str, Shape] = {"helper": _helper, "from-imports": _from_imports, "import-aliases": _aliases}
