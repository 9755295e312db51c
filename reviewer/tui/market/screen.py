"""A market on the screen: numbers by severity, rule, ecosystem and score, and what is behind each of them."""

from __future__ import annotations

from functools import cache, partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from reviewer.core.scale import Severity
from reviewer.market.facets import SEVERITY
from reviewer.tui.look import SEVERITY_SIGN, severity_style
from reviewer.tui.market import reading
from reviewer.tui.market.drawing import draw
from reviewer.tui.market.levels import VIEWS, WHOLE, Line, below, first, key_of
from reviewer.tui.market.messages import Counted, PageRead, Unreadable
from reviewer.tui.market.pages import write
from reviewer.tui.screens.base import DeskScreen
from reviewer.tui.sink import Piece, content
from reviewer.tui.widgets.key_bar import KeyBar
from reviewer.tui.widgets.row_list import Row, RowList
from reviewer.tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.content import Content

    from reviewer.core.rule import Rule
    from reviewer.market.facets import Overview
    from reviewer.market.records import Run
    from reviewer.tui.market.levels import Level, What

_NEAR_THE_END: Final = 40
"""Rows before the last at which the next ones are read."""


class MarketScreen(DeskScreen):
    """One run of a store."""

    CSS_PATH = "market.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"view('{name}')", name.title(), show=False, id=f"market.{name}",
                    tooltip=f"Look through the market by {name}")
            for number, name in enumerate(VIEWS, start=1)
        ),
        Binding("b", "next_view", "By", id="market.by", tooltip="By severity, rule, ecosystem, score, or as a whole"),
        Binding("enter", "open", "Open", id="market.open", tooltip="What is behind the row"),
        Binding("left_square_bracket", "run(-1)", "Earlier run", id="market.earlier", tooltip="The run before"),
        Binding("right_square_bracket", "run(1)", "Later run", show=False, id="market.later", tooltip="The run after"),
    ]  # fmt: skip
    HELP_TITLE = "A market"
    HELP_TEXT = (
        "The digits, or b, change by what the market is looked through; 5 is what only the whole shows. Enter goes "
        "from a number to what is behind it, and escape back. Square brackets lead to the other runs of the store."
    )

    def __init__(self, store: Path, run: int = 0) -> None:
        """Take the store, and the run to begin with; 0 for the last one."""
        super().__init__()
        self.store = store
        self._wanted = run
        self._run: Run | None = None
        self._runs: tuple[int, ...] = ()
        self._numbers: Overview | None = None
        self.way: list[tuple[Level, list[What], str]] = [(first(SEVERITY), [], "")]
        """The levels from the numbers down to here, each with the rows that were read and the place in it."""
        self._reading = False

    def compose(self) -> ComposeResult:
        """Lay out head, way, list and page."""
        yield Static("", id="market-head")
        yield Static("", id="market-way")
        with Horizontal(id="market-split"):
            yield RowList(self._draw, empty="counting …", id="market-list")
            yield Sheet(id="market-page")
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin to count."""
        self._page_of = cache(self._look_up)
        self.rows.focus()
        self._count()
        self._write_head()

    @property
    def rows(self) -> RowList:
        """The list of the level that is shown."""
        return self.query_one("#market-list", RowList)

    @property
    def sheet(self) -> Sheet:
        """The page beside it."""
        return self.query_one("#market-page", Sheet)

    @property
    def level(self) -> Level:
        """What is shown."""
        return self.way[-1][0]

    # Reading

    @work(thread=True, group="market")
    def _count(self) -> None:
        reading.count(self.store, self._wanted, self.post_message)

    @on(Counted)
    def _counted(self, message: Counted) -> None:
        self._run, self._runs, self._numbers = message.run, message.runs, message.numbers
        self._write_head()
        self._enter(first(self.level.view))

    @on(Unreadable)
    def _unreadable(self, message: Unreadable) -> None:
        self.desk.say(message.message, "error")
        if self._numbers is None:
            self.app.pop_screen()
        self._reading = False

    def _enter(self, level: Level) -> None:
        """Show a list of numbers, from its beginning."""
        self.way = [(level, [], "")]
        self._show([])
        self._read_on()

    def _read_on(self) -> None:
        """Read the next rows of the level, unless that is under way."""
        if self._reading or self._run is None or self._numbers is None:
            return
        self._reading = True
        level, rows, _at = self.way[-1]
        self.rows.say_when_empty("gathering the whole …" if level.view == WHOLE else "reading …")
        self._read_page(self._run.id, level, self._numbers, tuple(rows))

    @work(thread=True, group="market")
    def _read_page(self, run: int, level: Level, numbers: Overview, there: tuple[What, ...]) -> None:
        reading.page(self.store, run, level, numbers, there, self.post_message)

    @on(PageRead)
    def _page_read(self, message: PageRead) -> None:
        self._reading = False
        level, rows, at = self.way[-1]
        if message.level != level or message.after != len(rows):
            if not rows:
                self._read_on()  # a person went elsewhere meanwhile
            return
        rows += message.rows
        self.rows.say_when_empty("nothing is here")
        self._show(rows, at=at if not message.after else "")

    def _show(self, rows: list[What], *, at: str = "") -> None:
        listed: list[Row[What]] = []
        for table, group in groupby(rows, key=lambda one: one.section if isinstance(one, Line) else None):
            if table is not None:
                listed.append(Row(f"heading {table.key}", None, table.title, table.total))
            listed += [Row(key_of(one), one) for one in group]
        self.rows.show(listed, at=at)
        self._write_way()

    # What is shown

    def _draw(self, what: What, width: int) -> Content:
        return draw(what, width, self.level.view)

    def _write_head(self) -> None:
        pieces: list[Piece] = [("▌ ", "$text-accent"), (self.store.name, "bold")]
        run, numbers = self._run, self._numbers
        if run is not None and numbers is not None:
            of = f" of {len(self._runs)}" if len(self._runs) > 1 else ""
            pieces.append((f"  run {run.id}{of}, {numbers.entries:,} entries", "$faint"))
            if not run.finished:
                pieces.append(("  not finished", "$text-warning"))
            for one in numbers.facets[SEVERITY]:
                if one.findings:
                    severity = Severity(one.key)
                    sign = f"   {SEVERITY_SIGN[severity]} {one.findings:,} {one.key}"
                    pieces.append((sign, severity_style(severity)))
        self.query_one("#market-head", Static).update(content(*pieces))

    def _write_way(self) -> None:
        level, rows, _at = self.way[-1]
        pieces: list[Piece] = [("by ", "$faint"), (self.way[0][0].view, "bold")]
        for step, _rows, _place in self.way[1:]:
            pieces += [(" / ", "$faint"), (step.title, "bold")]
        if level.total > len(rows) > 0:
            pieces.append((f"  {len(rows):,} read, more as you go down", "$faint"))
        self.query_one("#market-way", Static).update(content(*pieces))

    def _look_up(self, rule_id: str) -> Rule | None:
        library = self.desk.library
        rule = library.rules.get(rule_id) if library is not None else None
        return library.page(rule) if library is not None and rule is not None else None

    @on(RowList.Highlighted)
    def _look(self, event: RowList.Highlighted) -> None:
        row = event.row
        level, rows, _at = self.way[-1]
        if row is None:
            self.sheet.show(lambda _layout: None)
            return
        if row.what is None:
            self.sheet.show(lambda layout: layout.line((row.label, "bold")))
        else:
            self.sheet.show(partial(write, what=row.what, view=level.view, page=self._page_of))
        if level.has_pages and len(rows) < level.total and self.rows.cursor >= len(rows) - _NEAR_THE_END:
            self._read_on()

    # Keys

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        if event.row is not None and event.row.what is not None:
            self._open(event.row.what)

    def action_open(self) -> None:
        """Go from the page back to the list; the list itself opens its rows."""
        self.rows.focus()

    def _open(self, what: What) -> None:
        deeper = below(self.level, what)
        if deeper is None or not deeper.total:
            self.sheet.focus()
            return
        level, rows, _at = self.way[-1]
        self.way[-1] = (level, rows, key_of(what))
        self.way.append((deeper, [], ""))
        self._show([])
        self._read_on()

    def action_back(self) -> None:
        """Leave the page for the list, the list for the one above, and the last one for where one came from."""
        if self.sheet.has_focus:
            self.rows.focus()
        elif len(self.way) > 1:
            self.way.pop()
            _level, rows, at = self.way[-1]
            self._show(rows, at=at)
        else:
            super().action_back()

    def action_view(self, view: str) -> None:
        """Look through the market by something else."""
        self.rows.focus()
        self._enter(first(view))

    def action_next_view(self) -> None:
        """Look through the market by the next thing."""
        at = VIEWS.index(self.way[0][0].view)
        self.action_view(VIEWS[(at + 1) % len(VIEWS)])

    def action_run(self, by: int) -> None:
        """Go to the run before or after."""
        if self._run is None:
            return
        at = self._runs.index(self._run.id) + by
        if not 0 <= at < len(self._runs):
            self.desk.say("There is no further run in this store.", "warning")
            return
        self._wanted = self._runs[at]
        self._count()

    def check_action(self, action: str, parameters: tuple[Any, ...]) -> bool | None:
        """Offer other runs only where there are some."""
        return len(self._runs) > 1 if action == "run" else super().check_action(action, parameters)
