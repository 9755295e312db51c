"""SEC163: where no secret is configured, the empty text is compared, and whoever sends nothing is let in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Conditional, Expr, If, Literal, Member, Name, Unary, While, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words, said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COMPARES: Final = frozenset({"compare_digest", "timingSafeEqual"})
_KEYED: Final = {"hmac.new": 0, "hmac.digest": 0, "crypto.createHmac": 1}
"""Calls that make a signature, and where they take the key."""
_SECRETS: Final = word_set(
    "secret secrets token tokens password passwd passphrase key apikey credential credentials hmac"
)
_FORMS: Final = frozenset({"encode", "from", "str", "String", "bytes", "strip", "trim", "toString", "b64decode"})
_REQUESTS: Final = word_set("request req headers header query body params event message cookies form")
_MOST: Final = 6


@module_check("SEC163", words={"compare", "timing", "hmac"})
def empty_secret_accepted(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each secret that is compared, or signs, for what it is where nobody configured one."""
    if module.is_test:
        return
    for call in module.calls(_COMPARES | {"new", "digest", "createHmac"}):
        if call.name in _COMPARES:
            sides = call.args[:2]
        else:
            key = call.arg(_KEYED.get(module.resolve(call.callee), 99), "key")
            sides = [key] if key is not None else []
        for side in sides:
            named = _may_be_empty(module, side)
            if named is not None and not _is_asked(module, named):
                name = module.text_of(named)
                yield Match(
                    call,
                    f"'{name}' is the empty text where no secret is configured, and nobody asks whether there is one: "
                    "whoever sends nothing, or signs with nothing, is let in.",
                )
                break


def _may_be_empty(module: Module, expr: Expr) -> Expr | None:
    """Return the name of a secret that falls back to the empty text, or None."""
    value = strip(expr)
    for _ in range(_MOST):
        if isinstance(value, Call) and value.name in _FORMS:
            inner = value.receiver if value.name in ("encode", "strip", "trim", "toString") else value.arg(0)
            if inner is None:
                return None
            value = strip(inner)
            continue
        break
    if not isinstance(value, Name | Member):
        return None
    made = module.scopes.origin(value)
    if not isinstance(made, Expr) or not _falls_back(made):
        return None
    said = path_words(value) | said_in(made)
    return None if said & _REQUESTS or not said & _SECRETS else value


def _falls_back(made: Expr) -> bool:
    """Tell whether a value is the empty text where there is none: ``x or ""``, ``get(name, "")``."""
    if isinstance(made, Binary) and made.op in ("or", "??"):
        return _is_empty(made.right)
    if isinstance(made, Call):
        default = made.args[1] if len(made.args) > 1 else made.keywords.get("default")
        return made.name in ("get", "getenv", "pop") and default is not None and _is_empty(default)
    return False


def _is_empty(expr: Expr) -> bool:
    expr = strip(expr)
    return isinstance(expr, Literal) and expr.value in ("", b"")


def _is_asked(module: Module, named: Expr) -> bool:
    """Tell whether the file asks anywhere whether the secret is there, or how long it is."""
    text = module.text_of(named)
    tests: list[Expr] = [node.test for node in module.all(If)]
    tests += [node.test for node in module.all(While)]
    tests += [node.test for node in module.all(Conditional)]
    for node in module.all(Binary):
        if node.op in ("and", "or", "==", "!=", "<", ">", "<=", ">="):
            tests += [node.left, node.right]
    tests += [node.operand for node in module.all(Unary) if node.op == "not"]
    tests += [call.args[0] for call in module.calls(("len", "require", "assert", "bool")) if call.args]
    return any(_names(module, test, text) for test in tests)


def _names(module: Module, test: Expr, text: str) -> bool:
    """Tell whether a test is about the value itself, and not about a comparison with it."""
    test = strip(test)
    if isinstance(test, Unary | Binary):
        parts = [test.operand] if isinstance(test, Unary) else [test.left, test.right]
        return any(_names(module, part, text) for part in parts)
    if isinstance(test, Member) and test.name in ("length", "size"):
        test = strip(test.object)
    return isinstance(test, Name | Member) and module.text_of(test) == text and bool(words(text) or find(test, Name))
