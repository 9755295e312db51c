"""LIF362: a key or a token is renewed, and the old one stays good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Delete, Function, Index, Member, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in, surroundings, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RENEWS: Final = word_set("rotate regenerate reissue renew roll reroll")
_PROOFS: Final = word_set("key keys token tokens secret secrets credential credentials ticket tickets keyring apikey")
_MAKES: Final = word_set("issue create insert add mint generate make new put push")
_ENDS: Final = word_set(
    "retire revoke remove delete expire invalidate disable drop withdraw replace update supersede set clear rotate "
    "forget destroy end close mark patch save pop discard upsert write store"
)


@module_check("LIF362", words=_RENEWS)
def rotation_keeps_old(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that renews a proof for what it does to the one before."""
    if module.is_test:
        return
    for function in module.functions:
        said = words(function.name)
        if not said or said[0] not in _RENEWS or function.signature_only or not _about_proofs(function):
            continue
        calls = list(calls_in(function.body))
        made = next((call for call in calls if set(words(call.name)[:1]) & _MAKES), None)
        if made is None or any(_ends(call) for call in calls) or _overwrites(function):
            continue
        yield Match(
            made,
            f"'{function.name}' makes a new one and does nothing to the old one, which stays good: who has stolen it "
            "goes on.",
        )


def _about_proofs(function: Function) -> bool:
    return bool((surroundings(function) | said_in(function.body)) & _PROOFS)


def _ends(call: Call) -> bool:
    return bool(set(words(call.name)) & _ENDS)


def _overwrites(function: Function) -> bool:
    """Tell whether the new one takes the place of the old one in a record."""
    for node in walk(function.body):
        if isinstance(node, Delete):
            return True
        if isinstance(node, Assign) and isinstance(strip(node.target), Member | Index):
            return True
    return False
