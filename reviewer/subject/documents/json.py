"""Reads JSON, and JSON with comments and trailing commas, with the place of every key and value."""

from __future__ import annotations

import re
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # the C scanner, left out of the stubs
from math import isinf
from typing import Final, NoReturn

from msgspec import Struct, field

from reviewer.core.location import Location
from reviewer.core.regex import regex
from reviewer.subject.document import Document, DocumentError, RepeatedKey, Value
from reviewer.subject.documents.places import decode_document, pointer_step
from reviewer.subject.limits import MAX_DOCUMENT_VALUES

_MAX_DEPTH: Final = 100
_MAX_DIGITS: Final = 1000
_BLANK: Final = regex(r"[ \t\r\n]*+")
_NUMBER: Final = regex(r"(-?(?:0|[1-9][0-9]*+))(\.[0-9]++)?([eE][-+]?[0-9]++)?")
_WORD: Final = regex(r"[A-Za-z_$][\w$.+-]{0,40}|[-+]?\w[\w$.+-]{0,40}")
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_NO_WORDS: Final = frozenset({"NaN", "Infinity", "undefined"})


def parse_json(path: str, data: bytes) -> Document:
    """Read a JSON file; raises `DocumentError` with the place and what was expected there.

    Comments and trailing commas are accepted and make the format ``jsonc``.
    """
    return _Reader(path, decode_document(path, data)).document()


class _Open(Struct):
    """An object or array that is not closed yet."""

    data: dict[str, Value] | list[Value]
    line: int
    column: int
    key: Location | None
    name: str | int = ""
    """Key or index under which this stands, for pointers."""
    keys: dict[str, Location] = field(default_factory=dict)


