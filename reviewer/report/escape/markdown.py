"""Text for Markdown, where a stranger's words may be no heading, link, table, HTML or fence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from reviewer.report.escape.terminal import field

_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]<>#|~&$]|@(?=\w)|:(?=[A-Za-z/])|^[-+=]")
_NUMBERED: Final = re.compile(r"^(\d{1,9})([.)])")


_BACKTICKS: Final = re.compile(r"`+")


@dataclass(frozen=True, slots=True)
class Ready:
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


def inline(text: str) -> str:
    """Return a text as one visible line that Markdown shows as it stands.

    Every character that begins a construct gets a backslash, among them ``@`` and ``:`` where hosts
    of repositories would make a mention, a link or a picture of them.
    """
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", field(text)))
