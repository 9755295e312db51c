"""REG043: the digest that comes beside the bytes is held against the known one, and nobody hashes the bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Assign, Binary, Call, Expr, If, Index, Literal, Member, Name, Param, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.proving.digest_on_word import TAKES_IN
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_HASHERS: Final = regex(
    rb"(?i)createhash|hashlib\.\w|\bsubtle\b|blake[23]|\bmd5\b|\bsha\d{1,3}\(|hasher|\bssri\b|noble/hash|crypto-js"
)
_CARRIED: Final = frozenset("body bytes blob buffer content contents data files archive payload raw stream".split())
"""Last words of what carries the package itself."""


@module_check("REG043", words=DIGESTS)
def digest_told_beside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at refusals where two digests differ, in a subject that never makes a digest of anything."""
    if module.is_test:
        return
    for test in module.all(If):
        function = function_of(test)
        sides = _differ(test.test) if function is not None and exits(test.body) else None
        if sides is None or function is None:
            continue
        for told, known in (sides, sides[::-1]):
            beside = _beside(module, function, told)
            if beside and _is_digest(known) and not _hashes_anything(inquiry):
                yield Match(
                    test,
                    f"What is compared came together with '{beside}', and was written by whoever sent that: the bytes "
                    "themselves are never hashed, and may be any.",
                )
                break


def _differ(test: Expr) -> tuple[Expr, Expr] | None:
    """Return what a test finds to be different: ``a !== b``, ``not compare_digest(a, b)``."""
    inner = strip(test)
    if isinstance(inner, Unary) and inner.op == "not":
        call = strip(inner.operand)
        if isinstance(call, Call) and len(call.args) == 2:
            return strip(call.args[0]), strip(call.args[1])
        return None
    return (strip(inner.left), strip(inner.right)) if isinstance(inner, Binary) and inner.op == "!=" else None


def _is_digest(side: Expr) -> bool:
    """Tell whether an expression is a digest that was kept: ``release.sha256``, ``card["sha256"]``."""
    if isinstance(side, Index):
        key = strip(side.key)
        return isinstance(key, Literal) and isinstance(key.value, str) and not DIGESTS.isdisjoint(words(key.value))
    return isinstance(side, Member) and not DIGESTS.isdisjoint(words(side.name))


def _beside(module: Module, function: Function, told: Expr) -> str:
    """Return what came together with a digest that somebody told, where the function has it in its hands.

    ``parcel.bytes`` of ``parcel.sha256``, and ``body`` where ``headers, body = fetch(…)`` and the digest is a header.
    """
    if isinstance(told, Call) and told.name == "get" and told.receiver is not None and told.args:
        key, holder = strip(told.args[0]), strip(told.receiver)
        named = isinstance(key, Literal) and isinstance(key.value, str) and not DIGESTS.isdisjoint(words(key.value))
        return _unpacked_with(module, function, holder) if named and isinstance(holder, Name) else ""
    if not _is_digest(told) or not isinstance(told, Member) or set(words(function.name)) & TAKES_IN:
        return ""  # of what is taken in on somebody's word another check speaks
    holder = strip(told.object)
    bound = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    if not isinstance(holder, Name) or len(bound) != 1 or not isinstance(bound[0], Param):
        return ""
    for other in find(function.body, Member):
        base = strip(other.object)
        if isinstance(base, Name) and base.id == holder.id and not _CARRIED.isdisjoint(words(other.name)[-1:]):
            return f"{holder.id}.{other.name}"
    return ""


def _unpacked_with(module: Module, function: Function, headers: Name) -> str:
    """Return the name that one call gave together with headers: ``body`` of ``headers, body = store.fetch(name)``."""
    if not {"headers", "header", "meta", "metadata", "trailers"} & set(words(headers.id)):
        return ""
    bound = module.scopes.lookup(headers.id, headers)
    made = bound[0] if len(bound) == 1 and isinstance(bound[0], Assign) else None
    for other in find(function.body, Assign) if made is not None else ():
        together = made is not None and other.raw.start_byte == made.raw.start_byte and other is not made
        if together and isinstance(other.target, Name) and not _CARRIED.isdisjoint(words(other.target.id)[-1:]):
            return other.target.id
    return ""


def _hashes_anything(inquiry: Inquiry) -> bool:
    """Tell whether some file of the subject makes a digest of anything."""
    kept = inquiry.memory.get("registry.hashes_anything")
    if not isinstance(kept, bool):
        kept = any(_HASHERS.search(text) for _path, text in inquiry.project.texts())
        inquiry.memory["registry.hashes_anything"] = kept
    return kept
