"""FUN272: the name of a skill or an agent that its host refuses, or finds under another."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Severity
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.assistant.page import Page
    from reviewer.experts.check import Inquiry

_LONGEST: Final = 64


@subject_check("FUN272")
def page_names(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the name of every skill and agent."""
    for page in parts_of(inquiry).of("skill", "agent"):
        if page.error is None and page.has_front_matter:
            yield from _page(page, inquiry.subject.base)


def _page(page: Page, base: str) -> Iterator[Match]:
    value = page.get("name")
    folder = page.file_name or base.rstrip("/").rsplit("/", 1)[-1]
    if value is None or not str(value.data or "").strip():
        if page.kind == "agent" or value is not None:
            at = page.head if value is None else value
            yield Match(at, f"The {page.kind} has no name; write for example 'name: {folder or 'word-count'}'.")
        return
    name = unicodedata.normalize("NFKC", str(value.data).strip())
    problem = _problem(name, page.kind)
    if problem:
        yield Match(value, f"The name {short(name)!r} {problem}; expected one like '{_right(name) or 'word-count'}'.")
    elif page.kind == "skill" and folder and name != folder:
        severity = None if not base or page.folder else Severity.LOW
        yield Match(
            value,
            f"The skill calls itself '{short(name)}', and its folder is '{short(folder)}': the two must be the same.",
            fix=f"Write 'name: {folder}', or rename the folder to '{name}'.",
            severity=severity,
        )


def _problem(name: str, kind: str) -> str:
    if len(name) > _LONGEST:
        return f"has {len(name)} characters; at most {_LONGEST} are taken"
    if name != name.lower():
        return "has capital letters"
    if not all(sign.isalnum() or sign == "-" for sign in name):
        return "has other signs than letters, digits and hyphens"
    if kind == "skill" and (name.startswith("-") or name.endswith("-") or "--" in name):
        return "has a hyphen with nothing before or behind it"
    return ""


def _right(name: str) -> str:
    """Return the name as the grammar has it."""
    words = "".join(sign if sign.isalnum() else " " for sign in name.lower()).split()
    return short("-".join(words))
