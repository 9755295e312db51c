"""The command ``skills``: what the experts know, listed or searched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.commands.command import Reply
from reviewer.commands.rules import library_here, options
from reviewer.library.search import search
from reviewer.report.colour import Style
from reviewer.report.page import Page

if TYPE_CHECKING:
    from reviewer.commands.command import Invocation
    from reviewer.library.library import Library

_HITS: Final = 12


def run(invocation: Invocation) -> Reply:
    """Search the library for the words of the query; without any, list agents and skills."""
    words = " ".join(invocation.arguments["query"]).strip()
    library = library_here(invocation.arguments["configuration"], pages=bool(words))
    page = Page(options(invocation.console))
    if words:
        _search(page, library, words)
    else:
        _list(page, library)
    return Reply(page.text())


def _search(page: Page, library: Library, words: str) -> None:
    hits = search(library, words, _HITS)
    for hit in hits:
        page.blank()
        page.line((hit.title, Style.STRONG), ("  " + hit.source, Style.FAINT))
        page.wrapped(hit.excerpt, first=("  ",), rest=("  ",))
    if not hits:
        page.line(f"nothing in the library answers {words[:80]!r}")


def _list(page: Page, library: Library) -> None:
    page.line(("experts", Style.STRONG))
    for agent in library.agents.values():
        page.wrapped(agent.mission, first=(f"  {agent.expert:<16}",))
    page.blank()
    page.line(("skills", Style.STRONG))
    for skill in library.skills.values():
        page.wrapped(skill.description, first=(f"  {skill.name:<16}",))
