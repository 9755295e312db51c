"""Where one arrives: the prompt, what was done before, and who is there to ask."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from reviewer import __version__
from reviewer.report.width import columns
from reviewer.tui.look import ago
from reviewer.tui.prompt.own import ALL
from reviewer.tui.prompt.widget import Prompt
from reviewer.tui.screens.base import DeskScreen
from reviewer.tui.sink import content
from reviewer.tui.widgets.key_bar import KeyBar
from reviewer.tui.widgets.row_list import Row, RowList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.content import Content

    from reviewer.commands.command import Command
    from reviewer.library.contents import Agent
    from reviewer.session.records import Session

_RECENT: Final = 30


class HomeScreen(DeskScreen):
    """The first screen."""

    CSS_PATH = "home.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "settle", "Prompt", show=False, id="home.settle", tooltip="Back to the prompt"),
        Binding("ctrl+r", "app.sessions", "Sessions", id="home.sessions", tooltip="Everything that was done before"),
    ]
    HELP_TITLE = "Home"
    HELP_TEXT = (
        "Type a slash and a command, or a question in plain words: then the experts that would answer, what they know, "
        "and the command that would act are shown. Tab completes, the arrows go through choices and history, and tab "
        "on an empty line goes to the lists below."
    )

    def compose(self) -> ComposeResult:
        """Lay out name, prompt and the two lists."""
        yield Static(
            content(
                ("▌ ", "$text-accent"),
                ("reviewer", "bold"),
                (f" {__version__}", "$faint"),
                ("   designs and reviews plugin systems, and never runs them", "$faint"),
            ),
            id="name",
        )
        yield Prompt(self.desk.store.history(), id="home-prompt")
        with Horizontal(id="home-split"):
            with Vertical(id="recent-box"):
                yield Static(
                    content(("Before", "bold $text-primary"), ("   ● is still open", "$faint")), classes="box-title"
                )
                yield RowList(_draw_session, empty="nothing yet: try /review-plugin .", quiet=True, id="recent")
            with Vertical(id="know-box"):
                yield Static(content(("Whom you can ask", "bold $text-primary")), classes="box-title")
                yield RowList(_draw_expert, empty="reading the library …", quiet=True, id="experts")
                yield Static(content(("What you can type", "bold $text-primary")), classes="box-title", id="type-title")
                yield RowList(_draw_command, quiet=True, id="commands")
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin at the prompt."""
        self.prompt.input.focus()
        self.query_one("#commands", RowList).show([Row(command.slash, command) for command in ALL])

    def on_screen_resume(self) -> None:
        """Show what was done meanwhile."""
        self.refresh_recent()
        self.prompt.learn(self.desk.known, self.desk.store.history())

    @property
    def prompt(self) -> Prompt:
        """The prompt."""
        return self.query_one(Prompt)

    def refresh_recent(self) -> None:
        """Show the sessions of the store."""
        sessions = self.desk.store.recent(_RECENT)
        self.query_one("#recent", RowList).show([Row(str(session.id), session) for session in sessions])

    def take_experts(self, agents: Sequence[Agent]) -> None:
        """Show the experts once the library is there."""
        self.query_one("#experts", RowList).show([Row(agent.expert, agent) for agent in agents])
        self.prompt.known = self.desk.known

    @on(Prompt.Entered)
    def _entered(self, event: Prompt.Entered) -> None:
        self.desk.run_line(event.line)
        self.prompt.learn(self.desk.known, self.desk.store.history())

    @on(RowList.Chosen, "#recent")
    def _again(self, event: RowList.Chosen) -> None:
        session = event.row.what if event.row is not None else None
        if session is not None:
            self.desk.resume(session)

    @on(RowList.Chosen, "#commands")
    def _type(self, event: RowList.Chosen) -> None:
        command = event.row.what if event.row is not None else None
        if command is not None:
            self.desk.begin_line(command)

    @on(RowList.Chosen, "#experts")
    def _ask(self, event: RowList.Chosen) -> None:
        agent = event.row.what if event.row is not None else None
        if agent is not None:
            self.desk.show_expert(agent.expert)

    def action_settle(self) -> None:
        """Close the choices, else go to the prompt."""
        if not self.prompt.dismiss_choices():
            self.prompt.input.focus()

    def prompt_with(self, text: str) -> None:
        """Type into the prompt that is here already."""
        self.prompt.begin(text)

    def action_back(self) -> None:
        """There is nothing to go back to."""
        self.action_settle()


def _draw_session(session: Session, width: int) -> Content:
    when = ago(time.time() - session.touched)
    sign = ("· ", "$faint") if session.closed else ("● ", "$text-accent")
    room = width - columns(when) - 1
    left = content(sign, session.title, (f"  {session.line}", "$faint"))
    return left.truncate(max(room, 1), ellipsis=True, pad=True) + content((f" {when}", "$faint"))


def _draw_expert(agent: Agent, _width: int) -> Content:
    return content((f"{agent.expert:<14} ", "$text-primary"), (_short(agent.mission), "$faint"))


def _short(mission: str) -> str:
    """Return what an expert sees to; that he does is said by where it stands."""
    return mission.removeprefix("Sees to it that ").removesuffix(".")


def _draw_command(command: Command, _width: int) -> Content:
    return content((f"/{command.slash:<18} ", "$text-primary"), (command.summary, "$faint"))
