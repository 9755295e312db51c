"""COM006: an event says that it comes from whom its sender names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Spread,
    strip,
)
from reviewer.code.walk import function_of, walk
from reviewer.code.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import caller_params, is_public, names_caller, publishers
from reviewer.experts.communication.vocabulary import EVENTS, PLUGINS, PUBLISHES, path_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_STAMPS: Final = frozenset(
    {
        "source",
        "sender",
        "emitter",
        "origin",
        "from",
        "publisher",
        "emittedby",
        "sentby",
        "author",
        "issuer",
        "producer",
    }
)
_TOPICS: Final = frozenset("topic event name channel type kind subject key signal".split())


@module_check("COM006", words=PUBLISHES)
def emitter_from_sender(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that sends an event for who says where it comes from."""
    if module.is_test:
        return
    for function in publishers(module):
        found = _overwritten(module, function) or _preferred(function)
        if found is None and is_public(function):
            found = _taken_as_argument(inquiry, module, function)
        if found is not None:
            yield found


def _is_stamp(key: Expr | None) -> bool:
    if not isinstance(key, Literal) or not isinstance(key.value, str):
        return False
    flat = "".join(words(key.value))
    return flat in _STAMPS or (flat.removesuffix("id") in PLUGINS and names_caller(key.value))


def _overwritten(module: Module, function: Function) -> Match | None:
    """Find a record in which what the sender gave is spread over the stamp of the host."""
    for node in walk(function.body):
        if isinstance(node, Object):
            stamped = ""
            for key, value in node.entries:
                if _is_stamp(key) and not _from_own_param(value, function):
                    stamped = str(getattr(key, "value", ""))
                elif key is None and stamped and _given(function, value):
                    text = module.text_of(value)
                    return Match(
                        node,
                        f"'{text}' is spread after '{stamped}': a sender that puts a '{stamped}' into it speaks as "
                        "somebody else.",
                    )
        elif isinstance(node, Call) and node.name in ("assign", "update", "merge") and len(node.args) > 1:
            first = strip(node.args[0])
            if (
                isinstance(first, Object)
                and any(_is_stamp(key) for key, _ in first.entries)
                and _given(function, node.args[1])
            ):
                text = module.text_of(node.args[1])
                return Match(
                    node,
                    f"'{text}' is copied over the sender that the host put in: a plugin can speak as another one.",
                )
    return None


def _preferred(function: Function) -> Match | None:
    """Find ``source: event.source ?? this.id`` and ``source: event.source``."""
    for node in walk(function.body):
        if not isinstance(node, Object):
            continue
        for key, value in node.entries:
            if not _is_stamp(key):
                continue
            first: Expr = strip(value)
            fallback = isinstance(first, Binary) and first.op in ("??", "or")
            if isinstance(first, Binary) and fallback:
                first = strip(first.left)
            taken = _member_of_param(function, first)
            if taken:
                name = str(getattr(key, "value", ""))
                rest = "; the identity that the host knows is used only where it is silent" if fallback else ""
                return Match(
                    value,
                    f"The sender '{name}' of the event is read from '{taken}', which the sender itself fills in{rest}.",
                )
    return None


def _member_of_param(function: Function, expr: Expr) -> str:
    """Return ``event.source`` for a field that says who sends, read from a plain parameter; else an empty string."""
    name = ""
    base: Expr | None = None
    if isinstance(expr, Member):
        name, base = expr.name, strip(expr.object)
    elif isinstance(expr, Index) and isinstance(expr.key, Literal):
        name, base = str(expr.key.value), strip(expr.object)
    elif isinstance(expr, Call) and expr.name in ("get", "pop") and isinstance(expr.arg(0), Literal):
        name, base = str(getattr(expr.arg(0), "value", "")), expr.receiver
    if (
        not isinstance(base, Name)
        or not names_caller(name)
        or "".join(words(name)) not in _STAMPS | PLUGINS | {f"{p}id" for p in PLUGINS}
    ):
        return ""
    for param in function.params:
        if param.name == base.id and set(words(base.id)) & (
            EVENTS | {"payload", "data", "body", "options", "opts", "meta", "input", "args", "e", "evt", "msg", "draft"}
        ):
            return f"{base.id}.{name}"
    return ""


