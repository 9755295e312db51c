"""COM420: a handler takes apart what an event carries, and nothing looks at what that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.forwarding import end_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Cast,
    Conditional,
    Expr,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Switch,
    Unary,
    strip,
)
from reviewer.code.text.ideas import LISTEN_WORDS, LISTENS
from reviewer.code.text.words import words
from reviewer.code.walk import names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CHECKS: Final = word_set(
    "validate valid parse check schema assert verify ensure guard isinstance is test match has own includes sanitize "
    "coerce normalize conforms require safe get number string boolean int float str array from read"
)
"""First words of a function that looks at what it is given, or gives something else where it does not fit."""
_OPEN: Final = frozenset({"", "unknown", "any", "object", "Any", "dict", "dict[str, Any]", "Mapping[str, Any]"})


@module_check("COM420", words=LISTEN_WORDS)
def event_payload_unchecked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each handler of the host's events for a look at the payload before it is taken apart."""
    if module.is_test or inquiry.subject.kind != "plugin":
        return
    told: set[int] = set()
    for call in module.calls(LISTENS):
        if len(call.args) < 2 or not module.resolve(call.receiver).startswith("context."):
            continue
        handler = target_function(module, call.args[-1]) or definition(module, call.args[-1])
        if not isinstance(handler, Function) or not handler.params or handler.module is not module:
            continue
        function, param = end_of(module, handler, handler.params[0])
        part = _taken_apart(function, param) if id(function) not in told else None
        if part is not None:
            told.add(id(function))
            yield Match(
                part,
                f"'{short(module.text_of(part))}' is taken out of what '{_event(call)}' carries with no look at what "
                "that is: an event of another shape throws in the handler, or goes on as what it isn't.",
                related=((call, "subscribed here"),),
            )


def _event(call: Call) -> str:
    first = strip(call.args[0])
    return str(first.value) if isinstance(first, Literal) else "the event"


def _taken_apart(function: Function, param: Param) -> Expr | None:
    """Return the first part of a part of the payload that is used as it comes, where nothing of it is tested."""
    if param.type.strip() not in _OPEN:
        return None  # the host's contract says what comes
    whole, parts = {param.name} - {""}, set(param.fields.values())
    for node in walk(function.body):
        if not isinstance(node, Assign) or not isinstance(node.target, Name) or node.value is None:
            continue
        if _root(node.value) in whole | parts:
            (whole if isinstance(strip(node.value), Name) else parts).add(node.target.id)
    if any(_looks(node, whole | parts) for node in walk(function.body)):
        return None
    for node in walk(function.body):
        if isinstance(node, Member | Index) and _is_part(node.object, whole, parts):
            return node
        over = node.iterable if isinstance(node, For) and node.style == "of" else None
        if over is not None and _is_part(over, whole, parts):
            return over
    return None


def _is_part(expr: Expr, whole: set[str], parts: set[str]) -> bool:
    """Tell whether an expression is something that the payload holds, and not the payload itself."""
    inner = strip(expr)
    if isinstance(inner, Name):
        return inner.id in parts
    return isinstance(inner, Member | Index) and _root(inner) in whole | parts


def _looks(node: Node, names: set[str]) -> bool:
    """Tell whether something is asked about the payload, or it has something to fall back on."""
    if isinstance(node, If | Conditional):
        return bool(names_in(node.test) & names)
    if isinstance(node, Switch):
        return bool(names_in(node.subject) & names)
    if isinstance(node, Binary) and node.op in ("??", "or", "and", "==", "!=", "in", "instanceof"):
        return bool(names_in(node) & names)
    if isinstance(node, Unary) and node.op == "typeof":
        return bool(names_in(node) & names)
    if isinstance(node, Member) and node.optional:
        return _root(node) in names
    if isinstance(node, Call) and set(words(node.name)) & _CHECKS:
        held = [*node.args, *([node.receiver] if node.receiver is not None else [])]
        return any(names_in(arg) & names for arg in held)
    return False


def _root(expr: Expr) -> str:
    inner: Node = expr
    while isinstance(inner, Member | Index | Cast):
        inner = strip(inner.object if isinstance(inner, Member | Index) else inner.value)
    return inner.id if isinstance(inner, Name) else ""
