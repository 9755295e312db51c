"""The findings as a list that is grouped and filtered, and beside it the one under the cursor."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widgets import Input, Static

from reviewer.report.width import columns
from reviewer.tui.look import SEVERITY_SIGN, severity_style
from reviewer.tui.review.detail import write_finding
from reviewer.tui.review.index import GROUPINGS, Entry
from reviewer.tui.sink import content
from reviewer.tui.widgets.row_list import RowList
from reviewer.tui.widgets.sheet import Layout, Sheet

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content

    from reviewer.tui.review.result import Result


class FilterInput(Input):
    """What the list has to hold; the keys that leave it go back to the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,enter", "to_list", "To the list", show=False, id="filter.list", tooltip="Back to the list"),
        Binding("escape", "clear", "Clear", show=False, id="filter.clear", tooltip="Empty the filter, then leave it"),
    ]

    def action_to_list(self) -> None:
        """Go to the list."""
        self.screen.query_one("#findings-list").focus()

    def action_clear(self) -> None:
        """Empty the filter; an empty one is left."""
        if self.value:
            self.value = ""
        else:
            self.action_to_list()


class FindingsPane(Vertical):
    """The first tab of a review."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "filter", "Filter", id="findings.filter", tooltip="Show only findings that hold what you type"),
        Binding("b", "group", "Group", id="findings.group", tooltip="Group by severity, expert, file or rule"),
        Binding("h", "accepted", "Accepted", show=False, id="findings.accepted", tooltip="Show accepted findings, too"),
    ]
    grouping = reactive("severity", init=False)
    accepted = reactive(default=False, init=False)

    def __init__(self) -> None:
        """Begin without a result."""
        super().__init__()
        self._result: Result | None = None

    def compose(self) -> ComposeResult:
        """Lay out filter, list and detail."""
        yield Horizontal(
            FilterInput(placeholder="filter: words, -without", id="filter", compact=True),
            Static("", id="shown"),
            id="filter-bar",
        )
        with Horizontal(id="findings-split"):
            yield RowList(self._draw, empty="nothing was found", id="findings-list")
            yield Sheet(id="finding")

    @property
    def list(self) -> RowList:
        """The list of findings."""
        return self.query_one("#findings-list", RowList)

    @property
    def sheet(self) -> Sheet:
        """The page of the finding under the cursor."""
        return self.query_one("#finding", Sheet)

    @property
    def entry(self) -> Entry | None:
        """The finding under the cursor."""
        row = self.list.current
        return row.what if row is not None else None

    @property
    def query_text(self) -> str:
        """What is filtered for."""
        return self.query_one("#filter", Input).value

    def take(self, result: Result, *, at: str = "") -> None:
        """Show the findings of a result; the place in the list stays, or goes to the finding with a key."""
        self._result = result
        self._list(at)
        # The rows live as long as the result: nothing to look through for garbage while somebody scrolls.
        self.call_after_refresh(gc.freeze)

    @property
    def place(self) -> dict[str, Any]:
        """Where the person is, for the session."""
        entry = self.entry
        return {
            "filter": self.query_text,
            "grouping": self.grouping,
            "accepted": self.accepted,
            "selected": entry.key if entry is not None else "",
            "folded": sorted(self.list.folded),
        }

    def restore(self, place: dict[str, Any]) -> None:
        """Go back to where the person was, before the result is there."""
        grouping = place.get("grouping")
        self.set_reactive(FindingsPane.grouping, grouping if grouping in GROUPINGS else GROUPINGS[0])
        self.set_reactive(FindingsPane.accepted, bool(place.get("accepted")))
        self.list.folded = {str(key) for key in place.get("folded") or ()}
        with self.query_one("#filter", Input).prevent(Input.Changed):
            self.query_one("#filter", Input).value = str(place.get("filter") or "")

    def _list(self, at: str = "") -> None:
        if self._result is None:
            return
        index = self._result.index
        found = index.matching(self.query_text, self.grouping, accepted=self.accepted)
        whole = len(index.entries)
        self.list.say_when_empty("nothing was found" if not whole else "no finding holds this")
        counted = f"{len(found)} of {whole}" if len(found) < whole else f"{whole}"
        self.query_one("#shown", Static).update(
            content((f"{counted} by ", "$faint"), (self.grouping, "bold"), (" with accepted" * self.accepted, "$faint"))
        )
        self.list.show(index.rows(found, self.grouping), at=at)

    @on(Input.Changed, "#filter")
    def _typed(self) -> None:
        self._list()

    @on(RowList.Highlighted, "#findings-list")
    def _look(self, event: RowList.Highlighted) -> None:
        row, result = event.row, self._result
        if result is None:
            return
        entry = row.what if row is not None else None
        if entry is None:
            self.sheet.show(lambda layout: _write_nothing(layout, row.label if row is not None else "", result))
        else:
            self.sheet.show(lambda layout: write_finding(layout, entry, result))

    @on(RowList.Chosen, "#findings-list")
    def _read(self) -> None:
        self.sheet.focus()

    def watch_grouping(self) -> None:
        """Group anew."""
        self._list()

    def watch_accepted(self) -> None:
        """Show more or less."""
        self._list()

    def action_filter(self) -> None:
        """Type into the filter."""
        self.query_one("#filter").focus()

    def action_group(self) -> None:
        """Go to the next grouping."""
        self.grouping = GROUPINGS[(GROUPINGS.index(self.grouping) + 1) % len(GROUPINGS)]

    def action_accepted(self) -> None:
        """Show accepted findings, or leave them out."""
        self.accepted = not self.accepted

    def _draw(self, entry: Entry, width: int) -> Content:
        finding = entry.finding
        style = severity_style(finding.severity)
        known = finding.suppressed is not None
        sign = ("✓", "$text-success") if known else (SEVERITY_SIGN[finding.severity], style)
        name = "$faint" if known else ""
        place = finding.location
        if self.grouping == "file":
            return content((f"{place.line:>5} ", "$faint"), sign, (f" {finding.rule} {finding.name}", name))
        if self.grouping == "rule":
            return content(sign, (f" {entry.place}", name))
        where = f"{place.path.rsplit('/', 1)[-1]}:{place.line}"
        left = content(sign, (f" {finding.rule} ", "$faint"), (finding.name, name))
        room = width - columns(where) - 1
        if room < width // 2:
            return left
        return left.truncate(room, ellipsis=True, pad=True) + content((f" {where}", "$faint"))


def _write_nothing(layout: Layout, label: str, result: Result) -> None:
    """Say something useful where no finding is under the cursor."""
    if label:
        layout.heading(label)
        layout.prose("Go down to a finding; left and right fold and unfold.", "$faint")
        return
    gate = result.run.gate
    layout.heading("Nothing to show" if result.index.entries else "No findings")
    if not result.index.entries:
        layout.prose(f"The gate says {gate.result}. The other tabs say what was looked at.")
    else:
        layout.prose("Escape in the filter empties it.", "$faint")
