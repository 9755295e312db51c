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
from reviewer.tui.design.choosing import ChoosingScreen, Wanted
from reviewer.tui.design.messages import DesignRead, DocumentMade
from reviewer.tui.design.rows import choice_rows, draw_choice, draw_question, draw_verdict, question_rows, verdict_rows
from reviewer.tui.review.changes import Changes
from reviewer.tui.screens.base import DeskScreen
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
    from reviewer.tui.widgets.row_list import Row

TABS: Final = ("interview", "decisions", "contradictions", "document", "diagrams")
_LISTS: Final = TABS[:3]


class DesignScreen(DeskScreen):
    """One design."""

    CSS_PATH = "design.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"tab('{name}')", name.title(), show=False, id=f"design.{name}",
                    tooltip=f"Show the tab {name}")
            for number, name in enumerate(TABS, start=1)
        ),
        Binding("n", "next", "Next open", id="design.next", tooltip="Go to the next question that nobody has answered"),
        Binding("backspace", "take_back", "Take back", id="design.take-back", tooltip="Take the answer back"),
        Binding("w", "try", "What if", id="design.try", tooltip="Try answers without saving them, or stop trying"),
        Binding("k", "keep", "Keep", id="design.keep", tooltip="Save what was tried"),
        Binding("u", "undo", "Undo", id="design.undo", tooltip="Take the last saved change back"),
        Binding("ctrl+e", "app.export", "Export", id="design.export", tooltip="Write the document to a file"),
    ]  # fmt: skip
    HELP_TITLE = "A design"
    HELP_TEXT = (
        "Enter answers the question under the cursor; what follows from it stands beside it at once, and what "
        "contradicts itself in its own tab with ways out. Every answer is saved in the design file as it is given. "
        "After w answers are only tried: the head counts the differences, k keeps them, w drops them."
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
            for name, draw in zip(_LISTS, drawing, strict=True):
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
        self._show(str(self.session.state.get("selected") or ""))
        self._list("interview").focus()

    def _list(self, name: str) -> RowList:
        return self.query_one(f"#{name}-list", RowList)

    def _show(self, at: str = "") -> None:
        """Show what there is now."""
        designing = self.designing
        if designing is None:
            return
        self._list("interview").show(question_rows(designing), at=at)
        self._list("decisions").show(choice_rows(designing.decided))
        self._list("contradictions").show(verdict_rows(designing.decided))
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
        if designing is None or name not in _LISTS:
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
        row = self._list("interview").current
        place = {"selected": row.key if row is not None else ""}
        self._saved(lambda: self.desk.store.place(self.session.id, place))

    def _saved(self, step: Callable[[], object]) -> None:
        try:
            step()
        except StoreError as error:
            self.desk.say(str(error), "error")

    # Answering

    @on(RowList.Chosen)
    def _choose(self, event: RowList.Chosen) -> None:
        name = (event.rows.id or "").removesuffix("-list")
        if event.row is not None and self.designing is not None and name in _LISTS:
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
        self._show()

    def action_take_back(self) -> None:
        """Take an answer or a decision back."""
        name = self.query_one(TabbedContent).active
        row = self._list(name).current if name in TABS[:2] else None
        if row is not None and row.what is not None:
            self._answer(name, row, "")

    def action_next(self) -> None:
        """Go to the next question that nobody has answered."""
        designing, rows = self.designing, self._list("interview")
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
        self._show()

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
        self._show()

    # The document

    def action_tab(self, name: str) -> None:
        """Show a tab, and go into it."""
        self.query_one(TabbedContent).active = name
        inside = f"#{name}-list" if name in _LISTS else f"#{name}-page"
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
        if name in _LISTS and focused is not None and (focused.id or "").endswith("-page"):
            self._list(name).focus()
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
