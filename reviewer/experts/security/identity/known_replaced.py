"""What a sender says, put in the place of what the host knows of who sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Conditional, Expr, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.access import path_of, step
from reviewer.experts.security.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

KNOWN: Final = word_set(
    "session auth authentication principal context ctx locals state verified claims jwt connection conn socket port "
    "peer channel credentials login bound self this"
)
"""Words of what the host has found out by itself."""
PARTS: Final = word_set("body query headers header json args form payload data params values cookies")
"""Words of what a sender fills in."""
_SENT: Final = frozenset({"body", "headers", "query"})
"""Those of them that nothing but a request has."""
_STEPS: Final = 6
_CHOSEN: Final = word_set(
    "locale lang language theme timezone tz zone currency page limit size sort order format view mode title path url "
    "redirect next state nonce version filter query search date day month year"
)
"""Last words of what anybody may choose, and the session only remembers."""


def replaced(module: Module) -> Iterator[tuple[Expr, Expr]]:
    """Yield what a field of a request says and what a token or a session says of the same thing, which it replaces.

    ``req.body.guide ?? session.guide``, ``body.get("guide", session.guide)``, ``{ guide = session.guide } = body``.
    """
    for node in module.some(Binary, Conditional, Call, Assign):
        for said, known in _choices(node):
            if _replaces(module, said, known):
                yield said, known


def _choices(node: object) -> Iterator[tuple[Expr, Expr]]:
    """Yield what comes first and what stands in for it."""
    if isinstance(node, Binary) and node.op in ("??", "or"):
        yield node.left, node.right
    elif isinstance(node, Conditional):
        yield node.then, node.other
        yield node.other, node.then
    elif isinstance(node, Call) and node.name == "get" and len(node.args) == 2:
        yield node, node.args[1]
    elif isinstance(node, Assign) and node.default is not None and node.value is not None:
        yield node.value, node.default


def _replaces(module: Module, said: Expr, known: Expr) -> bool:
    known = strip(known)
    if not isinstance(known, Member | Call):
        return False
    names = path_of(module, said)[1]
    asked = words(names[-1]) if names else ()
    carried = {word for name in names[:-1] for word in words(name)}
    if (
        not (carried & PARTS or is_parsed(module, said))
        or carried & (KNOWN - {"context", "ctx", "self", "this"})
        or set(asked[-1:]) & _CHOSEN
    ):
        return False
    if isinstance(known, Member):
        kept = words(known.name)
        alike = asked[-len(kept) :] == kept and bool(path_words(known.object) & KNOWN)
        return alike and (bool(carried & _SENT) or is_sent(module, said))
    if known.receiver is None or words(known.name)[: len(asked)] != asked:
        return False
    by_host = bool(path_words(known.receiver) & (KNOWN | {"token", "tokens", "sessions"}))
    return by_host and (bool(carried & _SENT) or is_sent(module, said))


def is_sent(module: Module, expr: Expr) -> bool:
    """Tell whether a value comes from a request or a message."""
    return bool(trace(module, expr).kinds() & {"request", "message"})


def is_parsed(module: Module, arg: Expr) -> bool:
    """Tell whether a value is taken out of a text that was parsed in the same file."""
    expr: object = strip(arg)
    for _ in range(_STEPS):
        if isinstance(expr, Call) and expr.name in ("parse", "loads"):
            return True
        found = step(expr) if isinstance(expr, Expr) else None
        if found is not None:
            expr = strip(found[0])
        elif isinstance(expr, Name):
            expr = module.scopes.origin(expr)
        else:
            return False
    return False
