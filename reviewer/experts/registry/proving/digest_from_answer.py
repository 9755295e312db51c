"""REG043, second part: the expected digest is a header of the very answer that the package came in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, For, Index, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.made_from import ways_back
from reviewer.experts.registry.verification import comparisons, hashed, roots
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.registry.verification import Comparison

_READS: Final = frozenset({"getheader", "getHeader", "get_header"})
_ADDS: Final = frozenset({"push", "append", "extend", "write"})
_REQUESTS: Final = frozenset("request req ctx context upload incoming event".split())
"""Words of what somebody sent to the host: there, the digest of a header only says that all of it arrived."""
_ANSWERS: Final = frozenset("answer response res resp reply download downloaded".split())


@module_check("REG043", words=DIGESTS)
def digest_from_answer(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find digests that whoever sent the bytes states in the same answer, and that nothing else vouches for."""
    if module.is_test or module.words.isdisjoint({"header", "headers", "getheader"}):
        return
    for one in comparisons(module):
        answer = _answer(module, one)
        if answer is not None and not _compared_otherwise(module, one):
            yield Match(
                one.node,
                f"The expected digest is a header of '{answer.id}', in which the package itself came: whoever sends "
                "another package sends the digest that fits it.",
            )


def _answer(module: Module, one: Comparison) -> Name | None:
    """Return the answer that both the bytes and the digest were taken from."""
    inputs = hashed(module, one.actual)
    if not inputs or hashed(module, one.expected):
        return None
    sources = _sources(module, inputs[0])
    for way in ways_back(module, one.expected):
        for node in walk(way, into_functions=False):
            base = _with_header(node)
            if base is None or not _REQUESTS.isdisjoint(words(base.id)):
                continue
            for binding in module.scopes.lookup(base.id, base):
                known = not isinstance(binding, Param) or not _ANSWERS.isdisjoint(words(base.id))
                if known and (id(binding), base.id) in sources:
                    return base
    return None


def _with_header(node: object) -> Name | None:
    """Return what a header is read from: ``answer`` of ``answer.headers.get("x-digest")``."""
    held: Expr | None = None
    if isinstance(node, Call) and node.name in _READS:
        held = node.receiver
    elif isinstance(node, Call) and node.name == "get" and node.receiver is not None:
        held = _of_headers(node.receiver)
    elif isinstance(node, Index | Member):
        held = _of_headers(node.object)
    held = strip(held) if held is not None else None
    return held if isinstance(held, Name) else None


def _of_headers(expr: Expr) -> Expr | None:
    inner = strip(expr)
    return inner.object if isinstance(inner, Member) and inner.name == "headers" else None


def _sources(module: Module, code: Expr) -> set[tuple[int, str]]:
    """Return the variables that bytes were made from, also where a loop gathered them piece by piece."""
    found = roots(module, code)
    function = function_of(code)
    for loop in walk(function.body, into_functions=False) if function is not None else ():
        if not isinstance(loop, For) or loop.iterable is None:
            continue
        for call in walk(loop.body, into_functions=False):
            if not isinstance(call, Call) or call.name not in _ADDS or call.receiver is None:
                continue
            if roots(module, call.receiver) & found:
                found |= roots(module, loop.iterable)
    return found


def _compared_otherwise(module: Module, one: Comparison) -> bool:
    """Tell whether the same function holds the bytes against a digest from elsewhere, too."""
    function = function_of(one.node)
    return any(
        other.node is not one.node and function_of(other.node) is function and _answer(module, other) is None
        for other in comparisons(module)
    )
