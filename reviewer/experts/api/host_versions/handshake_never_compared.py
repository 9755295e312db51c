"""API048: the other side says which protocol it speaks, the host has a number of its own, and only logs the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Cast,
    Expr,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CONTRACTS: Final = word_set("protocol api abi contract")
_PARTS: Final = _CONTRACTS | word_set("version level revision major number")
_LEVELS: Final = _CONTRACTS | {"level", "revision"}
"""Words of a number that is no release of the plugin's own."""
_LOGS: Final = word_set("log logger logging console print debug info warn warning")


@module_check("API048", words=_PARTS)
def handshake_never_compared(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each protocol that a message names for a comparison with the one of the host."""
    if module.is_test:
        return
    own = _own_levels(module)
    sent = _sent(module)
    if not own and not sent:
        return
    reads: dict[str, list[Expr]] = {}
    for node in module.some(Call, Index, Member):
        key = _key(node)
        contract = bool(set(words(key)) & _CONTRACTS) and set(words(key)) <= _PARTS and not isinstance(node, Member)
        if key and isinstance(node, Expr) and (key in sent or contract) and not _is_set(node):
            reads.setdefault(key, []).extend(_uses(node))
    for key, places in reads.items():
        kind = set(words(key)) & _CONTRACTS
        constant = sent.get(key, "") or next((name for name in own if kind & set(words(name))), "")
        if constant and places and all(_only_logged(place) for place in places) and not _compared(module, constant):
            yield Match(
                places[0],
                f"'{key}' of the other side is only logged, and '{constant}' says what this host speaks: one that "
                "speaks another version is used all the same.",
            )


def _sent(module: Module) -> dict[str, str]:
    """Return the constants that a file sends to the other side, by the names under which it hears the other's."""
    found: dict[str, str] = {}
    for made in module.all(Object):
        for key, value in made.entries:
            named = key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""
            given = strip(value)
            if not named or not isinstance(given, Name) or not given.id.isupper() or not set(words(named)) & _LEVELS:
                continue
            constant = module.scopes.origin(given)
            if set(words(named)) <= _PARTS and isinstance(constant, Literal) and len(made.entries) > 1:
                found[named] = given.id
    return found


def _is_set(read: Expr) -> bool:
    return isinstance(read.parent, Assign) and read.parent.target is read


def _uses(read: Expr) -> list[Expr]:
    """Return a read itself, or where the name is used that it is given: ``const { level } = hello``."""
    given, function = read.parent, function_of(read)
    while isinstance(given, Cast):
        given = given.parent
    if not isinstance(given, Assign) or not isinstance(given.target, Name) or function is None:
        return [read]
    name = given.target.id
    return [one for one in find(function.body, Name) if one.id == name and not _is_set(one)]


def _own_levels(module: Module) -> list[str]:
    """Return the constants of a file that say which protocol it speaks."""
    return [
        assign.target.id
        for assign in module.all(Assign)
        if isinstance(assign.target, Name)
        and assign.target.id.isupper()
        and function_of(assign) is None
        and set(words(assign.target.id)) & _CONTRACTS
        and set(words(assign.target.id)) <= _PARTS
        and isinstance(assign.value, Literal)
    ]


def _key(node: Node) -> str:
    """Return the key under which something is taken out of a message."""
    if isinstance(node, Member):
        return node.name
    key = node.key if isinstance(node, Index) else None
    if isinstance(node, Call) and node.name == "get" and node.receiver is not None and node.args:
        key = node.args[0]
    return key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""


def _only_logged(place: Expr) -> bool:
    for around in ancestors(place):
        if isinstance(around, Call):
            on_log = around.receiver is not None and bool(set(last_words(around.receiver)) & _LOGS)
            return on_log or bool(set(words(around.name)) & _LOGS)
        if not isinstance(around, Template):
            return False
    return False


def _compared(module: Module, constant: str) -> bool:
    return any(name.id == constant for test in module.all(Binary) for name in find(test, Name))
