"""Text for Markdown, where a stranger's words may be no heading, link, table, HTML or fence."""

from __future__ import annotations

import re
from typing import Final

from reviewer.report.escape.terminal import field

_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]<>#|~&$]|@(?=\w)|:(?=[A-Za-z/])|^[-+=]")
_NUMBERED: Final = re.compile(r"^(\d{1,9})([.)])")


def inline(text: str) -> str:
    """Return a text as one visible line that Markdown shows as it stands.

    Every character that begins a construct gets a backslash, among them ``@`` and ``:`` where hosts
    of repositories would make a mention, a link or a picture of them.
    """
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", field(text)))
