"""SEC183: a list of what is blocked that can't be had is taken for one that blocks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Call, Expr, Function, Object, Return, Try, strip
from reviewer.code.walk import find, function_of
from reviewer.code.words import words
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_BLOCKS: Final = word_set(
    "blocklist blocked denylist denied blacklist banned revoked revocation revocations killlist forbidden quarantined "
    "blacklisted kill crl"
)
_EMPTY: Final = frozenset({"Set", "Map", "set", "dict", "list", "frozenset"})


@module_check("SEC183", words=_BLOCKS | {"block", "deny", "ban", "revoke"})
def blocklist_fails_open(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a function that brings a list of what is blocked answers when it fails."""
    if module.is_test:
        return
    for attempt in module.all(Try):
        function = function_of(attempt)
        if function is None or not _brings_blocklist(function):
            continue
        for handler in attempt.handlers:
            answer = next((one for one in find(handler.body, Return, into_functions=False)), None)
            if answer is not None and answer.value is not None and _is_empty(answer.value):
                yield Match(
                    answer,
                    f"When '{function.name}' fails, nothing at all is blocked: whoever keeps the list from being had "
                    "brings every blocked plugin back.",
                    fix="Fall back on the last list that was had, and refuse to start without any.",
                )


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
    return isinstance(value, Call) and value.name in _EMPTY and not value.args
