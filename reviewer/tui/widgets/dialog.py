"""A form over the screen below: labelled fields, a line for what is wrong, and two ways out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Label, Static

from reviewer.core.errors import ReviewerError
from reviewer.tui.sink import content

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

T = TypeVar("T")


class Dialog(ModalScreen[T | None]):
    """Asks, checks what was said, and gives it back; None where a person thought better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "confirm", "Confirm", id="dialog.confirm", tooltip="Do it"),
        Binding("escape", "cancel", "Cancel", id="dialog.cancel", tooltip="Leave everything as it is"),
    ]
    CONFIRM = "Confirm"

    def __init__(self, title: str, about: str) -> None:
        """Take a heading, and what it is about."""
        super().__init__()
        self._title = title
        self._about = about

    def compose(self) -> ComposeResult:
        """Lay out the fields between heading and buttons."""
        with Vertical(id="dialog"):
            yield Static(content((self._title, "bold $text-primary")), id="dialog-title")
            yield Static(content((self._about, "$faint")), id="dialog-about")
            with VerticalScroll(id="dialog-fields", can_focus=False):
                for label, widget in self.fields():
                    yield Label(content((label, "$faint")), classes="field-label")
                    yield widget
            yield Static("", id="dialog-wrong")
            with Horizontal(id="dialog-buttons"):
                yield Button(f"{self.CONFIRM}  ^s", id="confirm", variant="primary", compact=True)
                yield Button("Cancel  esc", id="cancel", compact=True)

    def fields(self) -> list[tuple[str, Widget]]:
        """Return the fields with their labels."""
        raise NotImplementedError

    def answer(self) -> T:
        """Return what was said; raises a `ReviewerError` for what is wrong."""
        raise NotImplementedError

    def say_wrong(self, message: str) -> None:
        """Say what is wrong."""
        self.query_one("#dialog-wrong", Static).update(content((message, "$text-error")))

    @on(Button.Pressed, "#confirm")
    def action_confirm(self) -> None:
        """Give back what was said, if it is right."""
        try:
            said = self.answer()
        except ReviewerError as error:
            self.say_wrong(str(error).replace("\n", " "))
            return
        self.dismiss(said)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Give back nothing."""
        self.dismiss(None)
