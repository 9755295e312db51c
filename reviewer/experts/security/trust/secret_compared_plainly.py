"""SEC083: a secret that came with a request is compared with the kept one character by character."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Binary,
    Call,
    Conditional,
    Expr,
    If,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_SECRETS: Final = word_set(
    "token tokens secret secrets apikey apikeys password passwords passphrase credential credentials bearer"
)
_KEYS: Final = (("api", "key"), ("access", "key"), ("shared", "key"), ("auth", "key"), ("api", "keys"))
_HEADERS: Final = word_set("headers header")
_PARTS: Final = frozenset(
    "removeprefix replace slice substring strip trim partition split get lower toLowerCase decode String str".split()
)
_STEPS: Final = 6
_MAKES: Final = frozenset(
    "token_urlsafe token_hex token_bytes randomBytes randomUUID getRandomValues compare_digest timingSafeEqual".split()
)
"""What makes a secret by chance, or compares one as it should be."""


@module_check("SEC083", words=_SECRETS | {"key", "authorization"})
def secret_compared_plainly(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison that decides for a header on one side and a kept secret on the other."""
    if module.is_test:
        return
    for test in module.all(Binary):
        if test.op not in ("==", "!=") or not _decides(test):
            continue
        for sent, kept in ((test.left, test.right), (test.right, test.left)):
            if _is_sent(module, sent) and _is_kept(module, kept):
                yield Match(
                    test,
                    f"'{short(module.text_of(test))}' stops at the first character that differs, and the time it takes "
                    "says where: the secret can be guessed piece by piece.",
                )
                break


def _is_sent(module: Module, expr: Expr) -> bool:
    """Tell whether a text is a secret out of the headers of a request, or the part of one behind its scheme.

    Or one that a function is told, in a file that makes such secrets by chance or knows how to compare them.
    """
    made: object = module.scopes.origin(expr)
    if isinstance(made, Param):
        typed = made.type in ("", "str", "string", "bytes", "Buffer")
        return typed and set(words(made.name)[-1:]) <= _SECRETS and not module.identifiers.isdisjoint(_MAKES)
    for _ in range(_STEPS):
        if isinstance(made, Binary) and made.op in ("or", "??"):
            made = module.scopes.origin(made.left)
        elif isinstance(made, Call) and made.name in ("get", "header") and made.args:
            return _names_secret(strip(made.args[0])) and made.receiver is not None
        elif isinstance(made, Index):
            key = strip(made.key)
            if isinstance(key, Literal) and isinstance(key.value, str):
                return _names_secret(key) and bool(path_words(made.object) & _HEADERS)
            made = module.scopes.origin(made.object)
        elif isinstance(made, Member):
            if path_words(made.object) & _HEADERS:
                return made.name == "authorization"
            return False
        elif isinstance(made, Call) and made.name in _PARTS:
            inner = made.receiver or (made.args[0] if made.args else None)
            made = module.scopes.origin(inner) if inner is not None else None
        else:
            return False
    return False


def _names_secret(key: Expr) -> bool:
    said = words(str(key.value)) if isinstance(key, Literal) and isinstance(key.value, str) else ()
    return "authorization" in said or bool(set(said) & _SECRETS) or said[-2:] in _KEYS


def _is_kept(module: Module, expr: Expr) -> bool:
    """Tell whether a value is a secret that the host keeps: by its name, or by that of the table it is taken from."""
    if isinstance(strip(expr), Literal) or _is_sent(module, expr):
        return False
    made = module.scopes.origin(expr)
    parts = [expr, *([made] if isinstance(made, Expr) else [])]
    for part in map(_holder, parts):
        if isinstance(part, Name | Member):
            said = words(part.id if isinstance(part, Name) else part.name)
            if set(said[-1:]) & _SECRETS or said[-2:] in _KEYS:
                return True
    return False


def _holder(part: Expr) -> Expr:
    """Return the table that a value is taken from, or the value itself."""
    part = strip(part)
    if isinstance(part, Call) and part.name == "get" and part.receiver is not None:
        return strip(part.receiver)
    return strip(part.object) if isinstance(part, Index) else part


def _decides(node: Node) -> bool:
    around = node.parent
    while isinstance(around, Binary | Unary):
        around = around.parent
    return isinstance(around, If | Return | Conditional)
