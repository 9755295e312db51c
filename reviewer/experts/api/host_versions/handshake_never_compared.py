"""API048: the other side says which protocol it speaks, the host has a number of its own, and only logs the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Expr, Index, Literal, Name, Node, Template
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
_LOGS: Final = word_set("log logger logging console print debug info warn warning")


@module_check("API048", words=_CONTRACTS)
def handshake_never_compared(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each protocol that a message names for a comparison with the one of the host."""
    if module.is_test:
        return
    own = _own_levels(module)
    if not own:
        return
    reads: dict[str, list[Expr]] = {}
    for node in module.some(Call, Index):
        key = _key(node)
        if key and set(words(key)) & _CONTRACTS and set(words(key)) <= _PARTS and isinstance(node, Expr):
            reads.setdefault(key, []).append(node)
    for key, places in reads.items():
        kind = set(words(key)) & _CONTRACTS
        constant = next((name for name in own if kind & set(words(name))), "")
        if constant and all(_only_logged(place) for place in places) and not _compared(module, constant):
            yield Match(
                places[0],
                f"'{key}' of the other side is only logged, and '{constant}' says what this host speaks: one that "
                "speaks another version is used all the same.",
            )


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
