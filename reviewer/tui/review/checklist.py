"""The checklist of a review: what was answered by itself, and what a person has to sign."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from reviewer.core.checklist import Status
from reviewer.tui.look import STATUS_SIGN, STATUS_STYLE, meter
from reviewer.tui.sink import Piece, content
from reviewer.tui.widgets.row_list import Row, RowList
from reviewer.tui.widgets.sheet import Layout, Sheet

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content

    from reviewer.core.checklist import Answer
    from reviewer.tui.review.result import Result


class Item(NamedTuple):
    """A question of one of the reviews."""

    number: int
    answer: Answer


class ChecklistPane(Vertical):
    """The second tab of a review."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "screen.answer", "Answer", id="checklist.answer", tooltip="Answer the question and sign it"),
        Binding("o", "open_items", "Open ones", id="checklist.open", tooltip="Show only what is open or has failed"),
    ]

    def __init__(self) -> None:
        """Begin without a result."""
        super().__init__()
        self._result: Result | None = None
        self._only_open = False

    def compose(self) -> ComposeResult:
        """Lay out progress, list and question."""
        yield Static("", id="checklist-progress")
        with Horizontal(id="checklist-split"):
            yield RowList(_draw, empty="no question is asked of this", id="checklist-list")
            yield Sheet(id="question")

    @property
    def list(self) -> RowList:
        """The list of questions."""
        return self.query_one("#checklist-list", RowList)

    @property
    def item(self) -> Item | None:
        """The question under the cursor."""
        row = self.list.current
        return row.what if row is not None else None

    def take(self, result: Result) -> None:
        """Show the answers of a result; the place in the list stays."""
        self._result = result
        items = [Item(number, answer) for number, review in enumerate(result.reviews) for answer in review.checklist]
        asked = [item for item in items if item.answer.status is not Status.NOT_APPLICABLE]
        settled = sum(item.answer.status is not Status.NOT_ASSESSED for item in asked)
        counts = Counter(item.answer.status for item in items)
        filled, empty = meter(settled, len(asked), 20)
        pieces: list[Piece] = [(filled, "$text-success"), (empty, "$faint"), (f" {settled} of {len(asked)}  ", "bold")]
        pieces += [
            (f" {STATUS_SIGN[status]} {counts[status]} {status.value} ", STATUS_STYLE[status])
            for status in Status
            if counts[status]
        ]
        self.query_one("#checklist-progress", Static).update(content(*pieces))
        self.list.show(_rows(items, result, only_open=self._only_open))

    def action_open_items(self) -> None:
        """Show everything, or only what is open or has failed."""
        self._only_open = not self._only_open
        if self._result is not None:
            self.take(self._result)

    @on(RowList.Highlighted, "#checklist-list")
    def _look(self, event: RowList.Highlighted) -> None:
        row = event.row
        item = row.what if row is not None else None
        sheet = self.query_one("#question", Sheet)
        if item is None:
            label = row.label if row is not None else ""
            sheet.show(lambda layout: layout.line((label, "bold")))
        else:
            sheet.show(lambda layout: _write(layout, item))

    @on(RowList.Chosen, "#checklist-list")
    async def _answer(self) -> None:
        await self.run_action("screen.answer")


def _rows(items: list[Item], result: Result, *, only_open: bool) -> list[Row[Item]]:
    several = len(result.reviews) > 1
    rows: list[Row[Item]] = []
    for (number, expert), group in groupby(items, key=lambda item: (item.number, item.answer.expert)):
        found = list(group)
        asked = [item for item in found if item.answer.status is not Status.NOT_APPLICABLE]
        settled = sum(item.answer.status is not Status.NOT_ASSESSED for item in asked)
        shown = [item for item in asked if item.answer.status in (Status.NOT_ASSESSED, Status.FAIL)]
        shown = shown if only_open else found
        if not shown:
            continue
        subject = f" · {result.reviews[number].subject.path}" if several else ""
        label = f"{expert}{subject}  {settled} of {len(asked)} answered"
        rows.append(Row(f"{number} {expert}", None, label, len(shown)))
        rows += [Row(f"{number} {item.answer.id}", item) for item in shown]
    return rows


def _draw(item: Item, _width: int) -> Content:
    answer = item.answer
    faint = "$faint" if answer.status is Status.NOT_APPLICABLE else ""
    return content(
        (STATUS_SIGN[answer.status], STATUS_STYLE[answer.status]),
        (f" {answer.id:<6}", "$faint"),
        (answer.question, faint),
    )


def _write(layout: Layout, item: Item) -> None:
    answer = item.answer
    layout.line(
        (f"{STATUS_SIGN[answer.status]} {answer.status.value}", STATUS_STYLE[answer.status]),
        (f"  {answer.id} · {answer.expert}", "$faint"),
    )
    layout.blank()
    layout.prose(answer.question, "bold")
    if answer.evidence:
        layout.heading("Evidence")
        for evidence in answer.evidence:
            layout.item("·", evidence)
    layout.blank()
    layout.line(("a", "bold $text-accent"), (" answers and signs it in .reviewer/signoff.toml", "$faint"))