class _Reader:
    """Goes through the text once with a stack of its own."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._text = text
        self._at = 0
        self._line = 1
        self._line_start = 0
        self._values = 0
        self._extended = False
        self._repeated: list[RepeatedKey] = []
        self._stack: list[_Open] = []

    def document(self) -> Document:
        self._blank()
        root = self._read()
        self._blank()
        if self._at < len(self._text):
            self._fail("expected the end of the file")
        kind = "jsonc" if self._extended else "json"
        return Document(self._path, kind, root, tuple(self._repeated))

    def _read(self) -> Value:
        """Read one value with everything in it."""
        key: Location | None = None
        name: str | int = ""
        while True:
            done = self._value(key, name)
            while done is not None:
                if not self._stack:
                    return done
                holder = self._stack[-1]
                if isinstance(holder.data, list):
                    holder.data.append(done)
                else:
                    holder.data[str(name)] = done
                done, name = self._after_member(holder)
            holder = self._stack[-1]
            if isinstance(holder.data, dict):
                name, key = self._key(holder)
            else:
                name, key = len(holder.data), None

    def _after_member(self, holder: _Open) -> tuple[Value | None, str | int]:
        """Read what follows a member: a comma, or the end of the holder, which is then returned."""
        closing = "]" if isinstance(holder.data, list) else "}"
        self._blank()
        mark = self._text[self._at : self._at + 1]
        if mark == ",":
            self._at += 1
            self._blank()
            if self._text[self._at : self._at + 1] != closing:
                return None, ""
            self._extended = True
        elif mark != closing:
            self._fail(f"expected ',' or {closing!r}")
        return self._close(), holder.name

    def _close(self) -> Value:
        self._at += 1
        holder = self._stack.pop()
        end = self._at - self._line_start + 1
        place = Location(self._path, holder.line, holder.column, self._line, end)
        return Value(holder.data, place, holder.key)

    def _value(self, key: Location | None, name: str | int) -> Value | None:
        """Read a scalar or an empty holder; open a holder and return None where there is more."""
        self._values += 1
        if self._values > MAX_DOCUMENT_VALUES:
            self._fail(f"holds more than {MAX_DOCUMENT_VALUES:,} values; cut off")
        mark = self._text[self._at : self._at + 1]
        if mark == '"':
            start = self._at
            return Value(self._string(), self._span(start), key)
        if mark and mark in "{[":
            return self._open(mark, key, name)
        return self._scalar(key)

    def _open(self, mark: str, key: Location | None, name: str | int) -> Value | None:
        if len(self._stack) >= _MAX_DEPTH:
            self._fail(f"nested deeper than {_MAX_DEPTH} levels; stopped")
        column = self._at - self._line_start + 1
        data: dict[str, Value] | list[Value] = {} if mark == "{" else []
        self._stack.append(_Open(data, self._line, column, key, name))
        self._at += 1
        self._blank()
        if self._text[self._at : self._at + 1] == ("}" if mark == "{" else "]"):
            return self._close()
        return None

    def _scalar(self, key: Location | None) -> Value:
        start = self._at
        number = _NUMBER.match(self._text, start)
        if number:
            self._at = number.end()
            following = _WORD.match(self._text, self._at)
            if following and following.start() == self._at:
                self._at = start
                self._fail("expected a number")
            return Value(self._number(number, start), self._span(start), key)
        word = _WORD.match(self._text, start)
        if word and word.group() in _WORDS:
            self._at = word.end()
            return Value(_WORDS[word.group()], self._span(start), key)
        if word and word.group().lstrip("+-") in _NO_WORDS:
            self._fail(f"{word.group()} is not JSON; expected a number, a text, true, false or null")
        return self._fail("expected a value")

    def _number(self, found: re.Match[str], start: int) -> int | float:
        whole, fraction, exponent = found.groups()
        if len(found.group()) > _MAX_DIGITS:
            self._at = start
            self._fail(f"a number of more than {_MAX_DIGITS} digits; expected a smaller one")
        if fraction is None and exponent is None:
            return int(whole)
        number = float(found.group())
        if isinf(number):
            self._at = start
            self._fail("the number is too large; expected one below 1.8e308")
        return number

    def _key(self, holder: _Open) -> tuple[str, Location]:
        """Read a key and its colon."""
        start = self._at
        if self._text[start : start + 1] != '"':
            self._fail("expected a key in double quotes")
        name = self._string()
        place = self._span(start)
        first = holder.keys.setdefault(name, place)
        if first is not place:
            steps = [one.name for one in self._stack[1:]]
            pointer = "".join(pointer_step(step) for step in [*steps, name])
            self._repeated.append(RepeatedKey(pointer, first, place))
        self._blank()
        if self._text[self._at : self._at + 1] != ":":
            self._fail("expected ':' after the key")
        self._at += 1
        self._blank()
        return name, place

    def _string(self) -> str:
        start = self._at
        try:
            found, self._at = scanstring(self._text, start + 1, True)
        except JSONDecodeError as error:
            if "Unterminated" in error.msg or self._text[error.pos : error.pos + 1] in ("\n", "\r"):
                self._fail("the text is not closed on its line; expected '\"'")
            self._at = error.pos
            self._fail(_SAYS.get(error.msg, error.msg))
        text: str = found
        if "\\u" in self._text[start : self._at] and any("\ud800" <= letter <= "\udfff" for letter in text):
            self._at = start
            self._fail("the text holds half of a surrogate pair, which is no character")
        return text

    def _blank(self) -> None:
        """Pass over white space and comments, counting lines."""
        text = self._text
        while True:
            start = self._at
            mark = text[start : start + 1]
            if mark == "/":
                end = self._comment_end(start)
            elif mark and mark in " \t\r\n":
                blank = _BLANK.match(text, start)
                end = blank.end() if blank else start
            else:
                return
            self._at = end
            lines = text.count("\n", start, end)
            if lines:
                self._line += lines
                self._line_start = text.rfind("\n", start, end) + 1

    def _comment_end(self, start: int) -> int:
        """Return where the comment that starts here ends; refuse a slash that starts none."""
        self._extended = True
        if self._text.startswith("//", start):
            end = self._text.find("\n", start)
            return len(self._text) if end < 0 else end
        if not self._text.startswith("/*", start):
            self._fail("expected a comment")
        end = self._text.find("*/", start + 2)
        if end < 0:
            self._fail("the comment is not closed; expected '*/'")
        return end + 2

    def _span(self, start: int) -> Location:
        base = self._line_start - 1
        return Location(self._path, self._line, start - base, self._line, self._at - base)

    def _fail(self, what: str) -> NoReturn:
        column = self._at - self._line_start + 1
        found = self._text[self._at : self._at + 1]
        if what.startswith("expected"):
            word = _WORD.match(self._text, self._at)
            what = f"{what}, found {(word.group() if word else found)!r}" if found else f"{what}, found the end"
        end = column + (1 if found else 0)
        raise DocumentError(what, Location(self._path, self._line, column, self._line, end))


_SAYS: Final = {
    "Invalid control character at": "a control character in a text; write it as \\n, \\t or \\u00XX",
    "Invalid \\escape": "an unknown escape in a text; a backslash is written \\\\",
    "Invalid \\uXXXX escape": "expected four hexadecimal digits after \\u",
}
