"""What is asked before a finding is accepted, a question answered, or a report written."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from textual import on
from textual.widgets import Input, Select

from reviewer.core.checklist import Status
from reviewer.core.errors import UsageError
from reviewer.core.regex import regex
from reviewer.engine.signoff.entry import OPEN, SignedAnswer
from reviewer.report.registry import format_names
from reviewer.tui.widgets.dialog import Dialog

if TYPE_CHECKING:
    from textual.widget import Widget

    from reviewer.core.checklist import Answer

COMMENT: Final = "comment"
WAIVER: Final = "waiver"
_WAIVER_DAYS: Final = 180
_DAY: Final = regex(r"\d{4}-\d{2}-\d{2}")
ENDINGS: Final = {
    "text": "txt", "json": "json", "sarif": "sarif", "markdown": "md", "html": "html", "junit": "xml",
    "gitlab": "json", "github": "txt",
}  # fmt: skip
"""What files of a format are called."""


class Acceptance(NamedTuple):
    """How a finding is accepted."""

    how: str
    reason: str
    who: str
    until: str


class AcceptDialog(Dialog[Acceptance]):
    """Suppress with a comment, or waive in the sign-off file."""

    CONFIRM = "Accept"

    def __init__(self, about: str, who: str, *, may_comment: bool) -> None:
        """Take what is accepted, who is at the keyboard, and whether the file takes a comment."""
        super().__init__("Accept a finding", about)
        self._who = who
        self._may_comment = may_comment

    def fields(self) -> list[tuple[str, Widget]]:
        """Ask how, why, who and until when."""
        ways = [("a waiver in .reviewer/signoff.toml, for a while", WAIVER)]
        if self._may_comment:
            ways.append(("a comment above the line, in the code", COMMENT))
        last = (date.today() + timedelta(days=_WAIVER_DAYS)).isoformat()
        return [
            ("how", Select(ways, value=WAIVER, allow_blank=False, id="how", compact=True)),
            ("why is that right?", Input(id="reason", compact=True, placeholder="the reason, for whoever reads it")),
            ("who", Input(self._who, id="who", compact=True)),
            ("until (last day)", Input(last, id="until", compact=True, placeholder="2027-06-30")),
        ]

    def on_mount(self) -> None:
        """Begin with the reason."""
        self.query_one("#reason").focus()

    def answer(self) -> Acceptance:
        """Return how; a reason is a must, and a waiver has an end."""
        how = str(self.query_one("#how", Select).value)
        reason, who, until = (_text(self, name) for name in ("reason", "who", "until"))
        if not reason:
            raise UsageError("a reason is needed: say why the finding is right to be there")
        if how == WAIVER and not who:
            raise UsageError("a waiver needs a name: who answers for it?")
        if how == WAIVER or until:
            check_day(until)
        return Acceptance(how, reason, who, until)


class Sign(NamedTuple):
    """An answer to a question, and the files that were looked at."""

    said: SignedAnswer
    looked_at: list[str]


class AnswerDialog(Dialog[Sign]):
    """Answers a question of the checklist."""

    CONFIRM = "Sign"

    def __init__(self, question: Answer, who: str) -> None:
        """Take the question as it stands, and who is at the keyboard."""
        super().__init__(f"{question.id} · {question.expert}", question.question)
        self._question = question
        self._who = who

    def fields(self) -> list[tuple[str, Widget]]:
        """Ask for status, note, evidence and expiry."""
        ways = [(status.value, status.value) for status in Status if status is not Status.NOT_ASSESSED]
        ways.append(("open again", OPEN))
        return [
            ("answer", Select(ways, value=Status.PASS.value, allow_blank=False, id="status", compact=True)),
            ("note: what was looked at, and what was found", Input(id="why", compact=True)),
            (
                "evidence: files of the subject, with spaces between; empty for all of it",
                Input(id="evidence", compact=True, placeholder="src/permissions.ts"),
            ),
            ("who", Input(self._who, id="who", compact=True)),
            ("until (last day; a waiver must have one)", Input(id="until", compact=True, placeholder="2027-06-30")),
        ]

    def on_mount(self) -> None:
        """Begin with the note."""
        self.query_one("#why").focus()

    def answer(self) -> Sign:
        """Return the answer; a note and a name are a must."""
        status = str(self.query_one("#status", Select).value)
        why, who, until = (_text(self, name) for name in ("why", "who", "until"))
        if not why:
            raise UsageError("a note is needed: say what was looked at")
        if not who:
            raise UsageError("a name is needed: who answers for it?")
        if until or status == Status.WAIVED:
            check_day(until)
        said = SignedAnswer(self._question.id, status, who, "", why, until)
        return Sign(said, _text(self, "evidence").split())


class Export(NamedTuple):
    """Where a report goes."""

    form: str
    file: str


class ExportDialog(Dialog[Export]):
    """Asks for format and file."""

    CONFIRM = "Write"

    def __init__(self, about: str, name: str, forms: tuple[str, ...] = ()) -> None:
        """Take what is written, the stem of its file, and the formats; those of a review where none are named."""
        super().__init__("Write to a file", about)
        self._name = name
        self._forms = forms or format_names()

    def fields(self) -> list[tuple[str, Widget]]:
        """Ask for format and file."""
        first = self._forms[0]
        return [
            ("format", Select([(name, name) for name in self._forms], value=first, allow_blank=False, id="format",
                              compact=True)),
            ("file", Input(f"{self._name}.{ENDINGS.get(first, first)}", id="file", compact=True)),
        ]  # fmt: skip

    def on_mount(self) -> None:
        """Begin with the file."""
        self.query_one("#file").focus()

    @on(Select.Changed, "#format")
    def _rename(self, event: Select.Changed) -> None:
        field = self.query_one("#file", Input)
        stem, dot, _ending = field.value.rpartition(".")
        if dot:
            field.value = f"{stem}.{ENDINGS.get(str(event.value), str(event.value))}"

    def answer(self) -> Export:
        """Return format and file."""
        file = _text(self, "file")
        if not file:
            raise UsageError("a file name is needed, for example report.html")
        return Export(str(self.query_one("#format", Select).value), file)


def check_day(text: str) -> None:
    """Raise `UsageError` for what is no day."""
    try:
        if _DAY.fullmatch(text):
            date.fromisoformat(text)
            return
    except ValueError:
        pass  # such as the 30th of February
    raise UsageError(f"until: found {text[:40]!r}, expected a day, for example 2027-06-30")


def _text(dialog: Dialog[Acceptance] | Dialog[Sign] | Dialog[Export], name: str) -> str:
    return dialog.query_one(f"#{name}", Input).value.strip()
