"""A document with its contents beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.widgets import Static

from reviewer.tui.screens.base import DeskScreen
from reviewer.tui.sink import content
from reviewer.tui.widgets.key_bar import KeyBar
from reviewer.tui.widgets.row_list import Row, RowList
from reviewer.tui.widgets.sheet import Layout, Sheet
from reviewer.tui.widgets.writing import write_code, write_markdown

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.content import Content

_CONTENTS: Final = 3
"""Headings from which on contents are worth their room."""


class DocumentScreen(DeskScreen):
    """Reads a document; what it was made of can be written to a file."""

    CSS_PATH = "document.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "contents", "Contents", id="document.contents", tooltip="Show or hide the contents"),
        Binding("ctrl+e", "app.export", "Export", id="document.export", tooltip="Write the document to a file"),
    ]
    HELP_TITLE = "A document"
    HELP_TEXT = "Scroll with the arrows; the contents at the left lead to the headings."
    contents = reactive(default=True, init=False)

    def __init__(self, title: str, text: str, form: str, *, about: str = "") -> None:
        """Take a title and a text, which is ``markdown`` or another form that is shown as it stands."""
        super().__init__()
        self._title = title
        self._about = about
        self._text = text
        self._form = form

    def compose(self) -> ComposeResult:
        """Lay out title, contents and text."""
        yield Static(content((self._title, "bold"), (f"  {self._about}", "$faint")), classes="screen-title")
        with Horizontal(id="document-split"):
            yield RowList(_draw, id="document-contents")
            yield Sheet(self._writer(), id="document")
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin at the top."""
        self.query_one("#document").focus()
        self.call_after_refresh(self._list)

    def on_resize(self) -> None:
        """Find the headings again, which may stand elsewhere."""
        self.call_after_refresh(self._list)

    def _writer(self) -> Callable[[Layout], None]:
        if self._form == "markdown":
            return lambda layout: write_markdown(layout, self._text)
        if self._form == "text":
            return self._plain
        return lambda layout: write_code(layout, self._text, self._form)

    def _plain(self, layout: Layout) -> None:
        for line in self._text.rstrip("\n").split("\n"):
            layout.line(line.expandtabs(4))

    def _list(self) -> None:
        headings = self.query_one("#document", Sheet).headings
        rows = self.query_one("#document-contents", RowList)
        rows.show([Row(f"{number}", (number, text, depth)) for number, (_line, text, depth) in enumerate(headings)])
        self.set_class(len(headings) < _CONTENTS or not self.contents, "-bare")

    def watch_contents(self) -> None:
        """Show or hide the contents."""
        self._list()

    def action_contents(self) -> None:
        """Show or hide the contents."""
        self.contents = not self.contents

    @on(RowList.Chosen, "#document-contents")
    @on(RowList.Highlighted, "#document-contents")
    def _go(self, event: RowList.Highlighted) -> None:
        sheet = self.query_one("#document", Sheet)
        heading = event.row.what if event.row is not None else None
        if heading is None or not event.rows.has_focus:
            return
        number = heading[0]
        if number < len(sheet.headings):
            sheet.scroll_to(y=sheet.headings[number][0], animate=False)
        if isinstance(event, RowList.Chosen):
            sheet.focus()

    @property
    def exportable(self) -> tuple[str, ...]:
        """The form that the text has."""
        return (self._form,)

    def exported(self, form: str) -> str:
        """Return the text."""
        del form
        return self._text

    @property
    def export_name(self) -> str:
        """A name made of the title."""
        return "-".join("".join(c if c.isalnum() else " " for c in self._title.casefold()).split()) or "document"


def _draw(heading: tuple[int, str, int], _width: int) -> Content:
    _number, text, depth = heading
    return content("  " * max(depth - 1, 0), (text, "bold" if depth == 1 else ""))
