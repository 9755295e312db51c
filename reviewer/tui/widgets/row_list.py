"""A list that draws only what is seen: ten thousand rows cost what forty do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.visual import Visual

from reviewer.tui.sink import content

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.content import Content
    from textual.strip import Strip

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row(Generic[T]):
    """One line of a list; ``key`` is how it is found again after the list has changed."""

    key: str
    what: T | None
    """What it stands for; None for a heading."""
    label: str = ""
    """The text of a heading, which can be folded."""
    count: int = 0
    """How many rows stand below a heading."""
    style: str = "bold"
    """How a heading is painted."""

    @property
    def is_heading(self) -> bool:
        """Tell whether it is a heading."""
        return self.what is None


class RowList(ScrollView, can_focus=True):
    """Rows below headings; whoever uses it says how a row is drawn."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row-list--cursor", "row-list--heading", "row-list--hover"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, id="list.up", tooltip="To the row above"),
        Binding("down,j", "move(1)", "Down", show=False, id="list.down", tooltip="To the row below"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="list.page-up", tooltip="One page up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="list.page-down", tooltip="One page down"),
        Binding("home,g", "edge(0)", "First", show=False, id="list.first", tooltip="To the first row"),
        Binding("end,G", "edge(1)", "Last", show=False, id="list.last", tooltip="To the last row"),
        Binding("left", "fold(True)", "Fold", show=False, id="list.fold", tooltip="Fold the rows below the heading"),
        Binding("right", "fold(False)", "Unfold", show=False, id="list.unfold", tooltip="Unfold a heading"),
        Binding("space", "turn", "Fold", show=False, id="list.toggle", tooltip="Fold or unfold the heading"),
        Binding("enter", "choose", "Open", show=False, id="list.choose", tooltip="Open the row"),
    ]
    cursor = reactive(0)
    hovered = reactive(-1)

    class Highlighted(Message):
        """The cursor came to another row, or the row under it changed."""

        def __init__(self, rows: RowList, row: Row[Any] | None) -> None:
            """Say which list it is, and which row; None where the list is empty."""
            super().__init__()
            self.rows = rows
            self.row = row

        @property
        def control(self) -> RowList:
            """The list."""
            return self.rows

    class Chosen(Highlighted):
        """A person opened a row."""

    def __init__(
        self,
        draw: Callable[[Any, int], Content],
        *,
        empty: str = "",
        quiet: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        """Take the function that draws a row in a number of columns, and what an empty list says.

        A ``quiet`` list shows its cursor only while keys come to it.
        """
        super().__init__(id=id)
        self._quiet = quiet
        self._draw = draw
        self._empty = empty
        self._all: Sequence[Row[Any]] = ()
        self.rows: list[Row[Any]] = []
        """The rows that are not folded away."""
        self.folded: set[str] = set()
        self._drawn: dict[tuple[int, str, bool], Strip] = {}
        """Lines as they were drawn, by row, by kind, and by whether keys come here."""

    @property
    def current(self) -> Row[Any] | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def say_when_empty(self, text: str) -> None:
        """Set what an empty list says."""
        self._empty = text
        self.refresh()

    def show(self, rows: Sequence[Row[Any]], *, at: str = "") -> None:
        """Show other rows; the cursor stays on its row, else near its place, or goes to the row with a key."""
        before = self.current
        wanted = at or (before.key if before is not None else "")
        self._all = rows
        self._drawn.clear()
        self._unfolded()
        place = next((number for number, row in enumerate(self.rows) if row.key == wanted), None) if wanted else None
        if place is None:
            place = min(self.cursor, max(len(self.rows) - 1, 0))
            if before is None and len(self.rows) > 1 and self.rows[0].is_heading:
                place = 1  # the first thing is more use than its heading
        self._measure()
        self.set_reactive(RowList.cursor, place)
        self._follow()
        self.refresh()
        self.post_message(self.Highlighted(self, self.current))

    def redraw(self) -> None:
        """Draw the same rows anew, because what they stand for looks different now."""
        self._drawn.clear()
        self.refresh()

    def go_to(self, key: str) -> bool:
        """Put the cursor on the row with a key, unfolding what hides it; tell whether there is one."""
        heading = ""
        for row in self._all:
            if row.is_heading:
                heading = row.key
            if row.key == key:
                self.folded.discard(heading)
                self.show(self._all, at=key)
                return True
        return False

    def _unfolded(self) -> None:
        if not self.folded:
            self.rows = list(self._all)
            return
        self.rows = []
        hidden = False
        for row in self._all:
            if row.is_heading:
                hidden = row.key in self.folded
            elif hidden:
                continue
            self.rows.append(row)

    def _measure(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.rows))

    def on_resize(self) -> None:
        """Let the rows take the new width."""
        self._drawn.clear()
        self._measure()
        self.call_after_refresh(self._follow)

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is seen."""
        number = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if number >= len(self.rows):
            said = self._empty if not self.rows and number == 1 else ""
            return self._strip(content(("  " + said, "$faint")), width, "")
        at_cursor = number == self.cursor and (self.has_focus or not self._quiet)
        kind = "row-list--cursor" if at_cursor else "row-list--hover" if number == self.hovered else ""
        drawn = self._drawn.get((number, kind, self.has_focus))
        if drawn is None:
            row = self.rows[number]
            line = self._heading(row) if row.is_heading else self._draw(row.what, width - 2)
            mark = content(("▌ " if at_cursor else "  ", "$text-primary" if self.has_focus else "$faint"))
            drawn = self._strip(mark + line, width, kind or ("row-list--heading" if row.is_heading else ""))
            self._drawn[number, kind, self.has_focus] = drawn
        return drawn

    def notify_style_update(self) -> None:
        """Draw anew with other colours."""
        self._drawn.clear()
        super().notify_style_update()

    def _heading(self, row: Row[Any]) -> Content:
        arrow = "▸ " if row.key in self.folded else "▾ "
        return content((arrow, "$faint"), (row.label, row.style), (f"  {row.count}", "$faint"))

    def _strip(self, line: Content, width: int, kind: str) -> Strip:
        style = self.get_visual_style(kind) if kind else self.visual_style
        clipped = line.truncate(width, ellipsis=True, pad=True)
        return Visual.to_strips(self, clipped, width, 1, style, apply_selection=False)[0]

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on the list."""
        return max(0, min(cursor, len(self.rows) - 1))

    def watch_cursor(self) -> None:
        """Follow the cursor, and tell where it is."""
        self._follow()
        self.refresh()
        self.post_message(self.Highlighted(self, self.current))

    def _follow(self) -> None:
        # A heading that stands right above the cursor should stay in sight with it.
        above = self.cursor - 1
        first = above if 0 <= above < len(self.rows) and self.rows[above].is_heading else self.cursor
        self.scroll_to_region(Region(0, first, 1, self.cursor - first + 1), animate=False, force=True)

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Show at the cursor whether keys come here."""
        super().watch_has_focus(_has_focus)
        self.refresh()

    def watch_hovered(self) -> None:
        """Draw what the mouse points at."""
        self.refresh()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor += by

    def action_page(self, by: int) -> None:
        """Move the cursor by a page."""
        self.cursor += by * max(self.scrollable_content_region.height - 1, 1)

    def action_edge(self, last: int) -> None:
        """Go to the first or the last row."""
        self.cursor = (len(self.rows) - 1) * last

    def action_fold(self, fold: bool) -> None:
        """Fold or unfold the heading that the cursor is below."""
        heading = self._heading_above()
        if heading is None:
            return
        if fold:
            self.folded.add(heading.key)
        else:
            self.folded.discard(heading.key)
        self.show(self._all, at=heading.key if fold else "")

    def action_turn(self) -> None:
        """Fold the heading, or unfold it."""
        heading = self._heading_above()
        if heading is not None:
            self.action_fold(heading.key not in self.folded)

    def action_choose(self) -> None:
        """Open the row; a heading is folded."""
        row = self.current
        if row is None:
            return
        if row.is_heading:
            self.action_turn()
        else:
            self.post_message(self.Chosen(self, row))

    def _heading_above(self) -> Row[Any] | None:
        return next((row for row in reversed(self.rows[: self.cursor + 1]) if row.is_heading), None)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Point at the row below the mouse."""
        number = event.y + self.scroll_offset.y
        self.hovered = number if number < len(self.rows) else -1

    def on_leave(self) -> None:
        """Point at nothing."""
        self.hovered = -1

    def on_click(self, event: events.Click) -> None:
        """Go to the row, and open it with a second click."""
        number = event.y + self.scroll_offset.y
        if number >= len(self.rows):
            return
        self.cursor = number
        if event.chain > 1 or self.rows[number].is_heading:
            self.action_choose()
