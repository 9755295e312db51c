"""What a name looks like: three keys, each of which leaves out one more thing that a reader does not see."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from typing import Final

from reviewer import resources
from reviewer.core.regex import regex

_TABLE: Final = ("registry", "confusables.toml")
_SEPARATORS: Final = regex(r"[@/\\\s._:+~-]+")


def folded(name: str) -> str:
    """Return a name without its case and its compatibility forms."""
    return unicodedata.normalize("NFKC", name).casefold()


def words(name: str) -> list[str]:
    """Return the words of a name, without case and the separators between them."""
    return [word for word in _SEPARATORS.split(folded(name)) if word]


def joined(name: str) -> str:
    """Return a name without its case and its separators, the mark of a scope included."""
    return "".join(words(name))


def skeleton(name: str) -> str:
    """Return a name as it is seen in haste: look-alike characters in one form, no accents, no separators."""
    letters, pairs = _confusables()
    plain = unicodedata.normalize("NFKC", name).translate(letters).casefold().translate(letters)
    if not plain.isascii():
        parts = unicodedata.normalize("NFD", plain)
        plain = "".join(letter for letter in parts if not unicodedata.combining(letter) and _seen(letter))
    plain = "".join(_SEPARATORS.split(plain))
    for pair, letter in pairs:
        plain = plain.replace(pair, letter)
    return plain


def _seen(letter: str) -> bool:
    """Tell whether a character is drawn at all."""
    return unicodedata.category(letter) not in ("Cc", "Cf")


@cache
def _confusables() -> tuple[dict[int, str], tuple[tuple[str, str], ...]]:
    """Return the table of letters, and the pairs that pass for one letter."""
    data = tomllib.loads(resources.skills().joinpath(*_TABLE).read_text("utf-8"))
    letters = {ord(alike): letter for letter, many in data["letters"].items() for alike in many}
    return letters, tuple(data["pairs"].items())
