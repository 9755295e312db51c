"""What a person does about a design: answers, decides, tries, takes back, generates."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widgets import TabbedContent

from reviewer.core.errors import ReviewerError
from reviewer.session.store import StoreError
from reviewer.tui.design.choosing import ChoosingScreen, Wanted
from reviewer.tui.design.messages import GenerationPlanned
from reviewer.tui.review.changes import Changes
from reviewer.tui.screens.base import DeskScreen
from reviewer.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.session.records import Session
    from reviewer.tui.design.designing import Designing
    from reviewer.tui.widgets.row_list import Row

LISTS = ("interview", "decisions", "contradictions")
"""The tabs with rows that can be opened."""


class Answering(DeskScreen):
    """The part of the design screen that changes something."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next", "Next open", id="design.next", tooltip="Go to the next question that nobody has answered"),
        Binding("backspace", "take_back", "Take back", id="design.take-back", tooltip="Take the answer back"),
        Binding("w", "try", "What if", id="design.try", tooltip="Try answers without saving them, or stop trying"),
        Binding("ctrl+s", "keep", "Keep", id="design.keep", tooltip="Save what was tried"),
        Binding("u", "undo", "Undo", id="design.undo", tooltip="Take the last saved change back"),
        Binding("ctrl+g", "generate", "Generate", id="design.generate", tooltip="Show what would be written"),
    ]
    session: Session
    designing: Designing | None

    def show_design(self) -> None:
        """Show what there is now."""
        raise NotImplementedError

    def list_of(self, tab: str) -> RowList:
        """Return the list of a tab."""
        raise NotImplementedError

    @on(RowList.Chosen)
    def _choose(self, event: RowList.Chosen) -> None:
        name = (event.rows.id or "").removesuffix("-list")
        if event.row is not None and self.designing is not None and name in LISTS:
            self._ask(name, event.row, self.designing)

    def _ask(self, name: str, row: Row[Any], designing: Designing) -> None:
        """Ask for an answer, a decision, or a way out."""
        from reviewer.tui.design.rows import wanted_for

        wanted: Wanted = wanted_for(name, row.what, designing)
        if name == "contradictions" and not wanted.options:
            self.desk.say("No setting alone leads out of this; the page says what does.", "warning")
            return

        def take(said: str | None) -> None:
            if said is not None:
                self._answer(name, row, said)

        self.app.push_screen(ChoosingScreen(wanted), take)

    def _answer(self, name: str, row: Row[Any], said: str) -> None:
        designing, what = self.designing, row.what
        if designing is None or what is None:
            return
        if name == "interview":
            self._change(partial(designing.answer, what, said), f"answered {row.key} with {said}")
        elif name == "decisions":
            self._change(partial(designing.decide_on, row.key, said), f"decided {row.key}: {said}")
        else:
            way = next(way for way in what.rule.ways_out if way.text == said)
            self._change(partial(designing.way_out, way), f"took a way out of {what.rule.id}")

    def _change(self, step: Callable[[], str], label: str) -> None:
        """Do a step that changes the design, keep what the file was, and show what follows."""
        designing = self.designing
        if designing is None:
            return
        path = designing.path
        try:
            before = path.read_text("utf-8") if path.exists() else None
            after = step()
            if after and after != before:
                Changes(self.desk.store, self.session.id).note(path, before, after, label)
        except (ReviewerError, StoreError, OSError) as error:
            self.desk.say(str(error), "error")
            return
        self.show_design()

    def action_take_back(self) -> None:
        """Take an answer or a decision back."""
        name = self.query_one(TabbedContent).active
        row = self.list_of(name).current if name in LISTS[:2] else None
        if row is not None and row.what is not None:
            self._answer(name, row, "")

    def action_next(self) -> None:
        """Go to the next question that nobody has answered."""
        designing, rows = self.designing, self.list_of("interview")
        if designing is None:
            return
        self.query_one(TabbedContent).active = "interview"
        open_ = [
            row.key
            for row in (*rows.rows[rows.cursor + 1 :], *rows.rows[: rows.cursor])
            if row.what is not None and (answer := designing.answer_of(row.what)) is not None and not answer.given
        ]
        if open_:
            rows.go_to(open_[0])
        else:
            self.desk.say("Every question is answered.")

    def action_try(self) -> None:
        """Try answers without saving them, or drop what was tried."""
        if self.designing is None:
            return
        if self.designing.trying:
            self.designing.drop()
        else:
            self.designing.begin_trying()
        self.show_design()

    def action_keep(self) -> None:
        """Save what was tried."""
        if self.designing is not None and self.designing.trying:
            self._change(self.designing.keep, "kept what was tried")

    def action_undo(self) -> None:
        """Take the last saved change back."""
        if self.designing is None:
            return
        try:
            self.desk.say(Changes(self.desk.store, self.session.id).undo())
            self.designing.reload()
        except (ReviewerError, StoreError) as error:
            self.desk.say(str(error), "error")
        self.show_design()

    def action_generate(self) -> None:
        """Ask for the folder, and show what would be written there."""
        designing = self.designing
        if designing is None:
            return
        if designing.decided.contradictions:
            self.desk.say("A design that contradicts itself is not generated; its tab names the ways out.", "error")
            return
        wanted = Wanted("generate", "Into which folder?", {}, str(designing.path.parent), unit="a folder")

        def plan(folder: str | None) -> None:
            if folder:
                self._plan(folder)

        self.app.push_screen(ChoosingScreen(wanted), plan)

    @work(thread=True, group="document", exclusive=True)
    def _plan(self, folder: str) -> None:
        """Find out what generating would do, off the loop."""
        from reviewer.design.merging.design import plan_design

        designing = self.designing
        if designing is None:
            return
        try:
            found = plan_design(designing.decided, Path(folder))
        except ReviewerError as error:
            self.post_message(GenerationPlanned(folder, None, str(error)))
        else:
            self.post_message(GenerationPlanned(folder, found, ""))

    @on(GenerationPlanned)
    def _planned(self, message: GenerationPlanned) -> None:
        from reviewer.tui.design.generating import GenerateScreen

        if self.designing is None or message.planned is None:
            self.desk.say(message.problem, "error")
            return
        self.app.push_screen(GenerateScreen(self.designing.decided, message.folder, message.planned))
