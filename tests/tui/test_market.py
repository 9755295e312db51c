"""A market on the screen: from each number down to the finding and back, by keys alone, read as it is wanted."""

from __future__ import annotations

from market_rows import finding, subject, write_run

from reviewer.market.records import Entry
from reviewer.market.writing import MarketWriter
from reviewer.tui.market.levels import PAGE
from reviewer.tui.market.screen import MarketScreen


async def market(hand, store) -> MarketScreen:
    """Open a store, and wait for its numbers."""
    await hand.run(f"/batch --store {store.name}")
    await hand.until(lambda: isinstance(hand.app.screen, MarketScreen), "no market was opened")
    screen = hand.app.screen
    await hand.until(lambda: screen.rows.rows, "nothing was counted")
    return screen


async def go(hand, screen, *keys) -> None:
    """Press keys, and wait for what they lead to."""
    await hand.press(*keys)
    await hand.until(lambda: screen.rows.rows, "nothing was read")


def listed(screen) -> list[str]:
    return [screen._draw(row.what, 60).plain.strip().split("  ")[0] for row in screen.rows.rows if row.what is not None]


async def test_a_rule_leads_to_its_findings_and_a_finding_to_its_source(opened, store):
    async with opened() as hand:
        screen = await market(hand, store)
        assert "run 2 of 2, 3 entries" in hand.text
        assert listed(screen) == ["◆ critical", "■ medium"]
        await go(hand, screen, "2")
        assert listed(screen) == ["■ LIF003 timer-left-running", "◆ SEC041 shell-command-from-input"]
        await go(hand, screen, "down", "enter")
        await hand.until(lambda: "the shell runs what" in screen.sheet.text)
        page = screen.sheet.text
        for part in (
            "gauge 1.0.0",
            "src/main.js:3:5",
            "3 ┃ if (ok) {",
            "How to mend it",
            "Why it matters",
            "References",
        ):
            assert part in page
        await hand.press("enter")
        assert screen.sheet.has_focus
        await hand.press("escape")
        assert screen.rows.has_focus


async def test_ecosystem_and_score_lead_to_subjects_and_each_to_its_own_findings(opened, store):
    async with opened() as hand:
        screen = await market(hand, store)
        await go(hand, screen, "3")
        assert listed(screen) == ["◆ generic", "vscode"]
        await go(hand, screen, "enter")
        assert listed(screen) == ["95 gauge 1.0.0", "20 gaugе 1.0.0"]  # noqa: RUF001 - looks like the one above
        await go(hand, screen, "enter")
        assert listed(screen) == ["◆ SEC041 shell-command-from-input", "■ LIF003 timer-left-running"]
        assert "by ecosystem / generic · 2 subjects / gauge 1.0.0 · 2 findings" in hand.text
        await go(hand, screen, "4")
        assert listed(screen) == ["score 81-100", "score 1-20", "score 0"]
        await go(hand, screen, "end", "enter")
        assert "something that matters was not looked at" in screen.sheet.text


async def test_escape_goes_back_to_the_very_row_and_at_last_leaves(opened, store):
    async with opened() as hand:
        screen = await market(hand, store)
        await go(hand, screen, "2", "down")
        await go(hand, screen, "enter")
        await hand.press("escape")
        assert screen.rows.current.key == "SEC041"
        await hand.press("escape")
        assert hand.app.screen is hand.app.home


async def test_b_goes_through_all_views_and_the_last_shows_what_only_the_whole_does(opened, store):
    async with opened() as hand:
        screen = await market(hand, store)
        for view in ("rule", "ecosystem", "score", "whole"):
            await go(hand, screen, "b")
            assert f"by {view}" in hand.text
        assert "Ids that stand twice or look alike" in hand.text
        assert "characters that look the same" in screen.sheet.text
        await go(hand, screen, "end", "enter")
        assert screen.sheet.has_focus
        assert "process.exec" in screen.sheet.text
        await go(hand, screen, "escape", "b")
        assert "by severity" in hand.text


async def test_brackets_lead_to_other_runs_and_say_where_there_is_none(opened, store):
    async with opened() as hand:
        screen = await market(hand, store)
        await hand.press("left_square_bracket")
        await hand.until(lambda: "run 1 of 2, 1 entries" in hand.text)
        await hand.press("left_square_bracket")
        await hand.until(lambda: "There is no further run in this store." in hand.said)
        await hand.press("right_square_bracket")
        await hand.until(lambda: "run 2 of 2" in hand.text)
        assert screen.rows.has_focus


async def test_a_long_list_is_read_page_by_page_as_one_goes_down(opened, place):
    many = tuple(finding("SEC041", f"shell {n}", line=n, end_line=n) for n in range(1, PAGE * 2 + 31))
    store = place / "market.db"
    write_run(store, [subject("gauge", findings=many)])
    async with opened() as hand:
        screen = await market(hand, store)
        await go(hand, screen, "enter")
        assert len(screen.rows.rows) == PAGE
        assert "200 read, more as you go down" in hand.text
        await hand.press("end")
        await hand.until(lambda: len(screen.rows.rows) == PAGE * 2)
        await hand.press("end")
        await hand.until(lambda: len(screen.rows.rows) == len(many))
        await hand.press("end")
        await hand.until(lambda: f"shell {len(many)}" in screen.sheet.text)


async def test_a_run_that_is_under_way_is_shown_and_what_is_no_store_is_refused(opened, place):
    with MarketWriter(place / "market.db") as writer:
        writer.begin([Entry("m", "a", "/a")], "r", {}, ["m"])
        async with opened() as hand:
            await hand.run("/batch")
            await hand.until(lambda: "not finished" in hand.text)
            await hand.until(lambda: "nothing is here" in hand.text)
    (place / "other.db").write_text("no store")
    async with opened() as hand:
        for name in ("nowhere.db", "other.db"):
            await hand.run(f"/batch --store {name}")
            await hand.until(lambda name=name: any(name in said for said in hand.said))
            assert hand.app.screen is hand.app.home


async def test_nothing_of_a_stranger_acts_on_the_screen(opened, place):
    evil = "\x1b[31m[bold]gone[/]\N{RIGHT-TO-LEFT OVERRIDE}"
    told = finding("SEC041", evil, path=f"{evil}.js", excerpt=evil, severity="critical")
    store = place / "market.db"
    write_run(store, [subject(evil, version=evil, path=evil, findings=(told,), may=[(evil, "used")])])
    async with opened() as hand:
        screen = await market(hand, store)
        for keys in (("enter",), ("3",), ("enter",), ("enter",), ("5",)):
            await go(hand, screen, *keys)
            for text in (hand.text, screen.sheet.text):
                assert "\x1b" not in text
                assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text
            assert "[bold]" in screen.sheet.text or keys == ("3",)
