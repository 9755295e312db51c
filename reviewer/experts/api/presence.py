"""Whether it was made sure that a member is there before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, conditions, guarding_try
from reviewer.code.syntax import (
    Assert,
    Assign,
    Binary,
    Call,
    Cast,
    Conditional,
    For,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Throw,
    Try,
    Unary,
    While,
    strip,
)
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.flow import Condition
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_NAMED_TYPE: Final = regex(r"[A-Z]\w*(?:\.[A-Z]\w*)*")
"""A type of the program's own: one that admits nothing is written out, ``Sync | undefined``, ``Partial<Sync>``."""
_ASSERTS: Final = frozenset({"assert", "invariant", "ok", "expect", "need", "ensure", "must"})


def is_guarded(module: Module, use: Member) -> bool:
    """Tell whether it was made sure before that a member is there, or that its absence does no harm."""
    known = conditions(use)
    if use.optional or any(mentions(module, one.test, use.name) or _is_of_kind(module, one, use) for one in known):
        return True
    if _given_before(use) or _asked_around(module, use) or _picked_by(module, use) or _asserted_before(module, use):
        return True
    around = guarding_try(use)
    return around is not None and _expects_absence(module, around)


def _is_of_kind(module: Module, known: Condition, use: Member) -> bool:
    """Tell whether an object was found to be of a class, which says what it has: ``isinstance(plugin, Tuned)``."""
    test = known.test
    asked: Expr | None = None
    if known.holds and isinstance(test, Call) and test.name == "isinstance":
        asked = test.arg(0)
    elif known.holds and isinstance(test, Binary) and test.op == "instanceof":
        asked = test.left
    return asked is not None and module.text_of(asked) == module.text_of(use.object)


def mentions(module: Module, test: Node, name: str) -> bool:
    """Tell whether a test is about a member: by the member itself, by its name as a text, or by an answer about it."""
    if any(member.name == name for member in find(test, Member)):
        return True
    if any(literal.value == name for literal in find(test, Literal)):
        return True
    return any(_comes_from(module, read, name) for read in find(test, Name))


def _comes_from(module: Module, read: Name, name: str) -> bool:
    """Tell whether a name in a test holds the member, or an answer about it."""
    for binding in module.scopes.lookup(read.id, read):
        value = binding.value if isinstance(binding, Assign) else None
        if value is None:
            continue
        if any(member.name == name for member in find(value, Member)):
            return True
        if any(literal.value == name for literal in find(value, Literal)):
            return True
    return False


def _given_before(use: Member) -> bool:
    """Tell whether the member is assigned earlier in the same function: ``plugin.stop ??= nothing``."""
    function = function_of(use)
    if function is None:
        return False
    return any(
        isinstance(assign.target, Member)
        and assign.target.name == use.name
        and assign.raw.start_byte < use.raw.start_byte
        for assign in find(function, Assign)
    )


def _asked_around(module: Module, use: Member) -> bool:
    """Tell whether the use is in a function of what was asked: filtered by the member, or called under a test of it."""
    for around in ancestors(use):
        if isinstance(around, Function):
            call = around.parent
            if isinstance(call, Call) and call.receiver is not None and mentions(module, call.receiver, use.name):
                return True
            if any(mentions(module, condition.test, use.name) for condition in conditions(around)):
                return True
    return False


def _picked_by(module: Module, use: Member) -> bool:
    """Tell whether a loop goes through what was picked by the member: ``all.filter((one) => one.check)``."""
    one = strip(use.object)
    bound = module.scopes.lookup(one.id, one) if isinstance(one, Name) else []
    for binding in bound:
        over = binding.iterable if isinstance(binding, For) else None
        origin = module.scopes.origin(over) if over is not None else None
        picks = find(origin, Call) if isinstance(origin, Node) else ()
        if any(call.name == "filter" and mentions(module, call, use.name) for call in picks):
            return True
    return False


def _asserted_before(module: Module, use: Member) -> bool:
    """Tell whether an ``assert`` or a helper that throws was asked about the member on the way."""
    for node in before(use):
        if isinstance(node, Assert) and mentions(module, node.test, use.name):
            return True
        if isinstance(node, If) and mentions(module, node.test, use.name) and next(find(node.body, Throw), None):
            return True
        asks = isinstance(node, Call) and node.name in _ASSERTS
        if asks and any(mentions(module, child, use.name) for child in node.children()[1:]):
            return True
    return False


def _expects_absence(module: Module, around: Try) -> bool:
    names = {module.text_of(kind) for handler in around.handlers for kind in handler.types}
    return any(name.rsplit(".", 1)[-1] in ("AttributeError", "TypeError") for name in names)


def asserted(use: Expr) -> bool:
    """Tell whether ``!`` stands behind an expression."""
    return any(cast.kind == "!" for cast in _casts(use))


def said_there(use: Expr) -> bool:
    """Tell whether it is said of an expression that it is there: by ``!``, or by a type that knows no absence."""
    return any(cast.kind == "!" or (cast.kind == "as" and _is_named(cast.type)) for cast in _casts(use))


def _is_named(written: str) -> bool:
    return _NAMED_TYPE.fullmatch(written.strip()) is not None


def _casts(use: Expr) -> Iterator[Cast]:
    node: Node = use
    while isinstance(node.parent, Cast):
        node = node.parent
        yield node


def cast_to_function(use: Expr) -> bool:
    """Tell whether a type says that an expression is a function, whatever the contract says: ``x as () => void``."""
    node: Node = use
    while isinstance(node.parent, Cast):
        node = node.parent
        if node.kind == "as" and "=>" in node.type:
            return "undefined" not in node.type and "null" not in node.type
    return False


def asked_later(module: Module, assign: Assign) -> bool:
    """Tell whether it is asked somewhere whether a variable holds anything: ``if (!adjust) …``, ``adjust?.()``."""
    function, target = function_of(assign), assign.target
    if function is None or not isinstance(target, Name):
        return True
    for read in find(function.body, Name):
        around = read.parent
        if read.id != target.id or read is target:
            continue
        if isinstance(around, If | While | Conditional | Binary | Unary):
            return True
        if isinstance(around, Call | Member) and around.optional:
            return True
    return False


def said_required(use: Member) -> bool:
    """Tell whether a type says that an object has all of its members: ``(act as Required<Act>).check``."""
    held = use.object
    while isinstance(held, Cast):
        if held.type.startswith("Required<"):
            return True
        held = held.value
    return False


def whole_use(use: Expr) -> Node:
    """Return the call of a member where there is one, else the member."""
    node: Node = use
    while isinstance(node.parent, Cast):
        node = node.parent
    return node.parent if isinstance(node.parent, Call) and node.parent.callee is node else use
