"""SEC366: what is missing is taken for the very value that it is then compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    If,
    Index,
    Literal,
    Member,
    Name,
    Return,
    Throw,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_EQUALS: Final = frozenset({"==", "!="})
_WHOSE: Final = word_set(
    "owner owners publisher publishers author authors holder maintainer tenant account user principal creator "
    "namespace key keys fingerprint fingerprints signer digest digests signature hash session role grant grants scope "
    "claimed claims"
)
"""Words of what decides whether somebody may do something."""
_CLAIMS: Final = frozenset({"set", "add", "setdefault", "put", "claim", "reserve", "insert", "register", "update"})


@module_check("SEC366", words=_WHOSE)
def default_compared_with_itself(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at comparisons of which one side is the other one where nothing is known."""
    if module.is_test:
        return
    for node in module.all(Binary):
        if node.op not in _EQUALS:
            continue
        for side, other in ((node.left, node.right), (node.right, node.left)):
            made = _made(module, side)
            fallback = _fallback(made)
            if made is None or fallback is None or module.text_of(fallback) != module.text_of(strip(other)):
                continue
            if not _decides(node) or not _about_rights(side, other, made) or _claims(module, node, made):
                continue
            yield Match(
                node,
                f"Where nothing is known, '{short(module.text_of(side))}' is '{short(module.text_of(other))}', and "
                "here they are compared: whoever is not known passes as the right one.",
                related=((made, "what is missing becomes the other side here"),),
            )


def _made(module: Module, side: Expr) -> Expr | None:
    """Return what one side of a comparison was made by."""
    side = strip(side)
    if isinstance(side, Name):
        bound = module.scopes.lookup(side.id, side)
        only = bound[0] if len(bound) == 1 else None
        return strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    return side


def _fallback(made: Expr | None) -> Expr | None:
    """Return what stands for what is missing: ``b`` of ``a ?? b``, and of ``table.get(key, b)``."""
    if isinstance(made, Binary) and made.op in ("??", "or"):
        fallback = strip(made.right)
    elif isinstance(made, Call) and made.name == "get" and len(made.args) == 2:
        fallback = strip(made.args[1])
    else:
        return None
    return None if isinstance(fallback, Literal) else fallback


def _decides(node: Binary) -> bool:
    """Tell whether a comparison lets something through or refuses it."""
    for around in ancestors(node):
        if isinstance(around, If):
            leaves = [*around.body, *around.orelse]
            return any(isinstance(one, Throw) or _is_no(one) for one in leaves)
        if isinstance(around, Return):
            return True
        if not isinstance(around, Binary | Conditional) and getattr(around, "op", "") != "not":
            return False
    return False


def _is_no(statement: Node) -> bool:
    value = strip(statement.value) if isinstance(statement, Return) and statement.value is not None else None
    return isinstance(value, Literal) and value.value is False


def _about_rights(side: Expr, other: Expr, made: Expr) -> bool:
    base = made.left if isinstance(made, Binary) else made.receiver if isinstance(made, Call) else None
    said = {*last_words(side), *last_words(other), *(path_words(base) if base is not None else ())}
    return bool(said & _WHOSE)


def _claims(module: Module, node: Binary, made: Expr) -> bool:
    """Tell whether a function enters who came first, so that the next one is compared with that."""
    function = function_of(node)
    base = strip(made.left) if isinstance(made, Binary) else made
    holder = base.receiver if isinstance(base, Call) else base.object if isinstance(base, Index | Member) else None
    if function is None or holder is None:
        return False
    text = module.text_of(holder)
    written = any(
        isinstance(one.target, Index) and module.text_of(one.target.object) == text
        for one in find(function.body, Assign)
    )
    return written or any(
        bool(set(words(call.name)) & _CLAIMS) and call.receiver is not None and module.text_of(call.receiver) == text
        for call in find(function.body, Call)
    )
