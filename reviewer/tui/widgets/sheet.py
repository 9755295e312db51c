"""A page that is read: headings, prose, code and lists, laid out for the width that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.visual import Visual

from reviewer.report.width import clip, columns, wrap
from reviewer.tui.sink import Piece, content, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.strip import Strip

_MOST_PROSE = 96
"""Columns of a line of prose: longer ones read badly."""


class Layout:
    """Lines under construction, for a width."""

    def __init__(self, width: int) -> None:
        """Begin an empty page."""
        self.width = max(width, 20)
        self.lines: list[Content] = []
        self.headings: list[tuple[int, str, int]] = []
        """Number of the line, text and depth of each heading."""

    @property
    def prose_width(self) -> int:
        """Columns of a line of prose."""
        return min(self.width, _MOST_PROSE)

    def line(self, *pieces: Piece) -> None:
        """Write one line, cut at the width."""
        self.lines.append(content(*pieces))

    def raw(self, line: Content) -> None:
        """Write a line that is content already."""
        self.lines.append(line)

    def blank(self) -> None:
        """Write an empty line, unless there is one."""
        if self.lines and self.lines[-1].plain:
            self.lines.append(Content(""))

    def heading(self, text: str, depth: int = 2) -> None:
        """Write a heading after an empty line."""
        self.blank()
        self.headings.append((len(self.lines), plain([text]), depth))
        self.line((text, "bold $text-accent" if depth == 1 else "bold $text-primary"))

    def prose(self, text: str, style: str = "", *, first: tuple[Piece, ...] = ()) -> None:
        """Write wrapped text; what follows the first line stands below where the text began."""
        lead = columns(plain(first))
        for number, part in enumerate(wrap(plain([text]), self.prose_width - lead)):
            self.line(*(first if number == 0 else (" " * lead,)), (part, style))

    def marked(self, text: str, *, first: tuple[Piece, ...] = ()) -> None:
        """Write wrapped text in which code stands between backticks."""
        lead = columns(plain(first))
        inside = False
        for number, part in enumerate(wrap(plain([text]), self.prose_width - lead)):
            pieces: list[Piece] = []
            for turn, stretch in enumerate(part.split("`")):
                inside ^= turn > 0
                pieces.append((stretch, "$text-secondary" if inside else ""))
            self.line(*(first if number == 0 else (" " * lead,)), *pieces)

    def item(self, sign: str, text: str, style: str = "") -> None:
        """Write an item of a list after its sign."""
        self.prose(text, first=((f"{sign} ", style),))

    def fact(self, label: str, text: str, style: str = "", *, room: int = 14) -> None:
        """Write a label and what it says."""
        self.prose(text, style, first=((f"{clip(label, room - 2, '…'):<{room}}", "$faint"),))


class Sheet(ScrollView, can_focus=True):
    """Shows what a function lays out, again for every width."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "Up", show=False, id="sheet.up", tooltip="One line up"),
        Binding("down,j", "scroll_down", "Down", show=False, id="sheet.down", tooltip="One line down"),
        Binding("pageup", "page_up", "Page up", show=False, id="sheet.page-up", tooltip="One page up"),
        Binding("pagedown,space", "page_down", "Page down", show=False, id="sheet.page-down", tooltip="One page down"),
        Binding("home,g", "scroll_home", "Top", show=False, id="sheet.top", tooltip="To the top"),
        Binding("end,G", "scroll_end", "Bottom", show=False, id="sheet.bottom", tooltip="To the bottom"),
    ]

    def __init__(self, write: Callable[[Layout], None] | None = None, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """Take the function that writes the page."""
        super().__init__(id=id)
        self._write = write
        self._lines: list[Content] = []
        self._drawn: dict[int, Strip] = {}
        self.headings: list[tuple[int, str, int]] = []

    def show(self, write: Callable[[Layout], None], *, top: bool = True) -> None:
        """Show another page, from its top unless it is the same one told anew."""
        self._write = write
        self._lay_out()
        if top:
            self.scroll_to(y=0, animate=False, force=True)

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        if self._write is None or not width:
            return
        layout = Layout(width)
        self._write(layout)
        self._lines = layout.lines
        self._drawn.clear()
        self.headings = layout.headings
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is seen."""
        number = y + self.scroll_offset.y
        drawn = self._drawn.get(number)
        if drawn is None:
            width = self.scrollable_content_region.width
            line = self._lines[number] if number < len(self._lines) else Content("")
            clipped = line.truncate(width, ellipsis=True, pad=True)
            drawn = Visual.to_strips(self, clipped, width, 1, self.visual_style, apply_selection=False)[0]
            self._drawn[number] = drawn
        return drawn

    def notify_style_update(self) -> None:
        """Draw anew with other colours."""
        self._drawn.clear()
        super().notify_style_update()

    @property
    def text(self) -> str:
        """The whole page as plain text."""
        return "\n".join(line.plain for line in self._lines)
