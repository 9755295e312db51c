"""Text for Markdown, where a stranger's words may be no heading, link, table, HTML or fence."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from reviewer.core.regex import regex
from reviewer.report.escape.terminal import FIELD_LIMIT, field, shorten, show

_SPECIAL: Final = regex(
    r"(?P<linked>@(?=\w)|#(?=\d))|[\\`*_{}\[\]<>#|~&$]|:(?=[A-Za-z/])|^[-+=]|(?<=www)\.", re.IGNORECASE
)
_BREAK: Final = "&#8203;"
"""A space without width: GitHub and GitLab link ``@name`` and ``#1`` after the Markdown is read, escaped or not."""
_NUMBERED: Final = regex(r"^(\d{1,9})([.)])")
_BACKTICKS: Final = regex(r"`+")


class Ready(Struct, frozen=True):
    """Markdown that an escaping function has made; templates print it as it stands."""

    text: str

    def __str__(self) -> str:
        """Return the Markdown."""
        return self.text


def code(text: str) -> Ready:
    """Return a text as a code span that nothing in it can end."""
    shown = field(text)
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return Ready(f"{fence}{pad}{shown}{pad}{fence}" if shown.strip() else "")


def fenced(language: str, *lines: str) -> Ready:
    """Return lines that are visible already as a fenced block that nothing in them can end."""
    fence = "`" * max(3, _longest_run("\n".join(lines)) + 1)
    return Ready("\n".join([f"{fence}{language}", *lines, fence]))


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)


def inline(text: str, limit: int = FIELD_LIMIT) -> str:
    """Return a text as one visible line of at most ``limit`` characters that Markdown shows as it stands.

    Every character that begins a construct gets a backslash, among them the signs of which hosts
    of repositories would make a link or a picture; mentions and numbers of issues are broken.
    """
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(_escaped, show(shorten(text, limit))))


def _escaped(found: re.Match[str]) -> str:
    """Return a sign that means itself alone."""
    sign = found[0]
    return f"{sign}{_BREAK}" if found["linked"] == "@" else f"\\{sign}{_BREAK if found['linked'] else ''}"
