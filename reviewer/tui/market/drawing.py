"""How the rows of a market look in the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.scale import Severity
from reviewer.market.facets import RULE, SCORE, Tally
from reviewer.market.listing import SUBJECT, Found, Reviewed
from reviewer.report.width import columns
from reviewer.tui.look import SEVERITY_SIGN, severity_style
from reviewer.tui.sink import Piece, content

if TYPE_CHECKING:
    from textual.content import Content

    from reviewer.tui.market.levels import What


def draw(what: What, width: int, view: str) -> Content:
    """Return one row in a number of columns; ``view`` is what the list is of."""
    if isinstance(what, Tally):
        return _tally(what, width, view)
    if isinstance(what, Reviewed):
        signs: list[Piece] = [
            (f" {SEVERITY_SIGN[Severity(word)]}{count}", severity_style(Severity(word)))
            for word, count in what.counts.items()
        ]
        return _aside(content((f"{what.score:>3} ", "$faint"), what.title), signs, width)
    if isinstance(what, Found):
        row = what.row
        named, place = what.plugin or what.entry_name, f" {row.path.rsplit('/', 1)[-1]}:{row.line}"
        if view == RULE:
            return _aside(content(sign(row.severity), f" {named}"), [(place, "$faint")], width)
        left = content(sign(row.severity), (f" {row.rule} ", "$faint"), row.name)
        return _aside(left, [(place if view == SUBJECT else f" {named}", "$faint")], width)
    first, *others = what.cells
    return content(first, *((f" · {cell}", "$faint") for cell in others if cell))


def sign(severity: str) -> Piece:
    """Return the sign of a severity; a space where there is none."""
    if not severity:
        return " "
    known = Severity(severity)
    return SEVERITY_SIGN[known], severity_style(known)


def _tally(one: Tally, width: int, view: str) -> Content:
    if view == SCORE:
        return _aside(content(("score ", "$faint"), one.key), [(f" {one.subjects:,}", "bold")], width)
    left = content(sign(one.severity), f" {one.key}", (f" {one.name}", "$faint"))
    return _aside(left, [(f" {one.findings:,}", "bold"), (f" in {one.subjects:,}", "$faint")], width)


def _aside(left: Content, right: list[Piece], width: int) -> Content:
    """Return what stands at the left and what stands at the right, which gives way in a narrow list."""
    aside = content(*right)
    room = width - columns(aside.plain)
    if room < width // 2:
        return left
    return left.truncate(room, ellipsis=True, pad=True) + aside
