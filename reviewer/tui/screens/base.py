"""What all screens have: a way to the desk, the prompt below a slash, and a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reviewer.tui.desk import Desk


class DeskScreen(Screen[None]):
    """A screen of the application."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (150, "-broad")]  # noqa: RUF012 - declared by Textual
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012 - likewise
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "prompt", "Prompt", id="screen.prompt", tooltip="Type a command or a question"),
        Binding("escape", "back", "Back", show=False, id="screen.back", tooltip="Back to where you came from"),
    ]
    HELP_TITLE = ""
    """What the screen is, for the help."""
    HELP_TEXT = ""
    """What one does on it, for the help."""

    @property
    def desk(self) -> Desk:
        """The application."""
        return cast("Desk", self.app)

    def places(self) -> Iterable[tuple[str, str, Callable[[], object]]]:
        """Return where the palette may lead on this screen: title, what it is, and how to get there."""
        return ()

    def action_prompt(self) -> None:
        """Open the prompt over this screen."""
        self.prompt_with("/")

    def prompt_with(self, text: str) -> None:
        """Open the prompt over this screen, with a text in it."""
        from reviewer.tui.screens.prompt import PromptScreen

        def run(line: str | None) -> None:
            if line:
                self.desk.run_line(line)

        self.app.push_screen(PromptScreen(self.desk.store.history(), text), run)

    def action_back(self) -> None:
        """Go back."""
        self.app.pop_screen()

    @property
    def exportable(self) -> tuple[str, ...]:
        """The formats in which this screen can be written to a file; none where there is nothing to write."""
        return ()

    def exported(self, form: str) -> str:
        """Return what is written in a format."""
        raise NotImplementedError(form)

    @property
    def export_name(self) -> str:
        """The stem of the name that a file gets."""
        return "reviewer-report"
