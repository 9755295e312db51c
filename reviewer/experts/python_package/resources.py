"""What hooks and fixtures start or open, and whether anything gives it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Await, Call, Expr, Function, Literal, Member, Name, Return, With
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, walk
from reviewer.experts.lifecycle.holding.acquired import RESOURCES, describe
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_HARMLESS: Final = frozenset(
    {"the temporary folder", "the temporary file", "the exit stack", "the archive", "the file", "the memory map"}
)
"""What is cleared away with the object itself, or is read to its end."""
RELEASES: Final = RELEASE_WORDS | {"join", "communicate", "wait", "quit", "exit", "down", "stopall", "end", "finish"}
_HANDED_ON: Final = frozenset(
    {"enter", "push", "callback", "closing", "addfinalizer", "finalizer", "finalize", "register"}
)
_PATCHES: Final = frozenset({"mock.patch", "unittest.mock.patch", "unittest.mock.patch.object", "mock.patch.object"})


def acquired(module: Module, function: Function) -> Iterator[tuple[Call, str]]:
    """Yield the calls of a function that start or open something that has to be ended, with its name in words."""
    for call in find(function, Call, into_functions=False):
        resolved = module.resolve(call.callee)
        if call.name == "start" and call.receiver is not None:
            made = module.scopes.origin(call.receiver)
            maker = module.resolve(made.callee) if isinstance(made, Call) else ""
            if maker in _PATCHES:
                yield call, "the patch"
            continue
        told = describe(module, call) if resolved in RESOURCES or resolved == "threading.Thread" else None
        if resolved in ("open", "io.open") and not in_block(call):
            yield call, "a file"
        if told is not None and told[0] == "resource" and told[1] not in _HARMLESS and not _daemon(call):
            yield call, told[1]


def _daemon(call: Call) -> bool:
    value = call.keywords.get("daemon")
    return isinstance(value, Literal) and value.value is True


def in_block(call: Call) -> bool:
    """Tell whether a call stands in the head of a ``with``, or in another call that takes what it gives."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, With):
            return any(value is inner or value is call for value, _target in around.items)
        if isinstance(around, Call) and not isinstance(inner, Member):
            return True
        if isinstance(around, Function):
            return False
        inner = around
    return False


def held_as(call: Call) -> str:
    """Return the name or the last member that what a call gives is kept under, or an empty string."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Assign):
            target = around.target
            return target.id if isinstance(target, Name) else target.name if isinstance(target, Member) else ""
        if not isinstance(around, Await | Member):
            return ""
        inner = around
    return str(getattr(inner, "name", ""))


def receiver_name(call: Call) -> str:
    """Return the name of the object whose method a call is, or an empty string."""
    receiver = call.receiver
    return receiver.id if isinstance(receiver, Name) else receiver.name if isinstance(receiver, Member) else ""


def released(nodes: list[Node], name: str) -> bool:
    """Tell whether something under a name is given back in a piece of code, or handed to what gives it back."""
    for top in nodes:
        for call in find(top, Call):
            said = frozenset(words(call.name))
            speaks = name in {_last(node) for part in (call.receiver, *call.args) if part for node in walk(part)}
            if speaks and (said & RELEASES or said & _HANDED_ON or call.name == "__exit__"):
                return True
        for block in find(top, With):
            if any(name in {_last(node) for node in walk(value)} for value, _target in block.items):
                return True
        if any(_last(node) == name and set(words(node.name)) & RELEASES for node in _methods(top)):
            return True
    return False


def _methods(top: Node) -> Iterator[Member]:
    """Yield the methods that are named and not called: ``addfinalizer(server.stop)``."""
    return find(top, Member)


def _last(node: Node) -> str:
    if isinstance(node, Member):
        inner = node.object
        if set(words(node.name)) & RELEASES and isinstance(inner, Name | Member):
            return _last(inner)
        return node.name
    return node.id if isinstance(node, Name) else ""


def given_away(function: Function, name: str) -> bool:
    """Tell whether a function hands what it keeps under a name to somebody else's function."""
    for call in find(function, Call, into_functions=False):
        if any(isinstance(arg, Name) and arg.id == name for arg in (*call.args, *call.keywords.values())):
            return True
    return False


def returned(function: Function, name: str, call: Expr) -> bool:
    """Tell whether a function returns what a call gave it, itself or under its name."""
    for made in find(function, Return, into_functions=False):
        value = made.value
        if value is call or (isinstance(value, Name) and value.id == name):
            return True
    return False
