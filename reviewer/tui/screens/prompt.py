"""The prompt over another screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from reviewer.tui.prompt.widget import Prompt

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from reviewer.tui.desk import Desk


class PromptScreen(ModalScreen[str | None]):
    """Takes one line, or none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="prompt.leave", tooltip="Back without a line"),
    ]

    def __init__(self, history: tuple[str, ...], text: str) -> None:
        """Take the lines typed before, and what stands in the input."""
        super().__init__()
        self._history = history
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the prompt at the foot."""
        yield Prompt(self._history, upward=True)

    def on_mount(self) -> None:
        """Go on behind the text."""
        prompt = self.query_one(Prompt)
        prompt.known = cast("Desk", self.app).known
        prompt.begin(self._text)

    @on(Prompt.Entered)
    def _entered(self, event: Prompt.Entered) -> None:
        self.dismiss(event.line)

    def action_leave(self) -> None:
        """Go back without a line."""
        self.dismiss(None)
