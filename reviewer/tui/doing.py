"""What the commands do that have a screen of their own; any other command answers with a document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.app import App

from reviewer.core.errors import ReviewerError, UsageError
from reviewer.core.nearest import did_you_mean
from reviewer.tui import running
from reviewer.tui.messages import Searched
from reviewer.tui.screens.base import DeskScreen

if TYPE_CHECKING:
    from reviewer.library.library import Library
    from reviewer.session.store import SessionStore


class Doing(App[int]):
    """The part of the application that opens screens.

    A method ``do_NAME`` stands for the command of that name, and tells whether it did what was asked.
    """

    store: SessionStore

    @property
    def library(self) -> Library | None:
        """The library without pages, or None while it is being read."""
        raise NotImplementedError

    def run_line(self, line: str) -> None:
        """Do what a line asks for."""
        raise NotImplementedError

    def say(self, message: str, severity: str = "information") -> None:
        """Tell a person something."""
        raise NotImplementedError

    def set_theme(self, name: str) -> None:
        """Take a theme, and keep it."""
        raise NotImplementedError

    def action_next_theme(self) -> None:
        """Take the next theme."""
        raise NotImplementedError

    def action_help(self) -> None:
        """Show keys and commands."""
        raise NotImplementedError

    def do_review(self, arguments: dict[str, Any], line: str) -> bool:
        """Open a review."""
        if arguments["purpose"] or arguments["output"] or arguments["format"] != "text":
            return False
        self._open_review(arguments["paths"], line, "findings")
        return True

    def do_checklist(self, arguments: dict[str, Any], line: str) -> bool:
        """Open a review at its checklist."""
        if not arguments["paths"] or arguments["output"] or arguments["format"] != "text":
            return False
        self._open_review(arguments["paths"], line, "checklist")
        return True

    def _open_review(self, paths: tuple[str, ...], line: str, tab: str) -> None:
        from reviewer.tui.review.screen import ReviewScreen

        title = ", ".join(Path(path).absolute().name for path in paths or (".",))
        self.push_screen(ReviewScreen(self.store.begin(title[:120], line, _here()), line, tab))

    def do_explain(self, arguments: dict[str, Any], _line: str) -> bool:
        """Show a rule among those of its expert."""
        if self.library is None or arguments["output"] or arguments["configuration"]:
            return False
        from reviewer.tui.screens.catalogue import CatalogueScreen
        from reviewer.tui.screens.shelves import rules

        rule = self.library.rule(arguments["rule"])
        of_expert = self.library.select([rule.expert])
        self.push_screen(CatalogueScreen("Rules", rules(of_expert, self.library), about=rule.expert, at=rule.id))
        return True

    def do_rules(self, arguments: dict[str, Any], _line: str) -> bool:
        """Look through rules."""
        if self.library is None or arguments["format"] != "text" or arguments["output"] or arguments["configuration"]:
            return False
        from reviewer.tui.screens.catalogue import CatalogueScreen
        from reviewer.tui.screens.shelves import rules

        chosen = self.library.select(arguments["select"])
        self.push_screen(CatalogueScreen("Rules", rules(chosen, self.library), about=f"{len(chosen)} rules"))
        return True

    def do_skills(self, arguments: dict[str, Any], _line: str) -> bool:
        """Look through what the experts know."""
        if arguments["output"] or arguments["configuration"]:
            return False
        self._search(" ".join(arguments["query"]), "")
        return True

    def show_expert(self, expert: str) -> None:
        """Show the guide of an expert."""
        self._search("", f"agent {expert}")

    def ask(self, text: str) -> None:
        """Route a question in plain words."""
        self._search(text, "", free=True)

    @work(thread=True, group="search", exclusive=True)
    def _search(self, words: str, at: str, *, free: bool = False) -> None:
        """Look words up in the pages of the library, which takes a moment the first time."""
        from reviewer.commands.rules import library_here
        from reviewer.tui.screens.shelves import search

        try:
            library = library_here("", pages=True)
            self.post_message(Searched(search(words, library, free=free), words, at))
        except ReviewerError as error:
            self.post_message(running.Refused(str(error)))

    @on(Searched)
    def _searched(self, message: Searched) -> None:
        from reviewer.tui.screens.catalogue import CatalogueScreen

        if not message.found:
            self.say(f"nothing in the library answers {message.words[:80]!r}", "warning")
            return
        title = message.words[:80] or "What the experts know"
        self.push_screen(CatalogueScreen(title, message.found, at=message.at))

    def do_batch(self, arguments: dict[str, Any], _line: str) -> bool:
        """Look through the runs of a store; a run itself is a matter for a shell."""
        asked = ("sources", "output", "export", "diff", "whole")
        if any(arguments[name] for name in asked) or arguments["format"] != "text":
            return False
        from reviewer.commands.run_numbers import run_number
        from reviewer.tui.market.screen import MarketScreen

        run = run_number("--run", arguments["run"]) if arguments["run"] else 0
        self.push_screen(MarketScreen(Path(arguments["store"]), run))
        return True

    def do_design(self, arguments: dict[str, Any], line: str) -> bool:
        """Open a design."""
        if arguments["purpose"] or arguments["output"] or arguments["set"] or arguments["format"] != "text":
            return False
        from reviewer.tui.design.screen import DesignScreen

        title = Path(arguments["spec"]).name or "design"
        self.push_screen(DesignScreen(self.store.begin(title[:120], line, _here()), arguments["spec"]))
        return True

    def do_open(self, arguments: dict[str, Any], _line: str) -> bool:
        """Open a path as what it is."""
        from reviewer.tui.screens.shelves import opening_line

        self.run_line(opening_line(arguments["path"] or "."))
        return True

    def do_sessions(self, _arguments: dict[str, Any], _line: str) -> bool:
        """Show what was done before."""
        from reviewer.tui.screens.sessions import SessionsScreen

        self.push_screen(SessionsScreen(self.store))
        return True

    def do_export(self, arguments: dict[str, Any], _line: str) -> bool:
        """Write what is on the screen to a file."""
        form, file = arguments["format"], arguments["file"]
        if not form or not file:
            self.action_export()
        elif isinstance(self.screen, DeskScreen):
            self._export(self.screen, form, file)
        return True

    def do_theme(self, arguments: dict[str, Any], _line: str) -> bool:
        """Choose the colours."""
        name = arguments["name"]
        if not name:
            self.action_next_theme()
            return True
        if name not in self.available_themes:
            known = ", ".join(sorted(self.available_themes))
            raise UsageError(f"there is no theme {name[:80]!r}{did_you_mean(name, self.available_themes)} ({known})")
        self.set_theme(name)
        return True

    def do_help(self, _arguments: dict[str, Any], _line: str) -> bool:
        """Show keys and commands."""
        self.action_help()
        return True

    def do_quit(self, _arguments: dict[str, Any], _line: str) -> bool:
        """Leave."""
        self.exit(0)
        return True

    def action_export(self) -> None:
        """Ask for format and file, and write what is on the screen."""
        from reviewer.tui.review.dialogs import Export, ExportDialog

        screen = self.screen
        if not isinstance(screen, DeskScreen) or not screen.exportable:
            self.say("There is nothing here to write to a file; go to a review or a document.", "warning")
            return

        def write(said: Export | None) -> None:
            if said is not None:
                self._export(screen, said.form, said.file)

        self.push_screen(ExportDialog("what this screen shows", screen.export_name, screen.exportable), write)

    def _export(self, screen: DeskScreen, form: str, file: str) -> None:
        from reviewer.commands.output_file import OutputError, write_file

        if form not in screen.exportable:
            known = ", ".join(screen.exportable) or "nothing here can be written"
            self.say(f"this screen has no format {form!r} (formats: {known})", "error")
            return
        try:
            write_file(file, screen.exported(form))
        except (ReviewerError, OutputError) as error:
            self.say(str(error), "error")
        else:
            self.say(f"written to {Path(file).absolute()}")


def _here() -> str:
    """Return the current folder."""
    return str(Path.cwd())
