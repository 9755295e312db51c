"""What the text of a file that defines a function of some name looks like: no other is parsed to find it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable

CONTRACT: Final = regex(
    rb"\binterface\s{1,9}[A-Za-z_$]|\bclass\s{1,9}\w{1,100}\s{0,9}\([^)]{0,400}\b(?:ABC|ABCMeta|Protocol)\b"
    rb"|\b(?:ABC|ABCMeta|Protocol)\s{1,9}as\s"
)
"""What a text has that declares what others have to have: an interface, a protocol, an abstract class."""
_BEFORE: Final = regex(rb"(?:\b(?:def|function)\b[\s*]{1,9}|(?:\A|\n)[ \t]{0,60}(?:[a-z]{3,9}[ \t]{1,9}){0,4}[*#]?)\Z")
"""What stands before the name of a function or a method."""
_LINE: Final = 120
"""Bytes before a name that may belong to its definition."""
_VALUE: Final = rb"(?:[^;\n]{0,300}?(?:\basync\b|\bfunction\b|=>|\blambda\b)|\([^()\n]{0,300}$)"
"""A value that may be a function; its parameters may stand on the next lines."""


def defines(name: str) -> Callable[[bytes], bool]:
    """Return what tells of a text whether it may define a function, method or member of a name; never too little.

    Seen are ``def name``, ``function name``, a method at the beginning of a line, and a value that may be a function:
    ``name = async``, ``name: (a, b) =>``.
    """
    own = re.escape(name.lstrip("#").encode())
    found = re.compile(
        # A pattern that begins with a plain text is found by it.
        own + rb"(?<![\w$]" + own + rb")(?:(\s{0,9}[(<?])|\s{0,9}\??\s{0,9}[:=](?!=)\s{0,9}" + _VALUE + rb")",
        re.MULTILINE,
    )

    def may_define(text: bytes) -> bool:
        return any(
            hit[1] is None or _BEFORE.search(text, max(0, hit.start() - _LINE), hit.start()) is not None
            for hit in found.finditer(text)
        )

    return may_define
