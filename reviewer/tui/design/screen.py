"""A design: the interview as a form, decisions, contradictions, document, diagrams."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static, TabbedContent, TabPane

from reviewer.core.errors import ReviewerError
from reviewer.session.store import StoreError
from reviewer.tui.design.answering import LISTS, Answering
from reviewer.tui.design.messages import DesignRead, DocumentMade
from reviewer.tui.design.rows import choice_rows, draw_choice, draw_question, draw_verdict, question_rows, verdict_rows
from reviewer.tui.sink import Piece, content
from reviewer.tui.widgets.key_bar import KeyBar
from reviewer.tui.widgets.row_list import RowList
from reviewer.tui.widgets.sheet import Sheet
from reviewer.tui.widgets.writing import write_markdown

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.content import Content

    from reviewer.session.records import Session
    from reviewer.tui.design.designing import Designing

TABS: Final = (*LISTS, "document", "diagrams")


class DesignScreen(Answering):
    """One design."""

    CSS_PATH = "design.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"tab('{name}')", name.title(), show=False, id=f"design.{name}",
                    tooltip=f"Show the tab {name}")
            for number, name in enumerate(TABS, start=1)
        ),
        Binding("ctrl+e", "app.export", "Export", id="design.export", tooltip="Write the document to a file"),
    ]  # fmt: skip
    HELP_TITLE = "A design"
    HELP_TEXT = (
        "Enter answers the question under the cursor; what follows from it stands beside it at once, and what "
        "contradicts itself in its own tab with ways out. Every answer is saved in the design file as it is given. "
        "After w answers are only tried: the head counts the differences, ctrl+s keeps them, w drops them. ctrl+g "
        "shows what generating would write, as a diff, before it writes anything."
    )

    def __init__(self, session: Session, spec: str) -> None:
        """Take the session, and the design file as it was named."""
        super().__init__()
        self.session = session
        self._spec = spec
        self.designing: Designing | None = None

    def compose(self) -> ComposeResult:
        """Lay out head and tabs."""
        yield Static(content(("reading the rules of design …", "$faint")), id="design-head")
        with TabbedContent(id="tabs"):
            drawing: tuple[Callable[[Any, int], Content], ...] = (self._draw_question, draw_choice, draw_verdict)
            for name, draw in zip(LISTS, drawing, strict=True):
                with TabPane(name.title(), id=name), Horizontal(classes="design-split"):
                    yield RowList(draw, empty="nothing here contradicts itself", id=f"{name}-list")
                    yield Sheet(id=f"{name}-page")
            for name in TABS[3:]:
                with TabPane(name.title(), id=name):
                    yield Sheet(id=f"{name}-page")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the rules, which takes a moment, off the loop."""
        self._read()

    @work(thread=True, group="design")
    def _read(self) -> None:
        from reviewer.tui.design.designing import Designing

        try:
            designing = Designing(self._spec, time.strftime("%Y-%m-%d"))
        except ReviewerError as error:
            self.post_message(DesignRead(None, str(error)))
        else:
            self.post_message(DesignRead(designing, ""))

    @on(DesignRead)
    def _was_read(self, message: DesignRead) -> None:
        if message.designing is None:
            self.desk.say(message.problem, "error")
            self.app.pop_screen()
            return
        self.designing = message.designing
        self.show_design(str(self.session.state.get("selected") or ""))
        self.list_of("interview").focus()

    def list_of(self, tab: str) -> RowList:
        """Return the list of a tab."""
        return self.query_one(f"#{tab}-list", RowList)

    def show_design(self, at: str = "") -> None:
        """Show what there is now."""
        designing = self.designing
        if designing is None:
            return
        self.list_of("interview").show(question_rows(designing), at=at)
        self.list_of("decisions").show(choice_rows(designing.decided))
        self.list_of("contradictions").show(verdict_rows(designing.decided))
        self._write_head(designing)
        if self.query_one(TabbedContent).active in TABS[3:]:
            self._make_document()

    def _write_head(self, designing: Designing) -> None:
        decided = designing.decided
        given = sum(answer.given for answer in decided.answers.values())
        pieces: list[Piece] = [
            ("▌ ", "$text-accent"),
            (designing.design.host.name, "bold"),
            (f"  {designing.path}", "$faint"),
            (f"   {given} of {len(decided.answers)} answered", "$text-primary"),
        ]
        if decided.contradictions:
            pieces.append((f"   ✗ {len(decided.contradictions)} contradicting", "bold $text-error"))
        else:
            pieces.append(("   ✓ holds together", "$text-success"))
        if decided.warnings:
            pieces.append((f"   ! {len(decided.warnings)} risks", "$text-warning"))
        if designing.trying:
            pieces.append((f"   what if: {len(designing.differences())} differences", "bold $text-accent"))
        self.query_one("#design-head", Static).update(content(*pieces))
        bad = len(decided.contradictions) + len(decided.warnings)
        tab = self.query_one(TabbedContent).get_tab("contradictions")
        tab.label = content("Contradictions", (f" {bad}", "bold $text-error") if bad else "")

    def _draw_question(self, asked: Any, width: int) -> Content:
        return draw_question(asked, width, self.designing)

    @on(RowList.Highlighted)
    def _look(self, event: RowList.Highlighted) -> None:
        from reviewer.tui.design.pages import write_changes, write_choice, write_question, write_verdict

        designing, row = self.designing, event.row
        name = (event.rows.id or "").removesuffix("-list")
        if designing is None or name not in LISTS:
            return
        page = self.query_one(f"#{name}-page", Sheet)
        what = row.what if row is not None else None
        if what is None:
            changes = designing.differences() if designing.trying else ()
            label = row.label if row is not None else "Nothing here contradicts itself."
            page.show(partial(write_changes, changes=changes) if changes else lambda layout: layout.line(label))
        elif name == "interview":
            page.show(partial(write_question, asked=what, designing=designing))
        elif name == "decisions":
            page.show(partial(write_choice, choice=what))
        else:
            page.show(partial(write_verdict, verdict=what))
        self._keep_place()

    def _keep_place(self) -> None:
        row = self.list_of("interview").current
        place = {"selected": row.key if row is not None else ""}
        self._saved(lambda: self.desk.store.place(self.session.id, place))

    def _saved(self, step: Callable[[], object]) -> None:
        try:
            step()
        except StoreError as error:
            self.desk.say(str(error), "error")

    # The document

    def action_tab(self, name: str) -> None:
        """Show a tab, and go into it."""
        self.set_focus(None)  # what has the focus is about to be hidden, and Textual would choose something else
        self.query_one(TabbedContent).active = name
        inside = f"#{name}-list" if name in LISTS else f"#{name}-page"
        self.call_after_refresh(self.query_one(inside).focus)

    @on(TabbedContent.TabActivated)
    def _turned(self, event: TabbedContent.TabActivated) -> None:
        if event.pane.id in TABS[3:]:
            self._make_document()

    @work(thread=True, group="document", exclusive=True)
    def _make_document(self) -> None:
        """Write the document off the loop: templates take their time."""
        designing = self.designing
        if designing is not None:
            from reviewer.design.documents.render import DESIGN, documents

            self.post_message(DocumentMade(documents(designing.decided)[DESIGN]))

    @on(DocumentMade)
    def _made(self, message: DocumentMade) -> None:
        from reviewer.tui.design.pages import write_diagrams

        if self.designing is None:
            return
        decided = self.designing.decided
        self.query_one("#document-page", Sheet).show(lambda layout: write_markdown(layout, message.text), top=False)
        self.query_one("#diagrams-page", Sheet).show(partial(write_diagrams, decided=decided), top=False)

    def action_back(self) -> None:
        """Leave a page for its list, or leave the design."""
        name = self.query_one(TabbedContent).active
        focused = self.focused
        if name in LISTS and focused is not None and (focused.id or "").endswith("-page"):
            self.list_of(name).focus()
            return
        self._saved(lambda: self.desk.store.end(self.session.id))
        super().action_back()

    @property
    def exportable(self) -> tuple[str, ...]:
        """The document, for people and for browsers."""
        return ("markdown", "html") if self.designing is not None else ()

    def exported(self, form: str) -> str:
        """Return the document."""
        from reviewer.design.documents.render import DESIGN, PAGE, documents

        if self.designing is None:
            return ""
        return documents(self.designing.decided)[PAGE if form == "html" else DESIGN]

    @property
    def export_name(self) -> str:
        """The usual name of a design document."""
        return "design"
