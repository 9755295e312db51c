"""Every screen at 80 by 24 and at 120 by 36, kept as text and compared line by line.

After an intended change write them anew and read the difference before it is committed:

    REVIEWER_WRITE_SNAPSHOTS=1 python -m pytest tests/tui/test_snapshots.py
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from reviewer.tui.design.screen import DesignScreen
from reviewer.tui.market.screen import MarketScreen
from reviewer.tui.screens.catalogue import CatalogueScreen
from reviewer.tui.screens.document import DocumentScreen
from reviewer.tui.screens.sessions import SessionsScreen

SNAPSHOTS = Path(__file__).parent / "snapshots"
SIZES = [(80, 24), (120, 36)]
CHANGING = (
    (re.compile(r"\w+day, \d\d \w+ \d{4}"), "DAY"),
    (re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?"), "DATE"),
    (re.compile(r"just now|\d+ minutes? ago"), "WHEN"),
)
"""What is another text in every run; the columns behind it may shift, so only the line's words are kept."""


def steady(line: str) -> str:
    """Return a line without what changes from run to run."""
    for pattern, word in CHANGING:
        if pattern.search(line):
            line = " ".join(pattern.sub(word, line).split())
    return line


async def compare(name, size, hand):
    path = SNAPSHOTS / f"{name}-{size[0]}x{size[1]}.txt"
    text = await hand.settled()
    lines = [steady(line) for line in text.rstrip("\n").split("\n")]
    assert len(lines) <= size[1]
    assert all(len(line) <= size[0] for line in lines)
    shown = "\n".join(lines) + "\n"
    if os.environ.get("REVIEWER_WRITE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, "utf-8")
    assert shown == path.read_text("utf-8")


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x36"])
async def test_home_prompt_help_and_palette_are_as_they_were_kept(opened, size, monkeypatch):
    few = tuple(command for command in _commands() if command.name in ("review", "explain", "checklist"))
    for place in ("reviewer.tui.prompt.completion.ALL", "reviewer.tui.screens.home.ALL", "reviewer.tui.screens.help.ALL",
                  "reviewer.tui.screens.palette.ALL"):  # fmt: skip
        monkeypatch.setattr(place, few)
    async with opened(size=size) as hand:
        await hand.ready()
        await compare("home", size, hand)
        await hand.write("/ex")
        await compare("completion", size, hand)
        await hand.press("escape", "f1")
        await compare("help", size, hand)
        await hand.press("escape", "ctrl+p")
        await hand.write("expl")
        await hand.until(lambda: "show the page of a rule" in hand.text)
        await hand.pilot.pause(0.3)
        await compare("palette", size, hand)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x36"])
async def test_the_review_and_its_dialogs_are_as_they_were_kept(opened, asked, size):
    async with opened(size=size) as hand:
        screen = await hand.review(asked)
        await compare("review-findings", size, hand)
        await hand.press("f")
        await hand.write("timer")
        await compare("review-filter", size, hand)
        await hand.press("escape", "escape")
        for number, name in enumerate(("checklist", "permissions", "coverage", "summary"), start=2):
            await hand.press(str(number))
            await hand.until(lambda name=name: screen.query_one("#tabs").active == name)
            await hand.pilot.pause()
            await compare(f"review-{name}", size, hand)
        await hand.press("2", "down", "a")
        await compare("answer", size, hand)
        await hand.press("escape", "1", "a")
        await compare("accept", size, hand)
        await hand.press("escape", "ctrl+e")
        await compare("export", size, hand)
        await hand.press("escape", "ctrl+o")
        await compare("jump", size, hand)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x36"])
async def test_catalogue_document_and_sessions_are_as_they_were_kept(opened, asked, size, monkeypatch):
    monkeypatch.setattr("reviewer.tui.doing._here", lambda: "/home/ada/harbour")
    async with opened(size=size) as hand:
        await hand.review(asked)
        await hand.press("escape")
        await hand.run("/rules FUN001 FUN004 LIF003")
        await hand.until(lambda: isinstance(hand.app.screen, CatalogueScreen))
        await compare("rules", size, hand)
        await hand.press("escape")
        await hand.run("/checklist --expert api --kind registry")
        await hand.until(lambda: isinstance(hand.app.screen, DocumentScreen))
        hand.app.clear_notifications()
        await hand.until(lambda: not hand.app.screen.query("Toast"))
        await hand.pilot.pause(0.2)
        await compare("document", size, hand)
        await hand.press("escape")
        await hand.run("/sessions")
        await hand.until(lambda: isinstance(hand.app.screen, SessionsScreen))
        await compare("sessions", size, hand)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x36"])
async def test_the_design_and_its_questions_are_as_they_were_kept(opened, place, size):
    (place / "plugin-design.yaml").write_text(
        "host:\n  id: com.example.tides\n  name: Tides\ninputs:\n  authors: public\n  reviewed: none\n"
        "decisions:\n  boundary:\n    choose: B0\n    reason: it is the fastest\n"
    )
    async with opened(size=size) as hand:
        await hand.run("/design-plugin")
        await hand.until(lambda: isinstance(hand.app.screen, DesignScreen))
        screen = hand.app.screen
        await hand.until(lambda: screen.designing is not None)
        await hand.pilot.pause()
        assert screen.list_of("interview").go_to("authors")
        await hand.pilot.pause()
        await compare("design-interview", size, hand)
        await hand.press("enter")
        await compare("design-choosing", size, hand)
        await hand.press("escape", "3")
        await hand.until(lambda: screen.list_of("contradictions").has_focus)
        await compare("design-contradictions", size, hand)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x36"])
async def test_the_market_is_as_it_was_kept(opened, store, size):
    async with opened(size=size) as hand:
        await hand.run(f"/batch --store {store.name}")
        await hand.until(lambda: isinstance(hand.app.screen, MarketScreen))
        screen = hand.app.screen
        for name, keys, sign in (
            ("severity", (), "Enter shows the findings"),
            ("finding", ("2", "down", "enter"), "How to mend it"),
            ("subjects", ("3", "enter"), "Enter shows the findings."),
            ("whole", ("5",), "characters that look the same"),
        ):
            for key in keys:
                await hand.until(lambda: screen.rows.rows)
                await hand.press(key)
            await hand.until(lambda sign=sign: sign in screen.sheet.text)
            await hand.pilot.pause()
            await compare(f"market-{name}", size, hand)


def _commands():
    from reviewer.tui.prompt.own import ALL

    return ALL
