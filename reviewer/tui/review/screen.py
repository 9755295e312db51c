"""The review of a subject: live while it runs, and then everything that came out."""

from __future__ import annotations

from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widgets import Static, TabbedContent, TabPane

from reviewer.report.escape.terminal import show
from reviewer.report.registry import renderer
from reviewer.report.verdict import counted, open_findings, tally
from reviewer.tui.look import GATE, INCOMPLETE, SEVERITY_SIGN, severity_style
from reviewer.tui.prompt.line import command_line, read
from reviewer.tui.review.acting import Acting
from reviewer.tui.review.checklist import ChecklistPane
from reviewer.tui.review.findings import FindingsPane
from reviewer.tui.review.messages import Failed, FilesChanged, Progressed, Reviewed
from reviewer.tui.review.pages import write_coverage, write_permissions, write_summary
from reviewer.tui.review.progress import ProgressPanel
from reviewer.tui.review.reviewing import Reviewing
from reviewer.tui.review.watching import watch
from reviewer.tui.screens.base import DeskScreen
from reviewer.tui.sink import Piece, content
from reviewer.tui.widgets.key_bar import KeyBar
from reviewer.tui.widgets.row_list import RowList
from reviewer.tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import ComposeResult
    from textual.widget import Widget

    from reviewer.session.records import Session
    from reviewer.tui.review.result import Result

TABS: Final = ("findings", "checklist", "permissions", "coverage", "summary")
_ROOMY: Final = 100
"""Columns from which on the head says what the subject is."""
_SAVE_AFTER: Final = 0.3
"""Seconds of rest after which the place is kept."""


