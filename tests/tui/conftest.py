"""Runs the real application without a terminal, with a store and a cache of its own, and looks at what it shows."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from market_rows import finding, subject, write_run

from reviewer.tui.app import ReviewerApp
from reviewer.tui.review.screen import ReviewScreen
from reviewer.tui.screens.catalogue import CatalogueScreen

if TYPE_CHECKING:
    from textual.pilot import Pilot

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40.0
"""Seconds after which something counts as never happening."""
STILL = 0.04
"""Seconds between two looks at the screen."""
LOOKS = 4
"""Looks in a row that show the same where nothing comes any more."""
KEYS = {"/": "slash", " ": "space", ".": "full_stop", "-": "minus", ",": "comma", "_": "underscore"}

MANIFEST = """\
{
  "id": "org.harbour.gauge",
  "name": "Gauge",
  "version": "v1.4.0",
  "main": "src/gauge.js",
  "dependencies": { "org.harbour.tides": "^2.0.0" },
  "permissions": { "storage": { "read": true } }
}
"""
CODE = """\
const { exec } = require("node:child_process");

exports.activate = (context) => {
  setInterval(() => context.log("tick"), 1000);
  context.commands.register("gauge.open", (name) => exec(`open ${name}`));
};

exports.deactivate = () => {};
"""
SELECT = "FUN004,LIF003,SEC041,SEC046"
"""Rules that find something in the gauge; a fixed choice, so that new rules change no picture."""


class Hand:
    """A person at the keyboard."""

    def __init__(self, app: ReviewerApp, pilot: Pilot[Any]) -> None:
        """Take the running application."""
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def write(self, text: str, *, enter: bool = False) -> None:
        """Type a text, and send it if asked."""
        await self.press(*(KEYS.get(letter, letter) for letter in text), *(["enter"] if enter else []))

    async def until(self, condition: Callable[[], Any], what: str = "it never happened") -> None:
        """Wait until something is so."""
        for _ in range(int(PATIENCE / 0.02)):
            if condition():
                await self.pilot.pause()
                return
            await asyncio.sleep(0.02)
        pytest.fail(f"{what}\n{self.text}")

    async def ready(self) -> None:
        """Wait until the library is there."""
        await self.until(lambda: self.app.library is not None, "the library was never read")

    async def run(self, line: str) -> None:
        """Send a line at the prompt of home."""
        await self.ready()
        self.app.home.prompt.begin(line)
        self.app.home.prompt.dismiss_choices()
        await self.pilot.pause()
        await self.press("enter")
        if self.app.home.prompt.input.value:  # the first enter completed the command
            await self.press("enter")

    async def review(self, line: str) -> ReviewScreen:
        """Send a line that reviews, and wait for the result."""
        await self.run(line)
        return await self.reviewed()

    async def reviewed(self) -> ReviewScreen:
        """Wait until the review on the screen has a result and none is running."""
        await self.until(lambda: isinstance(self.app.screen, ReviewScreen), "no review was opened")
        screen = self.app.screen
        assert isinstance(screen, ReviewScreen)
        await self.until(lambda: screen.is_idle, "the review never ended")
        assert screen.result is not None, self.said
        return screen

    async def catalogue(self, line: str) -> CatalogueScreen:
        """Send a line that opens a catalogue."""
        await self.run(line)
        await self.until(lambda: isinstance(self.app.screen, CatalogueScreen), "no catalogue was opened")
        screen = self.app.screen
        assert isinstance(screen, CatalogueScreen)
        await self.pilot.pause()
        return screen

    @property
    def text(self) -> str:
        """What the screen shows, every layer of it."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips) + "\n"

    async def settled(self) -> str:
        """Wait until what the screen shows stays the same, and return it: a tab's line and a scroll bar come late."""
        await self.pilot.wait_for_scheduled_animations()
        same, shown = 0, self.text
        for _ in range(int(PATIENCE / STILL)):
            await self.pilot.pause(STILL)
            same, shown = (same + 1 if self.text == shown else 0), self.text
            if same == LOOKS:
                break
        return shown

    @property
    def said(self) -> list[str]:
        """What the application told by now."""
        return [notice.message for notice in self.app._notifications]


SHELL = finding("SEC041", "the shell runs what 'name' holds", name="shell-command-from-input", severity="critical")
TIMER = finding("LIF003", "a timer is never cleared", name="timer-left-running", expert="lifecycle", severity="medium", line=8, end_line=8)  # fmt: skip
"""What is found in the market of these tests."""


Opened: TypeAlias = Callable[..., AbstractAsyncContextManager[Hand]]


@pytest.fixture(scope="session")
def cache_of_reviews(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache that all tests of a process share."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache_of_reviews: Path) -> Path:
    """Return the folder that a test works in; it is the current one."""
    folder = tmp_path / "place"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("REVIEWER_CACHE_DIR", str(cache_of_reviews))
    monkeypatch.setenv("REVIEWER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("reviewer.__version__", "0.0.0")
    monkeypatch.setattr("reviewer.tui.screens.home.__version__", "0.0.0")
    monkeypatch.setattr("reviewer.tui.review.changes.getpass.getuser", lambda: "ada")
    return folder


@pytest.fixture
def data(place: Path) -> Path:
    """Return the folder of the store."""
    return place.parent / "data"


@pytest.fixture
def gauge(place: Path) -> Path:
    """Return a small plugin with four known flaws."""
    folder = place / "gauge"
    (folder / "src").mkdir(parents=True)
    (folder / "plugin.json").write_text(MANIFEST)
    (folder / "src" / "gauge.js").write_text(CODE)
    return folder


@pytest.fixture
def example(place: Path) -> Callable[[str], Path]:
    """Return the function that copies an example that ships, by its name."""

    def copy(name: str) -> Path:
        return Path(shutil.copytree(ROOT / "examples" / name, place / name))

    return copy


@pytest.fixture
def opened(data: Path) -> Opened:
    """Return the function that opens the application."""

    @asynccontextmanager
    async def _open(size: tuple[int, int] = (120, 36), line: str = "") -> AsyncIterator[Hand]:
        app = ReviewerApp(data, line)
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            yield Hand(app, pilot)
        app.store.close()

    return _open


@pytest.fixture
def asked(gauge: Path) -> str:
    """Return the line that reviews the gauge by a fixed choice of rules."""
    return f"/review-plugin {gauge.name} --select {SELECT}"


@pytest.fixture
def store(place: Path) -> Path:
    """Return the store of a market of three plugins, in its second run."""
    path = place / "market.db"
    write_run(path, [subject("gauge")], rules="rules-1")
    write_run(
        path,
        [
            subject("gauge", score=95, findings=(SHELL, TIMER), may=[("process.exec", "used")], needs=[("lamp", "")]),
            subject("gaugе", score=20, findings=(TIMER,)),  # noqa: RUF001 - looks like the one above
            subject("tides", ecosystem="vscode", complete=False),
        ],
        rules="rules-2",
    )
    return path
