"""API275: a page grants a program that nothing in it speaks of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.experts.assistant.grants import grants_of
from reviewer.experts.assistant.orders import text_of
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.assistant.page import Page
    from reviewer.experts.check import Inquiry

_PROGRAM: Final = regex(r"[a-z][a-z0-9_.-]{1,40}")
_ALIKE: Final = {"python3": "python", "pip3": "pip", "nodejs": "node", "rg": "ripgrep"}
_EVERYDAY: Final = frozenset(
    "ls cat head tail find grep rg echo pwd cd mkdir cp mv rm touch wc sort uniq sed awk jq test which date tree diff "
    "basename dirname xargs true chmod stat file".split()
)
"""Programs that a page needs without naming them."""
_SUFFIXES: Final = (".sh", ".py", ".js", ".mjs", ".ts", ".md", ".rb")
_LEAST: Final = 40
"""Words of a page that says what it does; a shorter one leaves it to the assistant."""


@subject_check("API275")
def grant_never_used(inquiry: Inquiry) -> Iterator[Match]:
    """Look for the program of every grant in the page and in the files of its skill."""
    for page in parts_of(inquiry).of("skill", "command"):
        body = "\n".join(line.text for line in page.lines)
        if len(body.split()) < _LEAST:
            continue
        grants = [one for one in grants_of(page) if one.tool == "Bash" and _PROGRAM.fullmatch(one.program)]
        for grant in grants:
            if grant.program in _EVERYDAY or _speaks(body, grant.program):
                continue
            if not any(_speaks(text, grant.program) for text in _beside(inquiry, page)):
                yield Match(
                    grant.at,
                    f"'{grant.text}' is granted, and nothing here speaks of '{grant.program}'.",
                    fix="Take the grant out, or say what it is for.",
                )


def _speaks(text: str, program: str) -> bool:
    names = {program, _ALIKE.get(program, program), *re.split(r"[.-]", program, maxsplit=1)[:1]}
    return any(re.search(rf"(?i)(?<![\w-]){re.escape(name)}(?![\w-])", text) for name in names)


def _beside(inquiry: Inquiry, page: Page) -> Iterator[str]:
    """Yield the texts of the files in the folder of a skill."""
    if page.kind != "skill":
        return
    for path in inquiry.subject.files:
        if path.startswith(page.folder) and path != page.path and path.endswith(_SUFFIXES):
            yield text_of(inquiry, path)
