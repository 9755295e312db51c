"""The tables of what only the whole shows, as a person reads them in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviewer.report.colour import Style
from reviewer.report.escape.terminal import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.market.report.sections import Section
    from reviewer.report.page import Page

_SHOWN: Final = 10
"""Rows of a table that are written; the page and the JSON have more."""


def write_tables(page: Page, tables: Iterable[Section]) -> None:
    """Write each table: a row is a line of its first column, and what the others say below it."""
    for table in tables:
        page.blank()
        page.line((table.title, Style.STRONG), (f"  {table.total:,}" if table.total else "", Style.FAINT))
        page.wrapped(table.about if table.rows else table.none)
        for row in table.rows[:_SHOWN]:
            _write_row(page, table, row)
        left = table.total - min(len(table.rows), _SHOWN)
        if left:
            page.line((f"  {left:,} more", Style.FAINT))


def _write_row(page: Page, table: Section, row: tuple[str, ...]) -> None:
    bullet = f"  {page.glyphs.dot} "
    page.wrapped(shorten(row[0]), first=(bullet,), rest=("    ",))
    said = [f"{label}: {shorten(text)}" for label, text in zip(table.columns[1:], row[1:], strict=True) if text]
    if said:
        page.wrapped("; ".join(said), first=("    ",), rest=("    ",))


def tables_data(tables: Iterable[Section]) -> list[dict[str, Any]]:
    """Return the tables as plain data for JSON."""
    return [
        {
            "key": table.key,
            "title": table.title,
            "total": table.total,
            "rows": [
                {label: shorten(text) for label, text in zip(table.columns, row, strict=True)} for row in table.rows
            ],
        }
        for table in tables
    ]
