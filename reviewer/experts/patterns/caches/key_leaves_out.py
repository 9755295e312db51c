"""PAT002: a function that makes the key of a cache is told more than it puts in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Function, Literal, Name, Object, Return, Throw
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in, word_set
from reviewer.experts.patterns.vocabulary import CACHES, SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_KEYS: Final = word_set("key keys fingerprint cachekey")
_MAKES: Final = word_set("make build compute get create derive cache cached memo result outcome for of request entry")
"""Words that a function which makes a key may have beside the key itself."""
_HASHES: Final = word_set("sha sha1 sha256 sha512 hash digest hexdigest stringify dumps join md5 blake hashlib")
"""Words of code that makes one text of many things."""


@module_check("PAT002", words=_KEYS)
def key_leaves_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that makes a key for a parameter that it never reads."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or len(function.params) < 2 or not makes_a_key(module, function):
            continue
        used = names_in(function.body)
        left = next((p for p in function.params if p.name and p.name not in used and _is_asked(p.name)), None)
        if left is not None:
            yield Match(
                _place(function),
                f"'{function.name}' is told '{left.name}' and leaves it out of the key: another '{left.name}' is "
                "answered with the old result.",
            )


def makes_a_key(module: Module, function: Function) -> bool:
    """Tell whether a function only makes the key of something that is kept."""
    said = words(function.name)
    if not said or not set(said) & _KEYS or not set(said) <= _KEYS | _MAKES | CACHES:
        return False
    if any(isinstance(node, Throw) for node in walk(function.body)):
        return False
    cls = class_of(function)
    around = {*words(cls.name if cls is not None else ""), *words(module.path), *said}
    return bool(around & CACHES) or bool(said_in(function.body) & _HASHES)


def _is_asked(name: str) -> bool:
    """Tell whether a parameter is part of the question, and not of the work or left out on purpose."""
    return not name.startswith("_") and not set(words(name)) & SERVICES


def _place(function: Function) -> Node:
    """Return what the key is made of: the object that is put together, else what is given back."""
    for made in find(function.body, Object, into_functions=False):
        if any(isinstance(key, Literal) for key, _value in made.entries):
            return made
    answers = [node for node in find(function.body, Return, into_functions=False) if node.value is not None]
    return answers[-1] if answers and not isinstance(answers[-1].value, Name) else function.body[0]
