"""Whether code asks for a part of the host's API before it uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from reviewer.code.flow import guarding_try
from reviewer.code.syntax import (
    Binary,
    Call,
    Cast,
    Conditional,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Unary,
    While,
    strip,
)
from reviewer.code.walk import ancestors, class_of, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.host.symbols import symbol_of
from reviewer.subject.api_table import release

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.subject.api_table import ApiTable

_ASKS: Final = frozenset({"and", "or", "??", "==", "!=", "in"})
_HAS: Final = ("hasOwnProperty", "hasOwn", "has")
"""Functions that tell whether an object has a member of the name that is given last."""
_UNTYPED: Final = frozenset({"any", "unknown"})


def certainty(inquiry: Inquiry, module: Module, table: ApiTable, use: Expr) -> Confidence | None:
    """Return how sure it is that a use meets a host without the symbol: None where the code asks first."""
    names = chain(use)
    if _asked(module, use) or not asked_names(module).isdisjoint(names):
        return None
    if _asks_version(module, table, use):
        return None
    if guarding_try(use) is not None or _untyped(use) or _version_known(module, table):
        return Confidence.POSSIBLE
    return Confidence.POSSIBLE if _asked_elsewhere(inquiry, table, names) else Confidence.LIKELY


def _asked_elsewhere(inquiry: Inquiry, table: ApiTable, names: frozenset[str]) -> bool:
    """Tell whether any file of the subject asks for one of these names, or knows the version of the host."""
    versions = {name.rsplit(".", 1)[-1] for name in table.version}
    return any(
        not _asked_in(inquiry, path).isdisjoint(names) for path in inquiry.project.paths(names, tests=False)
    ) or any(_version_known_in(inquiry, path, table) for path in inquiry.project.paths(versions, tests=False))


def _asked_in(inquiry: Inquiry, path: str) -> frozenset[str]:
    """Return the names that a file asks for; remembered, since every use of the API wants to know it of every file."""
    key = f"host.asked {path}"
    if key not in inquiry.memory:
        module = inquiry.project.module(path)
        inquiry.memory[key] = asked_names(module) if module is not None else frozenset()
    return cast("frozenset[str]", inquiry.memory[key])


def _version_known_in(inquiry: Inquiry, path: str, table: ApiTable) -> bool:
    """Tell whether a file knows the version of the host; remembered likewise."""
    key = f"host.version.{table.host} {path}"
    if key not in inquiry.memory:
        module = inquiry.project.module(path)
        inquiry.memory[key] = module is not None and _version_known(module, table)
    return bool(inquiry.memory[key])


def answers_newer(module: Module, table: ApiTable, use: Expr, since: str) -> bool:
    """Tell whether a use stands in a class that overrides what only hosts of that release, or newer ones, call.

    An older host goes another way through the class, as through ``display`` where a newer one asks for
    ``getSettingDefinitions``.
    """
    cls = class_of(use)
    if cls is None:
        return False
    owners = [table.spelled(module.resolve(base)) for base in cls.bases]
    rows = (table.symbols.get(f"{owner}#{method.name}") for owner in owners for method in cls.methods)
    return any(row is not None and row.since and release(row.since) >= release(since) for row in rows)


def chain(use: Expr) -> frozenset[str]:
    """Return the last name of a use and those of the objects it is taken of, without the root."""
    names = set()
    expr: Expr = strip(use)
    while isinstance(expr, Member | Call):
        if isinstance(expr, Member):
            names.add(expr.name)
            expr = strip(expr.object)
        else:
            expr = strip(expr.callee)
    if isinstance(expr, Name) and not names:
        names.add(expr.id)
    return frozenset(names)


def asked_names(module: Module) -> frozenset[str]:
    """Return the names of members whose presence is asked for anywhere in a module."""
    return module.once("host.asked", lambda: frozenset(_asked_names(module)))


def _asked_names(module: Module) -> set[str]:
    found = {node.name for node in module.all(Member) if _asked(module, node)}
    found |= {node.id for node in module.all(Name) if _asked(module, node)}
    for node in module.all(Binary):
        if node.op == "in" and isinstance(node.left, Literal) and isinstance(node.left.value, str):
            found.add(node.left.value)
    for call in module.calls(_HAS):
        given = call.args[-1] if call.args else None
        if isinstance(given, Literal) and isinstance(given.value, str):
            found.add(given.value)
    for index in module.all(Index):
        if isinstance(index.key, Literal) and isinstance(index.key.value, str) and _asked(module, index):
            found.add(index.key.value)
    return found


def _asked(module: Module, node: Expr) -> bool:
    """Tell whether a value is tested right where it stands: ``if (x)``, ``x?.y``, ``typeof x``, ``x && …``."""
    inner: Node = node
    around = node.parent
    while isinstance(around, Cast):
        inner, around = around, around.parent
    if isinstance(around, Member | Index):
        return around.optional and inner is around.object
    if isinstance(around, Call):
        return (around.optional and inner is around.callee) or (
            inner is not around.callee and module.resolve(around.callee) == "Boolean"
        )
    if isinstance(around, If | While | Conditional):
        return inner is around.test
    if isinstance(around, Unary):
        return around.op in ("not", "typeof")
    if isinstance(around, Binary):
        return around.op in _ASKS and (inner is around.left or around.op in ("==", "!="))
    return False


def _asks_version(module: Module, table: ApiTable, use: Expr) -> bool:
    """Tell whether a function around a use reads the version of the host, or asks a function that does."""
    versions = _version_readers(module, table)
    function = function_of(use)
    while function is not None:
        if function.start in versions:
            return True
        function = function.outer
    return False


def _version_known(module: Module, table: ApiTable) -> bool:
    return bool(_version_readers(module, table))


def _version_readers(module: Module, table: ApiTable) -> frozenset[int]:
    """Return the places of the functions that read the version of the host, or call one that does; -1 is the file."""
    return module.once(f"host.version.{table.host}", lambda: frozenset(_readers(module, table)))


def _readers(module: Module, table: ApiTable) -> set[int]:
    asked = set(table.version)
    lasts = {name.rsplit(".", 1)[-1] for name in asked}
    if lasts.isdisjoint(module.identifiers):
        return set()
    places, named = set(), set()
    for node in module.some(Name, Member):
        last = node.id if isinstance(node, Name) else node.name if isinstance(node, Member) else ""
        if last not in lasts or not isinstance(node, Expr):
            continue
        row = symbol_of(module, table, node)
        if row is None or row.name not in asked:
            continue
        function = function_of(node)
        places.add(function.start if function is not None else -1)
        named |= {function.name} if function is not None else set()
    for call in module.all(Call):
        if call.name and call.name in named:
            around: Function | None = function_of(call)
            places.add(around.start if around is not None else -1)
    return places


def _untyped(use: Expr) -> bool:
    """Tell whether the author took the types away on the way to a member: ``(vscode as any).x``."""
    return any(isinstance(part, Cast) and part.type in _UNTYPED for part in _inside(use)) or any(
        isinstance(around, Cast) and around.type in _UNTYPED for around in list(ancestors(use))[:1]
    )


def _inside(use: Expr) -> list[Expr]:
    parts: list[Expr] = []
    expr: Expr = use
    while isinstance(expr, Member | Call | Cast):
        parts.append(expr)
        expr = expr.object if isinstance(expr, Member) else expr.callee if isinstance(expr, Call) else expr.value
    return parts
