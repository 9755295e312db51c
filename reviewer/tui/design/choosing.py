"""Asks for one answer: among options with their consequences, or as a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from reviewer.tui.sink import content
from reviewer.tui.widgets.row_list import Row, RowList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.content import Content

_MOST_ROWS = 12


class Wanted(Struct, frozen=True):
    """What is asked for."""

    title: str
    question: str
    options: Mapping[str, str]
    """Option to its consequence; empty for a text."""
    value: str
    """What holds now; several with commas."""
    several: bool = False
    unit: str = ""


class ChoosingScreen(ModalScreen[str | None]):
    """Gives back an answer as it would be typed, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="choosing.cancel", tooltip="Leave the answer as it is"),
        Binding("ctrl+s", "done", "Done", id="choosing.done", tooltip="Take what is marked"),
    ]

    def __init__(self, wanted: Wanted) -> None:
        """Take what is asked for."""
        super().__init__()
        self._wanted = wanted
        self._marked = [one for one in wanted.value.split(",") if one in wanted.options]

    def compose(self) -> ComposeResult:
        """Lay out the question above its options or its field."""
        wanted = self._wanted
        keys = "space marks, ^s takes" if wanted.several else "enter takes"
        with Vertical(id="dialog"):
            yield Static(content((wanted.title, "bold $text-primary"), (f"  {keys}, esc cancels", "$faint")))
            yield Static(content(wanted.question), id="dialog-about")
            if wanted.options:
                yield OptionRows(self._draw, id="options")
            else:
                yield Input(wanted.value, id="answer", placeholder=wanted.unit, compact=True)

    def on_mount(self) -> None:
        """Begin at what holds now."""
        wanted = self._wanted
        if not wanted.options:
            self.query_one(Input).focus()
            return
        rows = self.query_one(OptionRows)
        rows.styles.height = min(len(wanted.options), _MOST_ROWS)
        rows.show([Row(option, option) for option in wanted.options], at=self._marked[0] if self._marked else "")
        rows.focus()

    def _draw(self, option: str, _width: int) -> Content:
        marked = option in self._marked
        sign = ("[x] " if marked else "[ ] ") if self._wanted.several else ("● " if marked else "○ ")
        return content(
            (sign, "$text-success" if marked else "$faint"),
            (f"{option:<15} ", "bold"),
            (self._wanted.options[option], "$faint"),
        )

    @on(Input.Submitted)
    @on(RowList.Chosen)
    def _taken(self) -> None:
        if self._wanted.several:
            self.mark()
        else:
            self.action_done()

    def mark(self) -> None:
        """Mark the option under the cursor, or no longer."""
        rows = self.query_one(OptionRows)
        if not self._wanted.several or rows.current is None:
            return
        option = str(rows.current.what)
        marked = {*self._marked} ^ {option}
        self._marked = [one for one in self._wanted.options if one in marked]
        rows.redraw()

    def action_done(self) -> None:
        """Give back the answer."""
        wanted = self._wanted
        if not wanted.options:
            self.dismiss(self.query_one(Input).value.strip())
        elif wanted.several:
            self.dismiss(",".join(self._marked) or "-")
        else:
            row = self.query_one(OptionRows).current
            self.dismiss(str(row.what) if row is not None else None)


class OptionRows(RowList):
    """The options; space marks one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", id="options.mark", tooltip="Mark the option, or no longer"),
    ]

    def action_mark(self) -> None:
        """Mark the option under the cursor."""
        screen = self.screen
        if isinstance(screen, ChoosingScreen):
            screen.mark()
