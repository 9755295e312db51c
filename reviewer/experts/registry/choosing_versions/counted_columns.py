"""Which tables count their versions 1, 2, 3: what a schema or a model of the subject says of the column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.experts.registry.sql_text import NAME, sql_files

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry

_FROM: Final = regex(rf"\b(?:from|join)\s+{NAME}", re.IGNORECASE)
_DECLARES: Final = regex(
    r"\b(?:create\s+table\s+(?:if\s+not\s+exists\s+)?|(?:create|alter|pg|sqlite|mysql)?table\w{0,8}\s*(?:\(|=|:)\s*)"
    r"[\"'`\[]{0,3}(?:\w+\.)?(\w+)",
    re.IGNORECASE,
)
"""Where a table is declared, and its name: by a statement, a call, or the attribute of a model."""
_COUNTED: Final = regex(
    r"(?<![\w.])(?:[\"'`\[]?(?:version|ver)[\"'`\]]?[\s,:=]{1,4}(?:[\w.]{0,30}[(\[]\s{0,4})?(?:type\s?=\s?)?[\"']?"
    r"(?:\w{1,12}\.)?(?:\w{0,10}int(?:eger)?|\w{0,12}serial|\w{0,12}integer(?:field)?|number)\b"
    r"|(?:big|small)?int(?:eger)?\(\s?[\"'](?:version|ver)[\"'])",
    re.IGNORECASE,
)
"""A column of versions that holds whole numbers, by SQL, a call, or the type of a member."""
_REACH: Final = 3_000
"""Characters behind the beginning of a table in which its columns stand."""


def counts_versions(inquiry: Inquiry, statement: str) -> bool:
    """Tell whether a statement reads a table in whose column of versions stand whole numbers."""
    read = {hit.group(1).lower() for hit in _FROM.finditer(statement)}
    if not read:
        return False
    return not read.isdisjoint(inquiry.project.once("registry.counted_columns", lambda: _counted(inquiry)))


def _counted(inquiry: Inquiry) -> frozenset[str]:
    found: set[str] = set()
    for _path, raw in inquiry.project.texts():
        if b"able" in raw.lower() and b"ver" in raw:
            found |= _counted_in(raw.decode("utf-8", "replace"))
    for _path, text in sql_files(inquiry.subject):
        found |= _counted_in(text)
    return frozenset(found)


def _counted_in(text: str) -> set[str]:
    begins = list(_DECLARES.finditer(text))
    if not begins:
        return set()  # the text speaks of tables and versions, and makes no table
    ends = [*(hit.start() for hit in begins[1:]), len(text)]
    return {
        hit.group(1).lower()
        for hit, end in zip(begins, ends, strict=True)
        if _COUNTED.search(text, hit.end(), min(end, hit.end() + _REACH))
    }
