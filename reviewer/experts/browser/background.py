"""The background of an extension that the browser stops when it is idle, and what runs in it when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Await, Binary, Call, Expr, Function, Literal, Member, Name, Node, Object, strip
from reviewer.code.walk import function_of, is_assigned
from reviewer.experts.browser.api import has_api, path_of
from reviewer.experts.browser.surfaces import BACKGROUND, WORKER, runs_in

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LATER: Final = frozenset(
    {"then", "catch", "finally", "setTimeout", "setInterval", "queueMicrotask", "requestIdleCallback"}
)
_DEEPEST: Final = 5


def is_stopped(inquiry: Inquiry, path: str) -> bool:
    """Tell whether a file runs in a background that ends when it is idle: a service worker or an event page."""
    if not _has_worker(inquiry) and not _has_event_page(inquiry):
        return False
    where = runs_in(inquiry, path)
    return WORKER in where or (BACKGROUND in where and _has_event_page(inquiry))


def is_worker_alone(inquiry: Inquiry, path: str) -> bool:
    """Tell whether a file runs in a service worker and nowhere else."""
    return _has_worker(inquiry) and runs_in(inquiry, path) == {WORKER}


def _has_worker(inquiry: Inquiry) -> bool:
    """Tell whether the manifest names a service worker; where it does not, no file has to be read to know."""
    return inquiry.manifest is not None and inquiry.manifest.get("background", "service_worker") is not None


def _has_event_page(inquiry: Inquiry) -> bool:
    """Tell whether a background page of the extension ends when it is idle."""
    if inquiry.manifest is None:
        return False
    version = inquiry.manifest.get("manifest_version")
    persistent = inquiry.manifest.get("background", "persistent")
    return (version is not None and version.data == 3) or (persistent is not None and persistent.data is False)


def why_late(module: Module, node: Node) -> str:
    """Say why a statement runs after the first turn of the event loop; empty where it does not, or may not."""
    return _why_late(module, node, 0)


def _why_late(module: Module, node: Node, depth: int) -> str:
    function = function_of(node)
    if function is None or depth > _DEEPEST:
        return ""
    if function.asynchronous and any(isinstance(earlier, Await) for earlier in before(node)):
        return "after an await"
    by = _caller(module, function)
    if isinstance(by, Call):
        path = path_of(module, by.callee)
        if path.endswith(".addListener"):
            return f"inside a listener of '{path.removesuffix('.addListener')}'"
        if by.name in _LATER:
            return f"in what '{by.name}' calls later"
        if path and not path.startswith(("runtime.getManifest", "i18n.")):
            return f"in what '{path}' calls back"
        return _why_late(module, by, depth + 1) if by.callee is function else ""
    return _of_callers(module, function, depth)


def _caller(module: Module, function: Function) -> Node | None:
    """Return the call that a function is an argument of, or that calls it where it stands; None for one with a name."""
    parent = function.parent
    while isinstance(parent, Object):
        parent = parent.parent
    return parent if isinstance(parent, Call) else None


def _of_callers(module: Module, function: Function, depth: int) -> str:
    """Say why a function with a name runs late: everybody who calls it, or takes it, does so late."""
    if not function.name or function.owner is not None:
        return ""
    reasons = []
    for name in module.all(Name):
        if name.id != function.name or is_assigned(name) or definition(module, name) is not function:
            continue
        parent = name.parent
        if not isinstance(parent, Call):
            return ""
        if parent.callee is name:
            reasons.append(_why_late(module, parent, depth + 1))
            continue
        path = path_of(module, parent.callee)
        if path.endswith(".addListener"):
            reasons.append(f"inside a listener of '{path.removesuffix('.addListener')}'")
        else:
            reasons.append(f"in what '{parent.name}' calls later" if parent.name in _LATER else "")
    return reasons[0] if reasons and all(reasons) else ""


def injected(module: Module) -> frozenset[int]:
    """Return the places of the functions that are given to ``scripting.executeScript`` and run in a page."""
    return module.once("browser.injected", lambda: frozenset(_injected(module)))


def _injected(module: Module) -> set[int]:
    found: set[int] = set()
    if not has_api(module):
        return found
    for call in module.all(Call):
        for argument in call.args:
            shape = module.scopes.origin(argument) if isinstance(argument, Name) else argument
            if not isinstance(shape, Object):
                continue
            for key in ("func", "function", "pageFunction"):
                given = shape.get(key)
                target = definition(module, given) if given is not None else None
                if isinstance(target, Function):
                    found.add(target.start)
    return found


def in_page(module: Module, node: Node) -> bool:
    """Tell whether a node stands in a function that runs in a page and not where its file runs."""
    places = injected(module)
    function = function_of(node)
    while function is not None:
        if function.start in places:
            return True
        function = function.outer
    return False


def number(module: Module, expr: Expr | None) -> float | None:
    """Return the number that an expression of literals and constants gives, or None."""
    return _number(module, expr, 0)


def _number(module: Module, expr: Expr | None, depth: int) -> float | None:
    if expr is None or depth > _DEEPEST:
        return None
    expr = strip(expr)
    if isinstance(expr, Literal):
        return float(expr.value) if isinstance(expr.value, int | float) and not isinstance(expr.value, bool) else None
    if isinstance(expr, Binary) and expr.op in ("*", "+", "-", "/"):
        left, right = _number(module, expr.left, depth + 1), _number(module, expr.right, depth + 1)
        if left is None or right is None or (expr.op == "/" and right == 0):
            return None
        return {"*": left * right, "+": left + right, "-": left - right}.get(expr.op, left / right if right else 0.0)
    if isinstance(expr, Name | Member):
        origin = module.scopes.origin(expr)
        return _number(module, origin, depth + 1) if isinstance(origin, Expr) and origin is not expr else None
    return None
