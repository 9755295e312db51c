"""Shows which settings govern, and which files are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviewer.commands.command import Reply
from reviewer.engine.workers.told import told
from reviewer.report.colour import Style
from reviewer.report.options import RenderOptions
from reviewer.report.page import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.commands.command import Console
    from reviewer.engine.job import Job

_KEY: Final = 18
_KIND: Final = 12


def show(jobs: Sequence[Job], purpose: str, console: Console) -> Reply:
    """Return what a worker tells of each subject, as a page."""
    page = Page(RenderOptions(colour=console.colour, width=console.width, unicode=console.unicode))
    write = _settings if purpose == "settings" else _files
    for subject in told(jobs, purpose):
        page.blank()
        page.line((subject["subject"], Style.STRONG))
        write(page, subject)
    return Reply(page.text())


def _settings(page: Page, subject: dict[str, Any]) -> None:
    why = f" ({subject['recognised_by']})" if subject["recognised_by"] else ""
    page.line(f"{subject['kind']}, {subject['ecosystem']}{why}")
    page.line(f"governed by {subject['configuration'] or 'no configuration file'}")
    for ignored in subject["ignored"]:
        page.line(("not honoured: ", Style.MEDIUM), ignored)
    for key, value, origin in subject["settings"]:
        page.wrapped(f"{value}  ({origin})", first=(f"  {key:<{_KEY}}",))


def _files(page: Page, subject: dict[str, Any]) -> None:
    for path, kind in subject["read"]:
        page.line(f"  {kind:<{_KIND}}", path)
    for path, reason in subject["not_read"]:
        page.line((f"  {'not read':<{_KIND}}", Style.FAINT), path, (f"  {reason}", Style.FAINT))
