"""String literals of Python: prefixes, quotes and escapes."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from reviewer.core.regex import regex

_OPENING: Final = regex(r"([A-Za-z]{0,3})(\"\"\"|'''|\"|'|`)")
_ESCAPE: Final = regex(
    r"\\(\n|[\\'\"abfnrtv]|[0-7]{1,3}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|N\{[^{}\n]{1,100}\})"
)
_BYTES_ESCAPE: Final = regex(r"\\(\n|[\\'\"abfnrtv]|[0-7]{1,3}|x[0-9A-Fa-f]{2})")
_SIMPLE: Final = {
    "\n": "",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}
_UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"


class Opening(NamedTuple):
    """How a string literal starts: its prefix in lower case, and its length with the quotes."""

    prefix: str
    quotes: str

    @property
    def raw(self) -> bool:
        """Tell whether backslashes stand for themselves."""
        return "r" in self.prefix

    @property
    def binary(self) -> bool:
        """Tell whether the literal is of bytes."""
        return "b" in self.prefix


def opening(spelled: str) -> Opening:
    """Read the start of a string literal; text that is none has no quotes."""
    match = _OPENING.match(spelled)
    return Opening(match[1].lower(), match[2]) if match else Opening("", "")


def constant(spelled: str) -> str | bytes:
    """Return the value of a whole literal without holes, as Python would read it.

    A literal that breaks off before its closing quotes has the value of what is there.
    """
    start = opening(spelled)
    first = len(start.prefix) + len(start.quotes)
    closed = bool(start.quotes) and len(spelled) >= first + len(start.quotes) and spelled.endswith(start.quotes)
    return stretch(spelled[first : -len(start.quotes) if closed else None], start)


def stretch(text: str, start: Opening) -> str | bytes:
    """Return the value of a stretch of text inside a literal that starts so."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if start.binary:
        if not start.raw and "\\" in text:
            text = _BYTES_ESCAPE.sub(_byte, text)
        # Python allows only ASCII here; anything else is kept rather than refused.
        return bytes(ord(character) if ord(character) < 256 else 63 for character in text)
    if not start.raw and "\\" in text:
        text = _ESCAPE.sub(_character, text)
    return text


def _byte(match: re.Match[str]) -> str:
    """Return the byte that an escape stands for, as a character below 256."""
    code = match[1]
    simple = _SIMPLE.get(code)
    if simple is not None:
        return simple
    return chr((int(code[1:], 16) if code[0] == "x" else int(code, 8)) & 0xFF)


def _character(match: re.Match[str]) -> str:
    """Return the character that an escape stands for; a lone surrogate, which no file can hold, is replaced."""
    code = match[1]
    simple = _SIMPLE.get(code)
    if simple is not None:
        return simple
    if code[0] == "N":
        try:
            return unicodedata.lookup(code[2:-1])
        except KeyError:
            return match[0]
    point = int(code[1:], 16) if code[0] in "xuU" else int(code, 8)
    return _UNKNOWN if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF else chr(point)
