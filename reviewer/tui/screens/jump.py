"""Letters over the parts of a screen: one key leads to each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Label

from reviewer.tui.sink import content

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.widget import Widget

_LETTERS: Final = "asdfghjklqwertyuiop"


class JumpScreen(ModalScreen[str | None]):
    """Shows a letter on everything that can take the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Stay", id="jump.stay", tooltip="Stay where you are"),
    ]

    def __init__(self, targets: list[Widget]) -> None:
        """Take what one may jump to; each has an id."""
        super().__init__()
        self._targets = dict(zip(_LETTERS, targets, strict=False))

    def compose(self) -> ComposeResult:
        """Put a letter at the corner of each."""
        for letter, widget in self._targets.items():
            label = Label(content(f" {letter} "), classes="jump")
            label.styles.offset = (max(widget.region.x, 0), max(widget.region.y, 0))
            yield label

    def on_key(self, event: events.Key) -> None:
        """Go to the part with the letter; any other key stays."""
        if event.key == "escape":
            return
        event.stop()
        widget = self._targets.get(event.key)
        self.dismiss(widget.id if widget is not None else None)
