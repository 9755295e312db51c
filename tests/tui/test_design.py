"""The design on the screen: asked, decided, contradicted, tried, generated."""

from __future__ import annotations

import pytest

from reviewer.tui.design.choosing import ChoosingScreen
from reviewer.tui.design.generating import GenerateScreen
from reviewer.tui.design.screen import DesignScreen

CONTRADICTING = """\
host:
  id: com.example.tides
  name: Tides
inputs:
  authors: public
  reviewed: none
decisions:
  boundary:
    choose: B0
    reason: it is the fastest
"""


async def design(hand, line: str = "/design-plugin") -> DesignScreen:
    """Open a design, and wait until its rules are read."""
    await hand.run(line)
    await hand.until(lambda: isinstance(hand.app.screen, DesignScreen), "no design was opened")
    screen = hand.app.screen
    await hand.until(lambda: screen.designing is not None, "the rules were never read")
    await hand.pilot.pause()
    return screen


async def answer(hand, screen: DesignScreen, key: str, option: str) -> None:
    """Answer a question by keys."""
    assert screen.list_of("interview").go_to(key)
    await hand.pilot.pause()
    await hand.press("enter")
    await hand.until(lambda: isinstance(hand.app.screen, ChoosingScreen))
    options = hand.app.screen.query("#options")
    if options:
        assert options.first().go_to(option)
        await hand.press("enter")
    else:
        hand.app.screen.query_one("#answer").value = option
        await hand.press("enter")
    await hand.until(lambda: hand.app.screen is screen)


async def test_an_answer_is_saved_as_it_is_given_and_what_follows_stands_beside_it(opened, place):
    async with opened() as hand:
        screen = await design(hand)
        assert "0 of" in hand.text
        await answer(hand, screen, "host.name", "Tide tables")
        await answer(hand, screen, "authors", "public")
        text = (place / "plugin-design.yaml").read_text()
        assert "Tide tables" in text
        assert "public" in text
        page = screen.query_one("#interview-page").text
        assert "What rests on it" in page
        assert "1 of" in hand.text
        await hand.press("u")
        assert "public" not in (place / "plugin-design.yaml").read_text()
        assert "0 of" in hand.text
        await hand.press("n")
        assert screen.list_of("interview").current.key != "authors"


async def test_several_options_are_marked_and_taken_back(opened, place):
    async with opened() as hand:
        screen = await design(hand)
        assert screen.list_of("interview").go_to("languages")
        await hand.press("enter")
        rows = hand.app.screen.query_one("#options")
        assert rows.go_to("python")
        await hand.press("space", "ctrl+s")
        assert "python" in (place / "plugin-design.yaml").read_text()
        await hand.press("backspace")
        assert "python" not in (place / "plugin-design.yaml").read_text()


async def test_a_contradiction_is_named_and_a_way_out_leads_out_of_it(opened, place):
    (place / "plugin-design.yaml").write_text(CONTRADICTING)
    async with opened() as hand:
        screen = await design(hand, "/open plugin-design.yaml")
        before = len(screen.designing.decided.contradictions)
        assert before > 0
        assert f"✗ {before} contradicting" in hand.text
        await hand.press("ctrl+g")
        assert any("contradicts itself is not generated" in said for said in hand.said)
        await hand.press("3")
        await hand.until(lambda: screen.list_of("contradictions").has_focus)
        await hand.press("home", "down")
        assert "Ways out" in screen.query_one("#contradictions-page").text
        await hand.press("enter")
        assert isinstance(hand.app.screen, ChoosingScreen)
        await hand.press("enter")
        await hand.until(lambda: hand.app.screen is screen)
        assert len(screen.designing.decided.contradictions) < before


async def test_a_decision_is_overruled_and_follows_the_recommendation_again(opened, place):
    async with opened() as hand:
        screen = await design(hand)
        await hand.press("2")
        rows = screen.list_of("decisions")
        await hand.until(lambda: rows.has_focus)
        assert rows.go_to("loading")
        await hand.pilot.pause()
        recommended = screen.designing.decided.chosen("loading")
        await hand.press("enter")
        options = hand.app.screen.query_one("#options")
        other = next(row.key for row in options.rows if row.key != recommended)
        assert options.go_to(other)
        await hand.press("enter")
        assert screen.designing.decided.chosen("loading") == other
        assert other in (place / "plugin-design.yaml").read_text()
        assert rows.go_to("loading")
        await hand.pilot.pause()
        await hand.press("backspace")
        assert screen.designing.decided.chosen("loading") == recommended


async def test_what_is_only_tried_is_written_when_it_is_kept_and_forgotten_when_it_is_not(opened, place):
    file = place / "plugin-design.yaml"
    async with opened() as hand:
        screen = await design(hand)
        await answer(hand, screen, "authors", "internal")
        saved = file.read_text()
        await hand.press("w")
        await answer(hand, screen, "authors", "public")
        assert file.read_text() == saved
        assert "what if:" in hand.text
        assert {change.name for change in screen.designing.differences()} >= {"authors"}
        await hand.press("w")
        assert str(screen.designing.decided.answer("authors")) == "internal"
        await hand.press("w")
        await answer(hand, screen, "authors", "public")
        await hand.press("ctrl+s")
        assert "public" in file.read_text()
        assert "what if:" not in hand.text


async def test_document_and_diagrams_follow_the_answers_and_are_exported(opened, place):
    async with opened() as hand:
        screen = await design(hand)
        await answer(hand, screen, "host.name", "Tide tables")
        await hand.press("4")
        await hand.until(lambda: "Tide tables: design" in screen.query_one("#document-page").text)
        await hand.press("5")
        await hand.until(lambda: "[Host]" in screen.query_one("#diagrams-page").text)
        hand.app.run_line("/export markdown design.md")
        await hand.until((place / "design.md").exists)
        assert "Tide tables" in (place / "design.md").read_text()


async def test_generating_shows_a_diff_first_and_keeps_what_a_person_edited(opened, place):
    async with opened() as hand:
        screen = await design(hand)
        await answer(hand, screen, "host.name", "Tide tables")
        await hand.press("ctrl+g", "enter")
        await hand.until(lambda: isinstance(hand.app.screen, GenerateScreen), "no plan was shown")
        assert not (place / "docs").exists(), "nothing may be written before it is confirmed"
        await hand.press("down")
        assert "+++ b/" in hand.app.screen.query_one("#catalogue-page").text
        await hand.press("ctrl+s")
        await hand.until(lambda: hand.app.screen is screen, "nothing was written")
        document = place / "docs" / "summary.md"
        document.write_text(document.read_text() + "\nA sentence of a person.\n")
        await answer(hand, screen, "team_size", "9")
        await hand.press("ctrl+g", "enter")
        await hand.until(lambda: isinstance(hand.app.screen, GenerateScreen))
        await hand.press("ctrl+s")
        await hand.until(lambda: hand.app.screen is screen)
        assert "A sentence of a person." in document.read_text()


@pytest.mark.parametrize("text", ["host: [", "inputs:\n  authors: martians\n"])
async def test_a_damaged_design_is_said_and_one_is_home_again(opened, place, text):
    (place / "plugin-design.yaml").write_text(text)
    async with opened() as hand:
        await hand.run("/design-plugin plugin-design.yaml")
        await hand.until(lambda: any("plugin-design.yaml" in said for said in hand.said))
        assert hand.app.screen is hand.app.home
