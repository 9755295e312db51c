"""REG043: what is held against the known digest is a header, and nobody hashes what comes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Binary, Call, Expr, If, Index, Literal, Member, Name, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.entering import reached
from reviewer.experts.registry.made_from import ways_back
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node
    from reviewer.experts.check import Inquiry

_HEADERS: Final = frozenset({"headers", "getheader", "getHeader", "get_header"})
_BODIES: Final = frozenset(
    "body arrayBuffer blob bytes buffer read content iter_content iter_bytes aiter_bytes stream raw data".split()
)
"""Members that give what an answer carries."""
_HASHERS: Final = frozenset(
    "createhash hashlib subtle sha1 sha256 sha384 sha512 blake2b blake3 md5 hasher ssri".split()
)
_REQUESTS: Final = frozenset("request req ctx context incoming event upload".split())
"""Words of what somebody sent to the host."""


@module_check("REG043", words={"headers", "getheader"})
def digest_header_only(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at refusals by a header that states a digest, in functions that take the body unhashed."""
    if module.is_test:
        return
    for test in module.all(If):
        function = function_of(test)
        if function is None or not exits(test.body) or not _compares(test.test):
            continue
        answer = next((one for part in _sides(test.test) for one in _stated_by(module, part)), None)
        if answer is None or not _takes_body(function, answer) or _hashes(module, function):
            continue
        yield Match(
            test,
            f"What is compared is a header of '{answer}', which the sender wrote: the bytes that follow are never "
            "hashed, and may be any.",
        )


def _compares(test: Expr) -> bool:
    """Tell whether a test holds where two things differ: ``a !== b``, ``!same(a, b)``."""
    inner = strip(test)
    if isinstance(inner, Unary):
        call = strip(inner.operand)
        return isinstance(call, Call) and len(call.args) + (call.name == "equals") > 1
    return isinstance(inner, Binary) and inner.op == "!="


def _sides(test: Expr) -> list[Expr]:
    inner = strip(test)
    if isinstance(inner, Unary):
        inner = strip(inner.operand)
    if isinstance(inner, Binary):
        return [inner.left, inner.right]
    return [*inner.args, *([inner.receiver] if inner.receiver is not None else [])] if isinstance(inner, Call) else []


def _stated_by(module: Module, side: Expr) -> Iterator[str]:
    """Yield the names of answers by whose header something was stated that its name calls a digest."""
    for way in ways_back(module, side):
        for part in walk(way, into_functions=False):
            name = _of_digest_header(part)
            if name and _REQUESTS.isdisjoint(words(name)):
                yield name


def _of_digest_header(part: Node) -> str:
    """Return ``answer`` of ``answer.headers.get("x-digest")``, or an empty string."""
    if isinstance(part, Call) and part.receiver is not None:
        key, holder = part.arg(0), strip(part.receiver)
        known = part.name in _HEADERS or (part.name == "get" and isinstance(holder, Member))
    elif isinstance(part, Index):
        key, holder, known = part.key, strip(part.object), True
    else:
        return ""
    if isinstance(holder, Member) and holder.name in _HEADERS:
        holder = strip(holder.object)
    elif not (isinstance(part, Call) and part.name in _HEADERS):
        return ""
    said = strip(key) if key is not None else None
    told = isinstance(said, Literal) and isinstance(said.value, str) and not DIGESTS.isdisjoint(words(said.value))
    return holder.id if known and told and isinstance(holder, Name) else ""


def _takes_body(function: Function, answer: str) -> bool:
    """Tell whether a function takes what an answer carries."""
    return any(
        isinstance(strip(part.object), Name) and strip(part.object).id == answer  # type: ignore[attr-defined]  # a Name by the test
        for part in find(function.body, Member)
        if part.name in _BODIES
    )


def _hashes(module: Module, function: Function) -> bool:
    """Tell whether a function, what it calls, or what calls it in this file makes a digest of anything."""
    near = list(reached(module, function))
    for call in module.calls((function.name,)) if function.name else ():
        caller = function_of(call)
        near.extend([caller] if caller is not None else [])
    return any(
        not _HASHERS.isdisjoint({*words(call.name), call.name.lower(), *words(module.resolve(call.callee))})
        for one in near
        for call in calls_in(one.body)
    )
