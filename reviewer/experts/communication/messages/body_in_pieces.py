"""COM033: the body of a request is gathered piece by piece, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Binary, Call, Expr, For, Literal, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import name_words, path_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_REQUESTS: Final = frozenset({"req", "request", "incoming", "upload"})
_PUTS: Final = frozenset({"push", "append", "extend", "write"})
_EMPTY: Final = frozenset({"bytearray", "list", "BytesIO", "StringIO", "bytes"})
_ORDER: Final = frozenset({">", ">=", "<", "<="})
_LIMITS: Final = frozenset({"max", "limit", "maximum", "cap", "most", "limited", "bounded"})


@module_check("COM033", words=_REQUESTS)
def body_in_pieces(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over the pieces of a request for a look at how many came: ``for await (const p of req)``."""
    if module.is_test:
        return
    for loop in module.all(For):
        piece = strip(loop.target) if loop.target is not None else None
        if not loop.asynchronous or loop.iterable is None or not isinstance(piece, Name):
            continue
        if not _is_request(loop.iterable) or _asks_how_much(loop):
            continue
        kept = next((held for node in walk(loop.body) if (held := _kept(node, piece.id)) is not None), None)
        if kept is not None and not _is_handed_on(module, kept):
            yield Match(
                loop,
                f"'{module.text_of(kept)}' grows with everything that is sent, and nothing looks at how much that is: "
                "a request without an end fills the memory of this process.",
            )


def _is_request(iterable: Expr) -> bool:
    """Tell whether what is gone through is what somebody sends: ``request``, ``request.stream()``, ``ctx.req``."""
    return bool(path_words(iterable) & _REQUESTS) and not set(name_words(iterable)) & {"headers", "params", "query"}


def _asks_how_much(loop: For) -> bool:
    """Tell whether a loop compares something with a limit, or the function around speaks of one."""
    if any(isinstance(node, Binary) and node.op in _ORDER for node in walk(loop.body)):
        return True
    function = function_of(loop)
    said = {word for name in names_in(function.body if function is not None else loop) for word in words(name)}
    return bool(said & _LIMITS)


def _kept(node: Node, piece: str) -> Expr | None:
    """Return what a piece is added to."""
    if isinstance(node, Call) and node.name in _PUTS and node.receiver is not None and piece in names_in(node.args):
        return node.receiver
    if isinstance(node, Assign) and node.op == "+=" and node.value is not None and piece in names_in(node.value):
        return node.target
    return None


def _is_handed_on(module: Module, kept: Expr) -> bool:
    """Tell whether pieces go where they are not kept in memory: to a file that was opened, to an answer."""
    held = strip(kept)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    values = [strip(one.value) for one in bound if isinstance(one, Assign) and one.value is not None]
    return not any(isinstance(one, Array | Literal) or (isinstance(one, Call) and one.name in _EMPTY) for one in values)
