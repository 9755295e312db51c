"""What screens may ask of the application, so that none of them has to know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from reviewer.commands.command import Command
    from reviewer.library.library import Library
    from reviewer.session.records import Session
    from reviewer.session.store import SessionStore
    from reviewer.tui.prompt.completion import Known


class Desk(Protocol):
    """The application, as its screens see it."""

    store: SessionStore
    known: Known
    """Names for completions."""

    def run_line(self, line: str) -> None:
        """Do what a line of the prompt asks for."""
        ...

    def begin_line(self, command: Command) -> None:
        """Run a command that takes nothing, else begin its line at the prompt."""
        ...

    def resume(self, session: Session) -> None:
        """Go on with a session."""
        ...

    def show_expert(self, expert: str) -> None:
        """Show the guide of an expert."""
        ...

    def say(self, message: str, severity: str = "information") -> None:
        """Tell a person something; the text may be a stranger's."""
        ...

    @property
    def library(self) -> Library | None:
        """The library without pages, or None while it is being read."""
        ...