def _given(function: Function, value: Expr) -> bool:
    """Tell whether a value is what the caller of the function gave."""
    value = strip(value)
    if isinstance(value, Spread):
        value = strip(value.value)
    if isinstance(value, Call) and value.args:
        value = strip(value.args[0])
    if isinstance(value, Member):
        value = strip(value.object)
    return isinstance(value, Name) and any(p.name == value.id or value.id in p.fields.values() for p in function.params)


def _from_own_param(value: Expr, function: Function) -> bool:
    """Tell whether a stamp is itself what the function was told, so that another finding speaks of it."""
    value = strip(value)
    return (
        isinstance(value, Name)
        and is_public(function)
        and any(p.name == value.id for p in function.params)
        and function.outer is None
    )


def _taken_as_argument(inquiry: Inquiry, module: Module, function: Function) -> Match | None:
    """Find a parameter of a public ``publish`` that says who sends, with nothing that ties it to the caller."""
    if len(function.params) < 2 or (function.outer is not None and function.owner is None):
        return None
    params = caller_params(function)
    topics = [p for p in function.params if p not in params]
    if not params or not topics or not _stamped(function, params[0]):
        return None
    if _verified(function, params[0]) or _bound_elsewhere(inquiry, module, function, params[0]):
        return None
    return Match(
        params[0] if params[0].raw is not None else function,
        f"'{function.name}' is told by its caller who sends the event ('{params[0].name}'): any plugin that holds "
        "the bus can send in the name of another.",
    )


def _stamped(function: Function, param: Param) -> bool:
    """Tell whether a parameter becomes part of what is sent."""
    for node in walk(function.body):
        if isinstance(node, Name) and node.id == param.name:
            around = node.parent
            if isinstance(around, Object):
                return True
            if isinstance(around, Call) and node is not around.callee and _makes_record(around):
                return True
            if isinstance(around, Assign) and isinstance(around.target, Member | Index) and around.value is node:
                return True
    return False


def _makes_record(call: Call) -> bool:
    if call.new or call.name in ("dict", "push", "append", "put", "put_nowait", "enqueue"):
        return True
    if call.name[:1].isupper():
        return True
    return bool(
        set(words(call.name)) & (EVENTS | {"handler", "listener", "callback", "fn", "cb", "deliver", "h", "dispatch"})
    )


def _verified(function: Function, param: Param) -> bool:
    """Tell whether the function compares the parameter with something, or hands it to a check."""
    for node in walk(function.body):
        if isinstance(node, Name) and node.id == param.name:
            around = node.parent
            if isinstance(around, Binary) and around.op in ("==", "!=", "in", "not in"):
                other = around.right if around.left is node else around.left
                if not isinstance(strip(other), Literal) and not _is_recipient(node):
                    return True
            if isinstance(around, Call) and node is not around.callee:
                said = set(words(around.name))
                if said & {
                    "verify",
                    "authenticate",
                    "assert",
                    "check",
                    "token",
                    "authorize",
                    "authorise",
                    "identify",
                    "require",
                }:
                    return True
    return False


def _is_recipient(node: Node) -> bool:
    """Tell whether a comparison only keeps an event from its own sender."""
    function = function_of(node)
    return function is not None and any("self" in path_words(c.test) for c in conditions(node))


def _bound_elsewhere(inquiry: Inquiry, module: Module, function: Function, param: Param) -> bool:
    """Tell whether a facade of the subject calls the function with an identity that it was itself bound to."""
    position = function.params.index(param)
    for other in inquiry.project.modules():
        if function.name not in other.identifiers:
            continue
        for call in other.calls((function.name,)):
            around = function_of(call)
            if (
                around is None
                or around is function
                or (definition(other, call.callee) is None and call.receiver is None)
            ):
                continue
            given = call.arg(position, param.name)
            if given is None or isinstance(strip(given), Literal):
                continue
            own = {p.name for p in around.params} | {n for p in around.params for n in p.fields.values()}
            base = _base(given)
            forwards = any(isinstance(n, Name) and n.id in own for a in call.args for n in walk(a))
            if base and base not in own and forwards:
                return True
    return False


def _base(expr: Expr) -> str:
    expr = strip(expr)
    while isinstance(expr, Member | Index):
        expr = strip(expr.object)
    return expr.id if isinstance(expr, Name) else ""
