"""The line that commands are typed in, with what may come next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label, Static

from reviewer.tui.prompt.completion import Choice, Known, choices, usage
from reviewer.tui.sink import content
from reviewer.tui.widgets.row_list import Row, RowList

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult
    from textual.content import Content

_LONGEST: Final = 4000
_LABEL: Final = 30
_MOST_SHOWN: Final = 8


class PromptInput(Input):
    """The input itself: the arrows go through completions or history, tab takes a completion."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Earlier", show=False, id="prompt.up", tooltip="The choice above or the line before"),
        Binding("down", "step(1)", "Later", show=False, id="prompt.down", tooltip="The choice below or the next line"),
        Binding("tab", "complete", "Complete", id="prompt.complete", tooltip="Take the choice that is marked"),
    ]

    def on_key(self, event: events.Key) -> None:
        """Take these keys in the order in which they come.

        A binding runs only after the letters that were typed behind it; a burst of keys, or a slow
        machine, would complete another line than the one that a person saw.
        """
        actions: dict[str, Callable[[], None]] = {
            "tab": self.action_complete,
            "up": partial(self.action_step, -1),
            "down": partial(self.action_step, 1),
        }
        action = actions.get(event.key)
        if action is not None:
            event.stop()
            event.prevent_default()
            action()

    def action_step(self, by: int) -> None:
        """Go through what is offered."""
        self._prompt.step(by)

    def action_complete(self) -> None:
        """Take the marked choice; without one, go to the next field."""
        if not self._prompt.take():
            self.screen.focus_next()

    @property
    def _prompt(self) -> Prompt:
        return self.query_ancestor(Prompt)


class ChoiceList(RowList, can_focus=False):
    """The choices; keys stay with the input."""


class Prompt(Vertical):
    """Input, choices and usage."""

    class Entered(Message):
        """A person sent a line."""

        def __init__(self, line: str) -> None:
            """Take the line."""
            super().__init__()
            self.line = line

    def __init__(self, history: tuple[str, ...] = (), *, upward: bool = False, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """Take the lines typed before, oldest first; ``upward`` puts the choices above the input."""
        super().__init__(id=id, classes="-upward" if upward else "")
        self._upward = upward
        self._history = history
        self._at = len(history)
        self._draft = ""
        self._settled = ""
        self.known = Known()

    def compose(self) -> ComposeResult:
        """Lay out the parts, the choices on the side where there is room."""
        rows = ChoiceList(_draw, id="choices")
        field = Horizontal(
            Label(">", id="sign"),
            PromptInput(
                placeholder="a question, or / for a command", id="line", max_length=_LONGEST, select_on_focus=False
            ),
            id="field",
        )
        hint = Static("", id="usage")
        yield from (rows, hint, field) if self._upward else (field, hint, rows)

    @property
    def input(self) -> PromptInput:
        """The input."""
        return self.query_one(PromptInput)

    @property
    def rows(self) -> ChoiceList:
        """The choices."""
        return self.query_one(ChoiceList)

    def begin(self, text: str) -> None:
        """Put a text into the input and go on behind it."""
        self.input.value = text
        self.input.cursor_position = len(text)
        self.input.focus()

    def learn(self, known: Known, history: tuple[str, ...]) -> None:
        """Take names that were not known at the start, and the lines typed by now."""
        self.known = known
        self._history = history
        self._at = len(history)

    @on(Input.Changed)
    def _offer(self, event: Input.Changed) -> None:
        event.stop()
        line = event.value
        self.query_one("#usage", Static).update(content((usage(line), "$faint")))
        found = [] if line == self._settled else choices(line, self.known)
        if len(found) == 1 and found[0].line == line:
            found = []
        rows = self.rows
        rows.cursor = 0
        rows.show([Row(choice.line, choice) for choice in found])
        frame = 0 if self._upward else 2
        rows.styles.height = min(len(found), _MOST_SHOWN) + frame
        rows.display = bool(found)

    @on(Input.Submitted)
    def _send(self, event: Input.Submitted) -> None:
        event.stop()
        line = event.value
        choice = self._marked()
        if choice is not None and line.startswith("/") and " " not in line:
            line = choice.line
            if line.endswith(" ") and line.strip() != event.value.strip():
                self.begin(line)  # a command that takes arguments: let the person see them
                return
        if line.strip():
            self._settled = ""
            self.input.value = ""
            self.post_message(self.Entered(line.strip()))

    @on(RowList.Highlighted)
    def _keep_quiet(self, event: RowList.Highlighted) -> None:
        event.stop()

    @on(RowList.Chosen)
    def _clicked(self, event: RowList.Chosen) -> None:
        event.stop()
        self.take()

    def _marked(self) -> Choice | None:
        row = self.rows.current if self.rows.display else None
        return row.what if row is not None else None

    def take(self) -> bool:
        """Complete the line with the marked choice; tell whether there was one."""
        choice = self._marked()
        if choice is None:
            return False
        line = choice.line
        if not line.endswith((" ", "/")):
            line += " "
        self.begin(line)
        return True

    def step(self, by: int) -> None:
        """Go to another choice, or through the history."""
        rows = self.rows
        if rows.display and self._at == len(self._history):
            rows.cursor += by
            return
        if self._at == len(self._history):
            self._draft = self.input.value
        self._at = max(0, min(self._at + by, len(self._history)))
        line = self._history[self._at] if self._at < len(self._history) else self._draft
        self._settled = line
        self.input.value = line
        self.input.cursor_position = len(line)

    def dismiss_choices(self) -> bool:
        """Close the choices; tell whether they were open."""
        was_open = bool(self.rows.display)
        self.rows.display = False
        return was_open


def _draw(choice: Choice, width: int) -> Content:
    room = min(_LABEL, width // 2)
    return content((f"{choice.label:<{room}} ", ""), (choice.hint, "$faint"))
