"""The application: it owns the store, the library and the screens, and does what a line asks for."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from reviewer.core.errors import ReviewerError
from reviewer.report.escape.terminal import show
from reviewer.session.store import SessionStore, StoreError
from reviewer.tui import running
from reviewer.tui.doing import Doing
from reviewer.tui.messages import LibraryRead
from reviewer.tui.prompt.completion import Known
from reviewer.tui.screens.base import DeskScreen
from reviewer.tui.screens.home import HomeScreen
from reviewer.tui.themes import DEFAULT, FALLBACK, OWN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.command import Provider
    from textual.driver import Driver

    from reviewer.commands.command import Command
    from reviewer.library.library import Library
    from reviewer.session.records import Session
    from reviewer.tui.prompt.line import Typed

_THEME = "theme"


def _palette() -> type[Provider]:
    """Return what the palette offers; nobody needs it before it is opened."""
    from reviewer.tui.screens.palette import DeskProvider

    return DeskProvider


class ReviewerApp(Doing):
    """The terminal application."""

    TITLE = "reviewer"
    CSS_PATH = "app.tcss"
    COMMANDS = {_palette}  # noqa: RUF012 - declared by Textual
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", id="app.help", tooltip="The keys and the commands of the moment"),
        Binding("ctrl+p", "command_palette", "Palette", id="app.palette", tooltip="Find any command, theme or finding"),
        Binding("ctrl+o", "jump", "Jump", show=False, id="app.jump", tooltip="Letters lead to the parts of the screen"),
        Binding("f2", "next_theme", "Theme", show=False, id="app.theme", tooltip="The next theme"),
        Binding("ctrl+q", "quit", "Quit", show=False, id="app.quit", tooltip="Leave; all is saved", priority=True),
    ]

    def __init__(self, folder: Path | None, line: str = "", driver_class: type[Driver] | None = None) -> None:
        """Take the folder of the store, and a line to begin with."""
        super().__init__(driver_class=driver_class)
        self.store = SessionStore(folder)
        self.known = Known()
        self._line = line
        self._library: Library | None = None
        self.home = HomeScreen()

    @property
    def library(self) -> Library | None:
        """The library without pages, or None while it is being read."""
        return self._library

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give the themes of Textual what ours have."""
        return FALLBACK

    def on_mount(self) -> None:
        """Show the first screen, and go on with what was asked for."""
        for theme in OWN:
            self.register_theme(theme)
        kept = self.store.preference(_THEME, DEFAULT)
        self.theme = kept if kept in self.available_themes else DEFAULT
        self.push_screen(self.home)
        self._heed_signals()
        self.call_after_refresh(self._read_library)  # the prompt comes first
        if self.store.note:
            self.say(self.store.note, "warning")
        if self._line:
            self.call_after_refresh(self.run_line, self._line)

    def _heed_signals(self) -> None:
        """Leave in order when the system asks for it, so that the terminal is as it was."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                with suppress(NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(number, self.exit, 128 + int(number))

    # The library

    @work(thread=True, group="library")
    def _read_library(self) -> None:
        from reviewer.commands.rules import library_here

        try:
            self.post_message(LibraryRead(library_here("")))
        except ReviewerError as error:
            self.post_message(running.Refused(str(error)))

    @on(LibraryRead)
    def _library_read(self, message: LibraryRead) -> None:
        self._library = library = message.library
        rules = {rule.id: rule.name for rule in library.rules.values()}
        self.known = Known(rules, tuple(sorted(self.available_themes)))
        self.home.take_experts(tuple(library.agents.values()))

    # What a line asks for

    def run_line(self, line: str) -> None:
        """Do what a line asks for; what is wrong with it is said."""
        from reviewer.tui.prompt.line import read

        self.save(lambda: self.store.remember(line))
        if not line.startswith("/"):
            self.ask(line)
            return
        try:
            self._run(read(line), line)
        except (ReviewerError, StoreError) as error:
            self.say(str(error), "error")

    def _run(self, typed: Typed, line: str) -> None:
        from reviewer.tui.prompt.line import command_line

        if typed.wants_help:
            self._show_usage(typed.command)
            return
        own = getattr(self, f"do_{typed.command.name.replace('-', '_')}", None)
        if own is not None and own(typed.arguments, line):
            return
        shell_line = command_line(typed.command, line)
        self.say(f"{shell_line} …")
        self._run_command(typed, shell_line)

    @work(thread=True, group="command")
    def _run_command(self, typed: Typed, shell_line: str) -> None:
        running.run(typed, shell_line, self.post_message)

    @on(running.Answered)
    def _answered(self, message: running.Answered) -> None:
        from reviewer.tui.screens.document import DocumentScreen

        self.push_screen(DocumentScreen(message.title, message.text, message.form, about=message.about))

    @on(running.Refused)
    def _refused(self, message: running.Refused) -> None:
        self.say(message.message, "error")

    def _show_usage(self, command: Command) -> None:
        from reviewer.commands.parsing import usage
        from reviewer.tui.screens.document import DocumentScreen

        self.push_screen(DocumentScreen(f"/{command.slash}", usage(command), "text", about=command.summary))

    def begin_line(self, command: Command) -> None:
        """Run a command that takes nothing, else begin its line at the prompt."""
        if not command.arguments:
            self.run_line(f"/{command.slash}")
        elif isinstance(self.screen, DeskScreen):
            self.screen.prompt_with(f"/{command.slash} ")

    def resume(self, session: Session) -> None:
        """Go on with a session, in the folder in which it was begun."""
        try:
            os.chdir(session.folder)
        except OSError as error:
            self.say(f"{session.folder}: can't go there: {error.strerror}", "error")
            return
        self.run_line(session.line)

    # Keys

    def action_help(self) -> None:
        """Show keys and commands."""
        from reviewer.tui.screens.help import HelpScreen

        screen = self.screen
        title, text = (screen.HELP_TITLE, screen.HELP_TEXT) if isinstance(screen, DeskScreen) else ("", "")
        self.push_screen(HelpScreen(title, text, list(screen.active_bindings.values())))

    def action_jump(self) -> None:
        """Show letters that lead to the parts of the screen."""
        from reviewer.tui.screens.jump import JumpScreen

        below = self.screen
        targets = [widget for widget in below.focus_chain if widget.id]

        def go(identity: str | None) -> None:
            if identity:
                below.query_one(f"#{identity}").focus()

        self.push_screen(JumpScreen(targets), go)

    def action_sessions(self) -> None:
        """Show what was done before."""
        self.run_line("/sessions")

    def action_next_theme(self) -> None:
        """Take the next of our themes."""
        names = [theme.name for theme in OWN]
        at = names.index(self.theme) if self.theme in names else -1
        self.set_theme(names[(at + 1) % len(names)])

    def set_theme(self, name: str) -> None:
        """Take a theme, and keep it."""
        self.theme = name
        self.save(lambda: self.store.prefer(_THEME, name))
        self.say(f"theme {name}")

    # Words to a person

    def say(self, message: str, severity: str = "information") -> None:
        """Tell a person something; the text may be a stranger's."""
        safe = "\n".join(show(line) for line in message.splitlines())
        level: Any = severity
        self.notify(safe, severity=level, markup=False, timeout=8 if severity == "error" else 5)

    def save(self, step: Callable[[], object]) -> None:
        """Keep something, and say so where that fails."""
        try:
            step()
        except StoreError as error:
            self.say(str(error), "error")
