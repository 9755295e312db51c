"""Calls of dangerous functions: by whatever name, made later, or handed to something that makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.elsewhere import HANDS_ON
from reviewer.code.syntax import Binary, Call, Expr, Literal, Name, Object, Spread, Template, uncast
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.security.values.guards import limited
from reviewer.experts.security.values.origins import OUTSIDE, SAID, Origin, Trace
from reviewer.experts.security.values.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_WRAPPERS: Final = ("promisify", "util.promisify", "callbackify", "functools.partial", "partial")


class Sink(Struct, frozen=True):
    """One call of a function that was asked for; ``args`` are what that function gets."""

    call: Call
    name: str
    args: tuple[Expr, ...]

    def arg(self, position: int, keyword: str = "") -> Expr | None:
        """The argument at a position or by keyword, or None; none stands behind a spread."""
        if keyword and keyword in self.call.keywords:
            return self.call.keywords[keyword]
        if 0 <= position < len(self.args) and not any(isinstance(a, Spread) for a in self.args[: position + 1]):
            return self.args[position]
        return None

    def option(self, module: Module, name: str) -> Expr | None:
        """The value of a keyword argument, or of a property of an options object."""
        if name in self.call.keywords:
            return self.call.keywords[name]
        for argument in reversed(self.args):
            options = module.scopes.origin(argument)
            value = options.get(name) if isinstance(options, Object) else None
            if value is not None:
                return value
        return None


def sinks(module: Module, names: Container[str]) -> Iterator[Sink]:
    """Yield the calls of functions with these resolved names, in source order."""
    for node in module.all(Call):
        name = callee_name(module, node)
        if name in names:
            yield Sink(node, name, tuple(node.args))
            continue
        position = HANDS_ON.get(node.name, -1)
        if 0 <= position < len(node.args):
            inner = module.resolve(node.args[position])
            if inner in names:
                yield Sink(node, inner, tuple(node.args[position + 1 :]))


def callee_name(module: Module, call: Call) -> str:
    """Return the resolved name of what is called, seen through ``promisify`` and the like."""
    name = module.resolve(call.callee)
    if name.removesuffix("()") in _WRAPPERS and name.endswith("()"):
        made = module.scopes.origin(call.callee)
        inner = made.arg(0) if isinstance(made, Call) else None
        return module.resolve(inner)
    return name


def is_true(module: Module, expr: Expr | None) -> bool:
    """Tell whether an option is switched on: ``true``, ``True``, 1, or a text such as the path of a shell."""
    value = module.scopes.origin(expr) if expr is not None else None
    return isinstance(value, Literal) and bool(value.value)


def unlimited(module: Module, expr: Expr, at: Node, plain: frozenset[str] = frozenset()) -> Trace | None:
    """Return where a value comes from, or None where the program decides about it or a check limits it.

    Of a text that is put together each part counts for itself: a check of one excuses no other.
    """
    found = trace(module, expr, plain)
    if found.fixed:
        return None
    parts = _put_together(module, expr)
    if len(parts) < 2:
        return None if limited(module, [expr], at, found.names) else found
    if isinstance(uncast(expr), Name) and limited(module, [expr], at):
        return None
    return next((part for part in (unlimited(module, part, at, plain) for part in parts) if part is not None), None)


def _put_together(module: Module, expr: Expr) -> list[Expr]:
    """Return the values that are put into a text, where it is written down as one."""
    made = module.scopes.origin(expr)
    if isinstance(made, Template):
        return made.holes
    parts: list[Expr] = []
    while isinstance(made, Binary) and made.op == "+":
        parts.append(made.right)
        made = uncast(made.left)
    return [part for part in (*parts, made) if isinstance(part, Expr) and not isinstance(part, Literal)]


def confidence_of(found: Trace) -> Confidence:
    """Return how sure it is that somebody outside decides about a value, and not the person who starts the program."""
    return Confidence.LIKELY if found.kinds() & (OUTSIDE - {"argument"}) else Confidence.POSSIBLE


def said(origin: Origin | None) -> str:
    """Return what a message calls an origin."""
    return SAID[origin.kind] if origin is not None else SAID["unknown"]


def raised(found: Trace, usual: Severity, outside: Severity) -> Severity:
    """Return the severity: graver where somebody outside decides about the value, and not who starts the program."""
    return outside if found.kinds() & (OUTSIDE - {"argument"}) else usual


def shown(module: Module, node: Node, longest: int = 60) -> str:
    """Return the text of a node in one line and short enough for a message."""
    return _short(module.text_of(node), longest)


def shown_origin(origin: Origin, longest: int = 60) -> str:
    """Return the text of a place that a value comes from, which may lie in another file, for a message."""
    return _short(origin.text, longest)


def _short(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
