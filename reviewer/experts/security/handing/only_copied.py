"""Answers that everybody who asks copies or only reads: what gives them out is no way to change them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import callers
from reviewer.code.syntax import Array, Await, Binary, Call, Comprehension, For, Index, Member, Object, Spread
from reviewer.experts.security.handing.given_to_guests import reaches_guests

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node

_COPIES: Final = frozenset(
    "frozenset set list dict tuple sorted len any all sum min max Set Map Array from assign structuredClone deepcopy "
    "copy cloneDeep MappingProxyType join stringify dumps".split()
)
"""Calls that make something new of what they are given, or only read it."""
_CHANGES: Final = frozenset(
    "set add delete clear push append pop update setdefault discard remove extend insert splice sort reverse".split()
)


def only_copied(module: Module, method: Function) -> bool:
    """Tell whether a method is called in the subject, no guest can call it, and every call copies or reads its answer.

    What is called like it counts as it: one that keeps such an answer is enough for a no.
    """
    calls = [
        *module.calls((method.name,)),
        *chain.from_iterable(one.calls((method.name,)) for one in _users(module, method)),
    ]
    return bool(calls) and all(map(_is_copied, calls)) and not reaches_guests(module, method)


def _users(module: Module, method: Function) -> list[Module]:
    return list(callers(module, method.name))


def _is_copied(call: Call) -> bool:
    around: Node | None = call.parent
    inner: Node = call
    while isinstance(around, Await):
        inner, around = around, around.parent
    if isinstance(around, Call):
        return around.name in _COPIES and inner is not around.callee
    if isinstance(around, Member):
        return around.name not in _CHANGES and isinstance(around.parent, Call)
    if isinstance(around, Index):
        return around.object is inner
    if isinstance(around, Binary):
        return around.op not in ("??", "or", "and")
    return isinstance(around, Comprehension | For) or (
        isinstance(around, Spread) and isinstance(around.parent, Array | Object | Call)
    )
