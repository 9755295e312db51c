"""SEC183: a list of what is blocked that can't be had is taken for one that blocks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Expr,
    Function,
    Literal,
    Name,
    Node,
    Object,
    Return,
    Try,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_BLOCKS: Final = word_set(
    "blocklist blocked denylist denied blacklist banned revoked revocation revocations killlist forbidden quarantined "
    "blacklisted kill crl"
)
_BRINGS: Final = word_set("load reload read fetch refresh sync pull update open")
"""First words of methods that bring such a list."""
_EMPTY: Final = frozenset({"Set", "Map", "set", "dict", "list", "frozenset"})


@module_check("SEC183", words=_BLOCKS | {"block", "deny", "ban", "revoke"})
def blocklist_fails_open(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a function that brings a list of what is blocked answers when it fails."""
    if module.is_test:
        return
    for attempt in module.all(Try):
        function = function_of(attempt)
        if function is None or not (_brings_blocklist(function) or _of_blocklist(function)):
            continue
        for handler in attempt.handlers:
            for node in find(handler.body, Node, into_functions=False):
                put = isinstance(node, Return) or (isinstance(node, Assign) and _is_kept(function, node))
                if put and isinstance(node, Return | Assign) and node.value is not None and _is_empty(node.value):
                    yield _told(node, function.name)
                    break
    for kept in module.all(With):
        function = function_of(kept)
        if function is not None and _brings_blocklist(function) and _passes_over(function, kept):
            yield _told(kept, function.name)
    for call in module.calls(("catch",)):
        function, answer = function_of(call), call.args[0] if call.args else None
        if not isinstance(answer, Function) or function is None or not _brings_blocklist(function):
            continue
        given = next((one for one in find(answer.body, Return) if one.value is not None and _is_empty(one.value)), None)
        if given is not None:
            yield _told(given, function.name)


def _is_kept(function: Function, given: Assign) -> bool:
    """Tell whether a value becomes a field, or part of what the function answers with."""
    if is_this_member(given.target):
        return True
    name = given.target.id if isinstance(given.target, Name) else ""
    return any(one.value is not None and name in names_in(one.value) for one in returns_of(function))


def _passes_over(function: Function, attempt: With) -> bool:
    """Tell whether errors are passed over while a list is filled that was empty before and is the answer."""
    if not any(isinstance(value, Call) and value.name == "suppress" for value, _ in attempt.items):
        return False
    filled = {given.target.id for given in find(attempt.body, Assign) if isinstance(given.target, Name)}
    empty = {
        given.target.id
        for given in find(function.body, Assign)
        if isinstance(given.target, Name) and given.value is not None and _is_empty(given.value)
    }
    answers = [one.value for one in returns_of(function) if one.value is not None]
    return any(name in names_in(answer) for answer in answers for name in filled & empty)


def _told(at: Node, name: str) -> Match:
    return Match(
        at,
        f"When '{name}' fails, nothing at all is blocked: whoever keeps the list from being had "
        "brings every blocked plugin back.",
        fix="Fall back on the last list that was had, and refuse to start without any.",
    )


def _of_blocklist(function: Function) -> bool:
    """Tell whether a class keeps what is blocked, and a method of it reads it anew."""
    owner = function.owner
    if owner is None or not set(words(function.name)[:1]) & _BRINGS:
        return False
    name = words(owner.name)
    return bool((set(name) | {"".join(pair) for pair in pairwise(name)}) & _BLOCKS)


def _brings_blocklist(function: Function) -> bool:
    """Tell whether a function answers with what is blocked, by its name."""
    name = words(function.name)
    pairs = {"".join(pair) for pair in pairwise(name)}
    return bool((set(name) | pairs) & _BLOCKS) and (not name or name[0] not in ("is", "has", "check", "update"))


def _is_empty(value: Expr) -> bool:
    value = strip(value)
    if isinstance(value, Array):
        return not value.items
    if isinstance(value, Object):
        return not value.entries
    if isinstance(value, Literal):
        return value.value in ("", "[]", "{}")
    return isinstance(value, Call) and value.name in _EMPTY and not value.args
