"""Uses of the browser's API in a module, by whatever name: ``chrome``, ``browser``, an alias, a polyfill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    ExprStatement,
    Function,
    If,
    Imported,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Unary,
    While,
    strip,
)
from reviewer.code.walk import ancestors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

ROOTS: Final = frozenset({"chrome", "browser"})
"""The globals that the API hangs on."""
_POLYFILLS: Final = frozenset(
    {"webextension-polyfill", "webextension-polyfill-ts", "@wxt-dev/browser", "wxt/browser", "extensionizer"}
)
_DEEPEST: Final = 6


class Use(Struct, frozen=True):
    """One use of the API: ``path`` is ``alarms.create``, ``root`` the global that it was reached by, if that is plain.

    ``asked`` tells that the code asks whether it is there, here or around.
    """

    path: str
    root: str
    at: Expr
    asked: bool


def uses(module: Module) -> tuple[Use, ...]:
    """Return the uses of the API in a module, in source order, each at its longest."""
    return module.once("browser.uses", lambda: tuple(_uses(module)))


def has_api(module: Module) -> bool:
    """Tell whether a module speaks of the API at all."""
    return not module.identifiers.isdisjoint(ROOTS) or bool(_polyfilled(module))


def path_of(module: Module, expr: Expr | None) -> str:
    """Return ``alarms.create`` for ``chrome.alarms.create``, or an empty string for what is no part of the API."""
    return _root_and_path(module, expr)[1] if expr is not None else ""


def calls_of(module: Module, *names: str) -> Iterator[tuple[str, Call]]:
    """Yield the calls of the API that end in one of these paths, such as ``runtime.sendMessage``."""
    lasts = {name.rsplit(".", 1)[-1] for name in names}
    if not has_api(module):
        return
    for call in module.calls(lasts):
        path = path_of(module, call.callee)
        if path in names:
            yield path, call


def _uses(module: Module) -> Iterator[Use]:
    if not has_api(module):
        return
    asked = _asked_paths(module)
    for node in module.some(Member, Name, Index):
        if not isinstance(node, Expr) or _is_longer(node):
            continue
        root, path = _root_and_path(module, node)
        if path:
            yield Use(path, root, node, _is_asked(node) or _around(node, path, asked, module))


def _is_longer(node: Expr) -> bool:
    """Tell whether a name is only the beginning of a longer one."""
    parent = node.parent
    return isinstance(parent, Member | Index) and parent.object is node


def _root_and_path(module: Module, expr: Expr) -> tuple[str, str]:
    resolved = module.resolve(expr)
    root, path = _split(resolved)
    if path:
        return root, path
    names: list[str] = []
    node: Expr = strip(expr)
    for _ in range(_DEEPEST):
        if isinstance(node, Member):
            names.append(node.name)
            node = strip(node.object)
        elif isinstance(node, Index) and isinstance(node.key, Literal) and isinstance(node.key.value, str):
            names.append(node.key.value)
            node = strip(node.object)
        else:
            break
    if not names or not isinstance(node, Name | Binary | Conditional) or not _is_root(module, node, 0):
        return "", ""
    return "", ".".join(reversed(names))


def _split(resolved: str) -> tuple[str, str]:
    """Take the root off a resolved name, and what comes behind a call."""
    for root in (*ROOTS, *_POLYFILLS):
        if resolved.startswith(f"{root}."):
            path = resolved[len(root) + 1 :].removeprefix("default.").removeprefix("browser.")
            return (root if root in ROOTS else ""), path.split("(", 1)[0].rstrip(".")
    return "", ""


def _is_root(module: Module, node: Expr, depth: int) -> bool:
    """Tell whether an expression is the whole API: a global, a choice between both, an import of that name."""
    node = strip(node)
    if depth > _DEEPEST:
        return False
    if isinstance(node, Binary) and node.op in ("or", "??", "and"):
        return _is_root(module, node.right, depth + 1) or _is_root(module, node.left, depth + 1)
    if isinstance(node, Conditional):
        return _is_root(module, node.then, depth + 1) or _is_root(module, node.other, depth + 1)
    resolved = module.resolve(node)
    if resolved in ROOTS or resolved in _POLYFILLS or resolved.removesuffix(".browser") in _POLYFILLS:
        return True
    if not isinstance(node, Name):
        return False
    bindings = module.scopes.lookup(node.id, node)
    if not bindings:
        return node.id in ROOTS
    for binding in bindings[:3]:
        if isinstance(binding, Imported) and (binding.local in ROOTS or binding.name in ROOTS):
            return True
        if isinstance(binding, Assign) and binding.value is not None and _is_root(module, binding.value, depth + 1):
            return True
    return False


def _polyfilled(module: Module) -> bool:
    return any(imported.source in _POLYFILLS for imported in module.imports)


def _asked_paths(module: Module) -> frozenset[str]:
    """Return the paths whose presence is asked for anywhere in a module."""
    found = set()
    for node in module.some(Member, Index):
        if isinstance(node, Expr) and _is_asked(node):
            path = path_of(module, node)
            if path:
                found.add(path)
    for node in module.all(Binary):
        if node.op == "in" and isinstance(node.left, Literal) and isinstance(node.left.value, str):
            found.add(node.left.value)
    return frozenset(found)


def _is_asked(node: Expr) -> bool:
    """Tell whether a value is tested where it stands: ``if (x)``, ``x?.y``, ``typeof x``, ``x && …``, ``x === y``."""
    parent = node.parent
    if isinstance(parent, Member | Index):
        return parent.optional and parent.object is node
    if isinstance(parent, Call):
        return parent.optional and parent.callee is node
    if isinstance(parent, If | While | Conditional):
        return parent.test is node
    if isinstance(parent, Unary):
        return parent.op in ("not", "typeof")
    if isinstance(parent, Binary):
        return (parent.op in ("and", "or", "??") and parent.left is node) or parent.op in ("==", "!=")
    return False


def _around(node: Expr, path: str, asked: frozenset[str], module: Module) -> bool:
    """Tell whether the module asks for a part of this path, or this use stands under a test of it or in a ``try``."""
    parts = path.split(".")
    if any(".".join(parts[:length]) in asked for length in range(1, len(parts) + 1)) or parts[0] in asked:
        return True
    return any(isinstance(around, Member | Index) and around.optional for around in _chain(node))


def _chain(node: Expr) -> Iterator[Node]:
    current: Expr = node
    while isinstance(current, Member | Index):
        yield current
        current = strip(current.object)


def enclosing_function(node: Node) -> Function | None:
    """Return the nearest function around a node, for a function itself the one around it."""
    return next((around for around in ancestors(node) if isinstance(around, Function)), None)


def is_dropped(call: Call) -> bool:
    """Tell whether nobody looks at what a call gives."""
    return isinstance(call.parent, ExprStatement)
