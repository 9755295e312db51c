"""Objects that are made of another one with some members replaced, in every spelling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field

from reviewer.code.flow import siblings
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    ExprStatement,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Spread,
    Statement,
    strip,
)
from reviewer.code.walk import ancestors, statement_of

if TYPE_CHECKING:
    from reviewer.code.module import Module

_FREEZERS = frozenset({"freeze", "seal", "MappingProxyType", "deepFreeze", "SimpleNamespace", "cast"})


class Merge(Struct):
    """``base`` with ``entries`` put in place of its members; ``name`` and ``type`` are those of what is made."""

    at: Node
    base: Expr
    entries: dict[str, Expr] = field(default_factory=dict)
    name: str = ""
    type: str = ""


def merges(module: Module) -> Iterator[Merge]:
    """Yield the merges of a module, in source order."""
    for node in module.all_nodes:
        merge = _merge(module, node)
        if merge is not None:
            _named(module, merge, node)
            yield merge


def _merge(module: Module, node: Node) -> Merge | None:
    if isinstance(node, Object) and node.spreads:
        if isinstance(node.parent, Call) and node.parent.name == "assign":
            return None  # the call speaks for it
        own = [made for later in node.spreads[1:] if isinstance(made := module.scopes.origin(later), Object)]
        return _with(Merge(node, node.spreads[0]), node, *own)  # {...shared, ...{mine}}
    if isinstance(node, Binary) and node.op == "|" and isinstance(node.right, Object):
        return _with(Merge(node, node.left), node.right)
    if isinstance(node, Call):
        return _of_call(module, node)
    return None


def _with(merge: Merge, *objects: Object) -> Merge:
    for entries in objects:
        for key, value in entries.entries:
            if isinstance(key, Literal):
                merge.entries[str(key.value)] = value
    return merge


def _of_call(module: Module, call: Call) -> Merge | None:
    name = call.name
    if name == "assign" and len(call.args) > 1:
        given = [strip(a) for a in call.args]
        own = [module.scopes.origin(a) if isinstance(a, Name) else None for a in given[:1] + given[2:]]
        objects = [a for a in (*given, *own) if isinstance(a, Object)]
        named = {id(a) for a in given if isinstance(module.scopes.origin(a), Object)}
        bases = [a for a in call.args if not isinstance(strip(a), Object | Spread) and not _empty(strip(a))]
        bases = [a for a in bases if id(strip(a)) not in named] or bases
        spread = [s for entries in objects for s in entries.spreads]
        if objects and (bases or spread):
            return _with(Merge(call, (bases or spread)[0]), *objects)
    if _copies(module, call):
        return Merge(call, call.args[0])
    if name in ("replace", "evolve", "_replace", "model_copy", "copy_with", "copy") and call.keywords:
        entries = dict(call.keywords)
        base = call.receiver
        if name in ("replace", "evolve"):
            base = call.arg(0) if call.keywords else None
        update = strip(entries["update"]) if "update" in entries else None
        if isinstance(update, Object):
            return _with(Merge(call, base), update) if base is not None else None
        return Merge(call, base, entries) if base is not None and entries else None
    if module.language == "python":
        spread = [strip(a.value) for a in call.args if isinstance(a, Spread)]
        if spread:
            return Merge(call, spread[0], dict(call.keywords))
        if name == "dict" and len(call.args) == 1 and call.keywords:
            return Merge(call, call.args[0], dict(call.keywords))
    return None


def _copies(module: Module, call: Call) -> bool:
    """Tell whether a call only copies, so that what follows replaces members of the copy."""
    resolved = module.resolve(call.callee)
    if len(call.args) != 1 or call.keywords or isinstance(call.args[0], Object | Literal | Spread):
        return False
    return resolved in ("copy.copy", "dict", "Object.create", "copy.deepcopy") or call.name == "shallowCopy"


def _empty(expr: Expr) -> bool:
    return isinstance(expr, Call) and expr.name == "create"


def _named(module: Module, merge: Merge, node: Node) -> None:
    """Add what the merged object is called, and the members that are replaced right after."""
    for around in ancestors(node):
        if isinstance(around, Call) and around.name not in _FREEZERS and not merge.name:
            merge.name = merge.name or around.name
        if isinstance(around, Assign):
            merge.type = around.type
            if isinstance(around.target, Name):
                merge.name = around.target.id
                _later(module, merge, around)
            elif isinstance(around.target, Member):
                merge.name = around.target.name
        if isinstance(around, Statement):
            if isinstance(around, Return) and not merge.name:
                merge.name = "returned"
            return


def _later(module: Module, merge: Merge, made: Assign) -> None:
    statement = statement_of(made)
    if statement is None or not isinstance(made.target, Name):
        return
    listed = siblings(statement, module)
    updates = f"{made.target.id}.update"
    at = next((i for i, other in enumerate(listed) if other is statement), len(listed))
    for later in listed[at + 1 :]:
        value = later.value if isinstance(later, ExprStatement) else None
        if isinstance(value, Assign) and value.value is not None:
            name = _member_of(value.target, made.target.id)
            if name:
                merge.entries[name] = value.value
        elif isinstance(value, Call) and value.name == "update" and module.text_of(value.callee) == updates:
            merge.entries.update(value.keywords)
            if value.args and isinstance(value.args[0], Object):
                _with(merge, value.args[0])


def _member_of(target: Expr, name: str) -> str:
    if isinstance(target, Member) and isinstance(target.object, Name) and target.object.id == name:
        return target.name
    if isinstance(target, Index) and isinstance(target.object, Name) and target.object.id == name:
        return target.key.value if isinstance(target.key, Literal) and isinstance(target.key.value, str) else ""
    return ""
