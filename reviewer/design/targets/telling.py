"""Tells of a plugin for a host that is there already: what it is called, what it offers, how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.blueprint.targets import targets
from reviewer.design.targets.files import PLAN, target_files
from reviewer.design.targets.skeleton import skeleton_of
from reviewer.report.colour import Style
from reviewer.report.page import Page

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided
    from reviewer.report.options import RenderOptions


def plan_page(decided: Decided) -> str:
    """Return the page of the plugin as HTML."""
    from reviewer.design.documents.html import page_of

    skeleton = skeleton_of(decided)
    return page_of(f"{skeleton.name}: a plugin for {skeleton.host}", dict(target_files(decided))[PLAN])


def plan_text(decided: Decided, options: RenderOptions | None) -> str:
    """Return the page of the plugin as Markdown, or laid out for a terminal where there are options for that."""
    files = dict(target_files(decided))
    if options is None:
        return files[PLAN]
    skeleton, page = skeleton_of(decided), Page(options)
    page.line((skeleton.name, Style.STRONG), f"  a plugin for {skeleton.host}")
    page.wrapped(skeleton.purpose)
    page.blank()
    page.line(("What people can ask for", Style.STRONG))
    for command in skeleton.commands:
        page.wrapped(command.purpose, first=("  ", (command.name, Style.STRONG), "  "), rest=("    ",))
    page.blank()
    page.line((f"Files ({len(files)})", Style.STRONG), "  written with --out")
    for path in files:
        page.line(f"  {path}")
    page.blank()
    page.line(("How to go on", Style.STRONG))
    for number, step in enumerate(targets()[str(decided.design.target)]["step"], start=1):
        page.wrapped(step["text"], first=(f"  {number}. ",), rest=("     ",))
        if "run" in step:
            page.line("     ", (step["run"], Style.FAINT))
    return page.text()
