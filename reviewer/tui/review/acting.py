"""What a person can do about a finding or a question; each change is followed by a new review."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.widgets import TabbedContent

from reviewer.core.errors import ReviewerError, UsageError
from reviewer.engine.fixing import file_of
from reviewer.engine.judging.accepting import takes_comments
from reviewer.session.store import StoreError
from reviewer.tui.review.changes import Changes, user
from reviewer.tui.review.dialogs import COMMENT, Acceptance, AcceptDialog, AnswerDialog, Sign
from reviewer.tui.screens.base import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.session.records import Session
    from reviewer.tui.review.checklist import ChecklistPane
    from reviewer.tui.review.findings import FindingsPane
    from reviewer.tui.review.index import Entry
    from reviewer.tui.review.result import Result

_WHO = "who"


class Acting(DeskScreen):
    """The part of the review screen that changes something."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "fix", "Fix", id="finding.fix", tooltip="Apply the edit of the finding"),
        Binding("u", "undo", "Undo", id="finding.undo", tooltip="Take the last change back"),
        Binding("a", "accept", "Accept", id="finding.accept", tooltip="Suppress or waive the finding, with a reason"),
        Binding("e", "edit", "Editor", id="finding.edit", tooltip="Open your editor at the line"),
    ]
    session: Session
    result: Result | None
    _to_verify: str = ""
    """Key of a finding that a comment was written for."""

    @property
    def findings(self) -> FindingsPane:
        """The pane of the findings."""
        raise NotImplementedError

    @property
    def checklist(self) -> ChecklistPane:
        """The pane of the checklist."""
        raise NotImplementedError

    def start(self) -> None:
        """Review again."""
        raise NotImplementedError

    @property
    def _changes(self) -> Changes:
        return Changes(self.desk.store, self.session.id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what concerns a finding only where findings are."""
        del parameters
        if action in ("fix", "accept", "edit"):
            return self.result is not None and self.query_one(TabbedContent).active == "findings"
        return True

    def save(self, step: Callable[[], object]) -> None:
        """Keep something, and say so where that fails."""
        try:
            step()
        except StoreError as error:
            self.desk.say(str(error), "error")

    def _do(self, step: Callable[[], str]) -> bool:
        """Do something, say what came of it, and review again; tell whether it was done."""
        try:
            said = step()
        except (ReviewerError, StoreError) as error:
            self.desk.say(str(error), "error")
            return False
        self.desk.say(said)
        self.start()
        return True

    def _on_finding(self) -> tuple[Result, Entry] | None:
        entry = self.findings.entry
        if self.result is None or entry is None:
            self.desk.say("Go to a finding first.", "warning")
            return None
        return self.result, entry

    def action_fix(self) -> None:
        """Apply the edit of the finding."""
        if (found := self._on_finding()) is not None:
            self._do(lambda: self._changes.fix(*found))

    def action_undo(self) -> None:
        """Take the last change back."""
        self._to_verify = ""
        self._do(self._changes.undo)

    def action_accept(self) -> None:
        """Ask how the finding is accepted, and do it."""
        if (found := self._on_finding()) is None:
            return
        result, entry = found

        def accept(said: Acceptance | None) -> None:
            if said is None:
                return
            self.save(lambda: self.desk.store.prefer(_WHO, said.who))
            if said.how == COMMENT:
                if self._do(lambda: self._changes.suppress(result, entry, said.reason, said.until)):
                    self._to_verify = entry.key
            else:
                self._do(lambda: self._changes.waive(result, entry, said.who, said.reason, said.until))

        finding = entry.finding
        about = f"{finding.rule} {finding.name} at {entry.place}"
        may_comment = result.trusted and takes_comments(finding.location.path)
        self.app.push_screen(AcceptDialog(about, self._who, may_comment=may_comment), accept)

    def verify(self, result: Result) -> None:
        """See that the comment that was written is understood at its place; else take it back."""
        key, self._to_verify = self._to_verify, ""
        if any(entry.key == key and entry.finding.suppressed is None for entry in result.index.entries):
            with suppress(ReviewerError, StoreError):
                self._changes.undo()
            message = "A comment is no comment at this place, so it was taken back; waive the finding instead."
            self.desk.say(message, "error")
            self.start()

    def action_answer(self) -> None:
        """Ask for the answer to a question, and sign it."""
        item, result = self.checklist.item, self.result
        if item is None or result is None:
            self.desk.say("Go to a question first.", "warning")
            return
        review = result.reviews[item.number]

        def sign(said: Sign | None) -> None:
            if said is not None:
                self.save(lambda: self.desk.store.prefer(_WHO, said.said.who))
                self._do(lambda: self._changes.answer(result, review, item.number, said.said, said.looked_at))

        self.app.push_screen(AnswerDialog(item.answer, self._who), sign)

    @property
    def _who(self) -> str:
        return self.desk.store.preference(_WHO) or user()

    def action_edit(self) -> None:
        """Open the person's editor at the line of the finding."""
        from reviewer.tui.review.editor import editor_command

        if (found := self._on_finding()) is None:
            return
        _result, entry = found
        place = entry.finding.location
        try:
            path = file_of(entry.subject, place.path)
            if path is None:
                raise UsageError(f"{place.path}: there is no such file on disk to open; an archive is only read")
            command = editor_command(path, place.line)
            with self.app.suspend():
                subprocess.run(command, check=False)  # noqa: S603 - the person's own editor, no shell
        except ReviewerError as error:
            self.desk.say(str(error), "error")
        except SuspendNotSupported:
            self.desk.say("An editor can't be opened from here.", "warning")
        except OSError as error:
            self.desk.say(f"the editor can't be started: {error.strerror or error}", "error")
        else:
            self.start()
