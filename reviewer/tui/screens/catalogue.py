"""A list with a page beside it: rules, skills, answers, sessions are all looked through like this."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from reviewer.report.width import columns
from reviewer.tui.screens.base import DeskScreen
from reviewer.tui.sink import Piece, content, plain
from reviewer.tui.widgets.key_bar import KeyBar
from reviewer.tui.widgets.row_list import Row, RowList
from reviewer.tui.widgets.sheet import Layout, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.content import Content


class Listed(Struct, frozen=True):
    """One thing of a catalogue."""

    key: str
    group: str
    label: str
    write: Callable[[Layout], None]
    """Writes its page."""
    aside: str = ""
    """What stands at the right of the list."""
    sign: Piece = ""
    line: str = ""
    """What is run when it is opened; without it the page is gone to."""


class CatalogueScreen(DeskScreen):
    """Looks through things."""

    CSS_PATH = Path(__file__).with_name("catalogue.tcss")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "filter", "Filter", id="catalogue.filter", tooltip="Show only what holds what you type"),
    ]
    HELP_TITLE = "A catalogue"
    HELP_TEXT = "Go up and down the list; its page stands beside it. Enter opens what is marked."

    def __init__(self, title: str, things: Sequence[Listed], *, about: str = "", at: str = "") -> None:
        """Take what there is to look through, and the key of what to begin with."""
        super().__init__()
        self._title = title
        self._about = about
        self._things = things
        self._at = at

    def compose(self) -> ComposeResult:
        """Lay out title, list and page."""
        yield Static(content((self._title, "bold"), (f"  {self._about}", "$faint")), classes="screen-title")
        yield Input(placeholder="filter", id="catalogue-filter", compact=True)
        with Horizontal(id="catalogue-split"):
            yield RowList(_draw, empty="nothing holds this", id="catalogue-list")
            yield Sheet(id="catalogue-page")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the list."""
        self.query_one(RowList).focus()
        self._list(self._at)

    @property
    def current(self) -> Listed | None:
        """What is under the cursor."""
        row = self.query_one(RowList).current
        return row.what if row is not None else None

    def replace(self, things: Sequence[Listed]) -> None:
        """Show other things."""
        self._things = things
        self._list()

    def _list(self, at: str = "") -> None:
        words = self.query_one("#catalogue-filter", Input).value.casefold().split()
        rows: list[Row[Listed]] = []
        shown = [one for one in self._things if _holds(one, words)]
        for group, found in groupby(shown, key=lambda one: one.group):
            below = [Row(one.key, one) for one in found]
            if group:
                rows.append(Row(f"heading {group}", None, group, len(below)))
            rows += below
        self.query_one(RowList).show(rows, at=at)

    @on(Input.Changed, "#catalogue-filter")
    def _typed(self) -> None:
        self._list()

    @on(Input.Submitted, "#catalogue-filter")
    def _done(self) -> None:
        self.query_one(RowList).focus()

    @on(RowList.Highlighted)
    def _look(self, event: RowList.Highlighted) -> None:
        row = event.row
        thing = row.what if row is not None else None
        page = self.query_one("#catalogue-page", Sheet)
        if thing is not None:
            page.show(thing.write)
        else:
            label = row.label if row is not None else ""
            page.show(lambda layout: layout.line((label, "bold")))

    @on(RowList.Chosen)
    def _open(self, event: RowList.Chosen) -> None:
        thing = event.row.what if event.row is not None else None
        if thing is not None and thing.line:
            self.desk.run_line(thing.line)
        else:
            self.query_one("#catalogue-page").focus()

    def action_filter(self) -> None:
        """Type into the filter."""
        self.query_one("#catalogue-filter").focus()

    def action_back(self) -> None:
        """Leave the filter first, and empty it."""
        field = self.query_one("#catalogue-filter", Input)
        if field.has_focus:
            field.value = ""
            self.query_one(RowList).focus()
        elif self.query_one("#catalogue-page").has_focus:
            self.query_one(RowList).focus()
        else:
            super().action_back()


def _holds(one: Listed, words: Sequence[str]) -> bool:
    text = f"{one.label} {one.aside} {one.group}".casefold()
    return all(word in text for word in words)


def _draw(one: Listed, width: int) -> Content:
    sign = (one.sign, " ") if one.sign and plain([one.sign]) else ()
    left = content(*sign, one.label)
    room = width - columns(one.aside) - 2
    if not one.aside or room < width // 2:
        return left
    return left.truncate(room, ellipsis=True, pad=True) + content((f"  {one.aside}", "$faint"))
