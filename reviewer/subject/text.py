"""Source bytes made into UTF-8 that the parser sees as the interpreter does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from reviewer.core.regex import regex
from reviewer.subject.sources import language_of

_COOKIE: Final = regex(rb"^[ \t\f]*#.{0,500}?coding[:=][ \t]*([-\w.]{1,60})")
_BLANK: Final = regex(rb"^[ \t\f]*(?:#|\r|\n|\Z)")
_LONE_RETURN: Final = regex(rb"\r(?!\n)")
_BIDI: Final = regex("[\u202a-\u202e\u2066-\u2069]")
_HIDDEN: Final = regex("[\U000e0000-\U000e007f\U000e0100-\U000e01ef\u2060-\u2064\u180e]")
_FLAG: Final = regex("\U0001f3f4(?:\u200d?[\U000e0030-\U000e0039\U000e0061-\U000e007a]){3,6}\u200d?\U000e007f")
"""A flag of a region, as emoji spell it: a black flag, and the region in tags that are seen as it; some join them."""
_MOST_PLACES: Final = 20

_UTF8: Final = frozenset({"utf-8", "utf8", "utf-8-sig", "u8", "utf"})
_ASCII: Final = frozenset({"ascii", "us-ascii"})
_SUPERSETS: Final = regex(
    r"(cp|windows-)?(437|850|852|866|125[0-8])|koi8-[rutk]|mac-?roman|iso-?8859-\d{1,2}|latin-?\d{1,2}"
)
"""Encodings of one byte for a character that agree with UTF-8 on ASCII: code in them reads as it runs."""
_LATIN: Final = frozenset({"latin-1", "latin1", "iso-8859-1", "iso8859-1", "iso-latin-1", "l1"})


class TextFlag(Struct, frozen=True):
    """Something about the characters of a file that a reader would not see.

    ``kind`` is ``encoding``, ``foreign-encoding`` (one that may spell code in other bytes),
    ``not-utf-8``, ``nul``, ``carriage-return``, ``bidi`` or ``hidden``.
    Line and column count from 1, columns in characters.
    """

    kind: str
    message: str
    line: int
    column: int


class Decoded(Struct, frozen=True):
    """A source file as UTF-8 without a byte order mark, and what was odd about it.

    NUL bytes have become spaces and lone carriage returns line ends, so that the parser sees the
    lines that an interpreter sees.
    """

    text_bytes: bytes
    flags: tuple[TextFlag, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """The flags in words, each with its line."""
        return tuple(f"line {flag.line}: {flag.message}" for flag in self.flags)


def decode_source(data: bytes, path: str) -> Decoded:
    """Decode a source file by its byte order mark, its coding comment (Python) or as UTF-8."""
    python = language_of(path) == "python"
    flags: list[TextFlag] = []
    wide = _wide_encoding(data)
    if wide:
        text, broken = _decode(data, wide)
        flags.append(TextFlag("encoding", f"is {wide.upper()}; source code is UTF-8", 1, 1))
        text = text.removeprefix("\ufeff")
    else:
        text, broken = _decode_narrow(data, flags, python=python)
    if broken is not None:
        flags.append(TextFlag("not-utf-8", "holds bytes that are not valid text", *broken))
    raw = text.encode("utf-8")
    raw = _without_nul(raw, flags)
    raw = _with_line_feeds(raw, flags)
    flags.extend(_unseen(raw))
    return Decoded(raw, tuple(sorted(flags, key=lambda flag: (flag.line, flag.column, flag.kind))))


def _decode_narrow(data: bytes, flags: list[TextFlag], *, python: bool) -> tuple[str, tuple[int, int] | None]:
    marked = data.startswith(b"\xef\xbb\xbf")
    if marked:
        data = data[3:]
    encoding = "utf-8"
    line, cookie = _coding_comment(data) if python else (0, "")
    if cookie:
        encoding = _encoding_of(cookie)
        if not encoding or (marked and encoding != "utf-8"):
            message = f"declares the encoding {cookie!r}, so that what runs is not what is read here as UTF-8"
            same = marked or _SUPERSETS.fullmatch(cookie.lower().replace("_", "-"))
            flags.append(TextFlag("encoding" if same else "foreign-encoding", message, line, 1))
            encoding = "utf-8"
    return _decode(data, encoding)


def _wide_encoding(data: bytes) -> str:
    """Return ``utf-16-le`` or ``utf-16-be`` by mark or by the look of the first bytes, else nothing."""
    if data.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if data.startswith(b"\xfe\xff"):
        return "utf-16-be"
    start = data[:512]
    if len(start) < 4 or len(start) % 2:
        start = start[:-1]
    even, odd = start[::2], start[1::2]
    if odd and odd.count(0) * 10 >= len(odd) * 9 and not even.count(0):
        return "utf-16-le"
    if even and even.count(0) * 10 >= len(even) * 9 and not odd.count(0):
        return "utf-16-be"
    return ""


def _coding_comment(data: bytes) -> tuple[int, str]:
    """Return line and name of the encoding that the first two lines of a Python file declare."""
    for number, line in enumerate(data[:4096].splitlines(keepends=True)[:2], 1):
        found = _COOKIE.match(line)
        if found:
            return number, found.group(1).decode("ascii", "replace")
        if not _BLANK.match(line):
            break
    return 0, ""


def _encoding_of(cookie: str) -> str:
    """Return the codec for a declared name, or an empty string for one that is not read."""
    name = cookie.lower().replace("_", "-")
    if name in _UTF8 or name.startswith("utf-8-"):
        return "utf-8"
    if name in _ASCII:
        return "ascii"
    latin = name in _LATIN or name.startswith(("latin-1-", "iso-8859-1-", "iso-latin-1-"))
    return "latin-1" if latin else ""


def _decode(data: bytes, encoding: str) -> tuple[str, tuple[int, int] | None]:
    """Decode, and return the place of the first byte that is not valid, or None."""
    try:
        return data.decode(encoding), None
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        line = before.count("\n") + 1
        return data.decode(encoding, "replace"), (line, len(before) - before.rfind("\n"))


def _without_nul(raw: bytes, flags: list[TextFlag]) -> bytes:
    at = raw.find(b"\0")
    if at < 0:
        return raw
    line, column = _place(raw, at)
    message = f"holds {raw.count(0)} NUL bytes, which some readers end at and others pass over"
    flags.append(TextFlag("nul", message, line, column))
    return raw.replace(b"\0", b" ")


def _with_line_feeds(raw: bytes, flags: list[TextFlag]) -> bytes:
    """Make lone carriage returns line feeds: they end a line, and a comment, for the interpreter."""
    found = _LONE_RETURN.search(raw)
    if found is None:
        return raw
    line, column = _place(raw, found.start())
    message = "holds carriage returns alone, which end a line for the interpreter and not for most editors"
    flags.append(TextFlag("carriage-return", message, line, column))
    return _LONE_RETURN.sub(b"\n", raw)


def _unseen(raw: bytes) -> Iterator[TextFlag]:
    """Yield the first characters that change the reading order, and the first that can't be seen."""
    if raw.isascii():
        return
    # Of equal length, so that places stay.
    text = _FLAG.sub(lambda flag: "_" * len(flag.group()), raw.decode("utf-8"))
    for kind, pattern, what in (
        ("bidi", _BIDI, "changes the direction of the text, so that code is shown otherwise than it runs"),
        ("hidden", _HIDDEN, "can't be seen and can carry hidden text"),
    ):
        for number, found in enumerate(pattern.finditer(text)):
            if number == _MOST_PLACES:
                break
            at = found.start()
            line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
            yield TextFlag(kind, f"the character U+{ord(found.group()):04X} {what}", line, column)


def _place(raw: bytes, at: int) -> tuple[int, int]:
    """Return line and column, in characters, of a byte offset in UTF-8."""
    start = raw.rfind(b"\n", 0, at) + 1
    return raw.count(b"\n", 0, at) + 1, len(raw[start:at].decode("utf-8", "replace")) + 1