class ReviewScreen(Acting, DeskScreen):
    """One review."""

    CSS_PATH = "review.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"tab('{name}')", name.title(), show=False, id=f"review.{name}",
                    tooltip=f"Show the tab {name}")
            for number, name in enumerate(TABS, start=1)
        ),
        Binding("r", "again", "Again", id="review.again", tooltip="Review again"),
        Binding("w", "watch", "Watch", id="review.watch", tooltip="Review again by itself whenever a file changes"),
        Binding("ctrl+e", "app.export", "Export", id="review.export", tooltip="Write the report to a file"),
    ]  # fmt: skip
    HELP_TITLE = "A review"
    HELP_TEXT = (
        "The digits lead to the tabs. On the findings: f filters as you type, b groups by severity, expert, file or "
        "rule, x applies an edit that is surely safe, a accepts a finding with a reason, u takes the last change back, "
        "e opens your editor at the line. While w watches, the review follows every change of a file."
    )

    def __init__(self, session: Session, line: str, tab: str = "findings") -> None:
        """Take the session, the line that asks for the review, and the tab to begin with."""
        super().__init__()
        self.session = session
        self._line = line
        self._typed = read(line)
        self._tab = str(session.state.get("tab") or tab)
        self._reviewing: Reviewing | None = None
        self._watching: Event | None = None
        self.result: Result | None = None
        self._saving: Any = None

    def compose(self) -> ComposeResult:
        """Lay out head, progress and tabs."""
        yield Static("", id="review-head")
        yield ProgressPanel(self.session.title, tuple(self._typed.arguments["experts"]))
        with TabbedContent(id="tabs", initial=self._tab if self._tab in TABS else TABS[0]):
            for name in TABS:
                with TabPane(name.title(), id=name):
                    yield self._pane(name)
        yield Static(content(("$ ", "$text-accent"), (self.shell_line, "$faint")), id="shell-line")
        yield KeyBar()

    def _pane(self, name: str) -> Widget:
        if name == "findings":
            return FindingsPane()
        return ChecklistPane() if name == "checklist" else Sheet(id=f"{name}-page")

    @property
    def shell_line(self) -> str:
        """The command line that does the same."""
        return command_line(self._typed.command, self._line)

    @property
    def findings(self) -> FindingsPane:
        """The first tab."""
        return self.query_one(FindingsPane)

    @property
    def checklist(self) -> ChecklistPane:
        """The second tab."""
        return self.query_one(ChecklistPane)

    def on_mount(self) -> None:
        """Begin to review."""
        library = self.desk.library
        self.query_one(ProgressPanel).rules = library.rules if library is not None else {}
        self.add_class("-waiting")
        self.findings.restore(self.session.state)
        self.start()
        if self.session.state.get("watching"):
            self.action_watch()

    def on_unmount(self) -> None:
        """Leave nothing running."""
        if self._reviewing is not None:
            self._reviewing.stop()
        if self._watching is not None:
            self._watching.set()

    # The review

    def start(self) -> None:
        """Review, or review again: a review that is still running gives way."""
        if self._reviewing is not None:
            self._reviewing.stop()
        self._reviewing = Reviewing(self._typed.arguments, self.post_message)
        self._run(self._reviewing)
        self._write_head()

    @work(thread=True, group="review")
    def _run(self, reviewing: Reviewing) -> None:
        reviewing.run()

    @on(Progressed)
    def _progressed(self, message: Progressed) -> None:
        if message.by is self._reviewing:
            self.query_one(ProgressPanel).follow(message)

    @on(Reviewed)
    def _reviewed(self, message: Reviewed) -> None:
        if message.by is not self._reviewing:
            return  # another one has begun meanwhile
        first = self.result is None
        self.result = message.result
        self._reviewing = None
        self.remove_class("-waiting")
        selected = str(self.session.state.get("selected") or "") if first else ""
        self.findings.take(message.result, at=selected)
        self.checklist.take(message.result)
        self._write_pages(message.result, top=first)
        self._write_head()
        if first:
            self._focus_tab()
        self.verify(message.result)
        if message.result.outcome.note:
            self.desk.say(message.result.outcome.note)

    @on(Failed)
    def _failed(self, message: Failed) -> None:
        if message.by is not self._reviewing:
            return
        self._reviewing = None
        self.desk.say(message.message, "error")
        if self.result is None:
            self.save(lambda: self.desk.store.end(self.session.id))
            self.app.pop_screen()
        else:
            self._write_head()

    @property
    def is_idle(self) -> bool:
        """Tell whether no review is running."""
        return self._reviewing is None

    def _write_pages(self, result: Result, *, top: bool) -> None:
        for name, write in (
            ("permissions", write_permissions),
            ("coverage", write_coverage),
            ("summary", write_summary),
        ):
            self.query_one(f"#{name}-page", Sheet).show(partial(write, result=result), top=top)
        tabs = self.query_one(TabbedContent)
        found = len(open_findings(result.reviews))
        tabs.get_tab("findings").label = content("Findings ", (str(found), "bold"))

    def _write_head(self) -> None:
        result = self.result
        pieces: list[Piece] = [("▌ ", "$text-accent"), (self.session.title, "bold")]
        if result is not None:
            subjects = result.reviews
            if len(subjects) > 1:
                pieces.append((f"  {counted(len(subjects), 'subject')}", "$faint"))
            elif self.size.width >= _ROOMY:
                one = subjects[0].subject
                pieces.append((f"  {one.kind} · {one.ecosystem}", "$faint"))
            said, style = GATE.get(result.run.gate.result, INCOMPLETE)
            pieces += [("   gate ", "$faint"), (said, f"bold {style}")]
            for severity, count in tally(open_findings(subjects)).items():
                pieces.append((f"   {SEVERITY_SIGN[severity]} {count} {severity.value}", severity_style(severity)))
        if self._reviewing is not None and result is not None:
            pieces.append(("   reviewing …", "$text-accent"))
        if self._watching is not None:
            pieces.append(("   watching", "$text-success"))
        self.query_one("#review-head", Static).update(content(*pieces))

    # Where the person is

    @on(TabbedContent.TabActivated)
    def _turned(self) -> None:
        self._keep()

    @on(RowList.Highlighted)
    def _moved(self) -> None:
        self._keep()

    def _keep(self) -> None:
        """Keep the place once there is rest."""
        if self._saving is not None:
            self._saving.stop()
        self._saving = self.set_timer(_SAVE_AFTER, self.keep_place)

    def keep_place(self) -> None:
        """Keep where the person is."""
        if self.result is None:
            return
        place = {"tab": self.query_one(TabbedContent).active, "watching": self._watching is not None}
        self.save(lambda: self.desk.store.place(self.session.id, {**self.findings.place, **place}))

    def action_tab(self, name: str) -> None:
        """Show a tab, and go into it."""
        self.set_focus(None)  # what has the focus is about to be hidden, and Textual would choose something else
        self.query_one(TabbedContent).active = name
        self.call_after_refresh(self._focus_tab)

    def _focus_tab(self) -> None:
        name = self.query_one(TabbedContent).active
        inside = {"findings": "#findings-list", "checklist": "#checklist-list"}.get(name, f"#{name}-page")
        self.query_one(inside).focus()

    # What a person does

    def action_again(self) -> None:
        """Review again."""
        self.start()

    def action_watch(self) -> None:
        """Follow every change, or no longer."""
        if self._watching is not None:
            self._watching.set()
            self._watching = None
        else:
            self._watching = Event()
            self._watch(self._watching)
        self._write_head()
        self._keep()

    @work(thread=True, group="watch")
    def _watch(self, stopped: Event) -> None:
        watch(tuple(self._typed.arguments["paths"]) or (".",), stopped, self.post_message)

    @on(FilesChanged)
    def _changed(self) -> None:
        if self._watching is not None:
            self.start()

    def action_back(self) -> None:
        """Leave a page for its list, or leave the review, which stops it."""
        focused = self.focused
        if focused is not None and focused.id in ("finding", "question"):
            self._focus_tab()
            return
        self.keep_place()
        self.save(lambda: self.desk.store.end(self.session.id))
        super().action_back()

    def places(self) -> Iterable[tuple[str, str, Callable[[], object]]]:
        """Lead to the findings."""
        for entry in self.result.index.entries if self.result is not None else ():
            finding = entry.finding
            title = f"{finding.rule} {finding.name} {entry.place}"
            yield show(title), show(finding.message), partial(self.go_to, entry.key)

    def go_to(self, key: str) -> None:
        """Go to a finding."""
        self.set_focus(None)
        self.query_one(TabbedContent).active = "findings"
        if not self.findings.list.go_to(key):
            self.desk.say("The filter hides this finding.", "warning")
        self.call_after_refresh(self._focus_tab)

    @property
    def exportable(self) -> tuple[str, ...]:
        """All formats of a report, once there is a result."""
        from reviewer.report.registry import format_names

        return format_names() if self.result is not None else ()

    def exported(self, form: str) -> str:
        """Return the report in a format."""
        if self.result is None:
            return ""
        return renderer(form)(self.result.run, self.result.options)
