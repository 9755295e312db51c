"""The keys and the commands of the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from reviewer.tui.prompt.own import ALL
from reviewer.tui.sink import content
from reviewer.tui.widgets.sheet import Layout, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import ActiveBinding

_KEY: Final = 16


class HelpScreen(ModalScreen[None]):
    """Says what the screen below is, and which keys do what on it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q", "dismiss(None)", "Close", id="help.close", tooltip="Back to work"),
    ]

    def __init__(self, title: str, text: str, bindings: Sequence[ActiveBinding]) -> None:
        """Take what the screen says of itself, and the bindings that are active on it."""
        super().__init__()
        self._title = title
        self._text = text
        self._active = bindings

    def compose(self) -> ComposeResult:
        """Lay out the page in a frame."""
        with Vertical(id="help"):
            yield Static(content(("Help", "bold $text-accent"), ("  esc closes", "$faint")), id="help-title")
            yield Sheet(self._write, id="help-page")

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one(Sheet).focus()

    def _write(self, layout: Layout) -> None:
        if self._title:
            layout.heading(self._title, 1)
            layout.prose(self._text)
        layout.heading("Keys")
        keys: dict[str, tuple[list[str], str]] = {}
        for active in self._active:
            binding = active.binding
            if binding.id is not None:  # those of Textual's own fields have none, and are what everybody knows
                found = keys.setdefault(binding.action, ([], active.tooltip or binding.description))
                found[0].append(self.app.get_key_display(binding))
        for shown, said in keys.values():
            layout.prose(said, first=((f"{' '.join(shown):<{_KEY}}", "bold $text-accent"),))
        layout.heading("Commands")
        room = max(len(command.slash) for command in ALL) + 3
        for command in ALL:
            layout.prose(command.summary, first=((f"/{command.slash:<{room}}", "bold"),))
        layout.blank()
        layout.prose("All but the last six are commands of the shell, too: reviewer COMMAND --help.", "$faint")
