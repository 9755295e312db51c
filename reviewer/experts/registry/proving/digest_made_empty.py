"""REG040: an entry without a digest is read as one with an empty digest, where other absent fields refuse it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Conditional, Expr, Function, If, Literal, Name, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import last_words, path_words
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_SPELLS: Final = frozenset({"str", "String", "lower", "strip", "toLowerCase", "trim"})
_FIRM: Final = DIGESTS - {"hex", "hash", "hashes", "fingerprint"}


@module_check("REG040", words=_FIRM)
def digest_made_empty(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each digest that is read from an entry for what becomes of one that is not there."""
    if module.is_test:
        return
    for assign in module.all(Assign):
        function = function_of(assign)
        if function is None or assign.value is None or not isinstance(assign.target, Name):
            continue
        if not set(words(assign.target.id)) & _FIRM or not _falls_back_on_nothing(assign.value):
            continue
        if _refuses_others(function) and not _refused_later(function, assign.target.id):
            yield Match(
                assign,
                f"An entry without a digest is taken, with an empty '{assign.target.id}': others without an id or a "
                "version are refused here, and this one can't be verified.",
                fix="Refuse an entry whose digest is absent or has the wrong form.",
            )


def _falls_back_on_nothing(value: Expr) -> bool:
    """Tell whether a value is empty where the entry names no digest."""
    value = _as_text(value)
    if isinstance(value, Conditional):
        asked = not names_in(value.test).isdisjoint(names_in(value.then))  # else something else decides what is shown
        return asked and _is_nothing(value.other) and bool(set(_said(value.then)) & _FIRM)
    if isinstance(value, Binary) and value.op in ("??", "or"):
        return _is_nothing(value.right) and bool((set(last_words(value.left)) | _asked_for(value.left)) & _FIRM)
    if isinstance(value, Call) and value.name == "get" and len(value.args) == 2:
        return bool(_asked_for(value) & _FIRM) and _is_nothing(value.args[1])
    return False


def _as_text(value: Expr) -> Expr:
    """Return what a text is made of that is only written otherwise: ``str(x or "").lower()``."""
    value = strip(value)
    while isinstance(value, Call) and value.name in _SPELLS:
        inner = value.receiver if value.receiver is not None and not value.args else value.arg(0)
        if inner is None:
            break
        value = strip(inner)
    return value


def _asked_for(value: Expr) -> set[str]:
    """Return the words of the key that a record is asked for: ``raw.get("sha256")``."""
    asked = strip(value)
    key = strip(asked.args[0]) if isinstance(asked, Call) and asked.name == "get" and asked.args else None
    return set(words(key.value)) if isinstance(key, Literal) and isinstance(key.value, str) else set()


def _said(expr: Expr) -> set[str]:
    return path_words(strip(expr))


def _is_nothing(expr: Expr) -> bool:
    value = strip(expr)
    return isinstance(value, Literal) and value.value in ("", None)


def _refuses_others(function: Function) -> bool:
    refused = (test for test in find(function.body, If) if any(isinstance(one, Throw) for one in test.body))
    return sum(1 + sum(one.op == "or" for one in find(test.test, Binary)) for test in refused) > 1


def _refused_later(function: Function, name: str) -> bool:
    """Tell whether what is empty is refused after all."""
    return any(
        isinstance(node, Name) and node.id == name
        for test in find(function.body, If)
        if any(isinstance(one, Throw) for one in test.body)
        for node in find(test.test, Name)
    )
