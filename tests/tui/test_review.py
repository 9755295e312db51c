"""The review on the screen: grouped, filtered, read, changed, taken back, watched."""

from __future__ import annotations

import asyncio
import json
import sys
from threading import Event

import pytest

from reviewer.engine import session
from reviewer.tui.review import reviewing
from reviewer.tui.review.screen import ReviewScreen
from reviewer.tui.widgets.sheet import Sheet

PATIENCE = 20.0
RULES = ["SEC046", "SEC041", "FUN004", "LIF003"]
"""What is found in the gauge, gravest first."""


def listed(screen: ReviewScreen) -> list[str]:
    """Return the rules of the findings that the list shows, in its order."""
    return [row.what.finding.rule for row in screen.findings.list.rows if row.what is not None]


def headings(screen: ReviewScreen) -> list[str]:
    return [row.label for row in screen.findings.list.rows if row.is_heading]


async def at(hand, screen: ReviewScreen, rule: str) -> None:
    """Put the cursor on the finding of a rule."""
    key = next(entry.key for entry in screen.result.index.entries if entry.finding.rule == rule)
    assert screen.findings.list.go_to(key)
    await hand.until(lambda: f"· {rule} " in screen.findings.sheet.text)


async def test_a_review_shows_its_findings_gravest_first_and_the_first_of_them(opened, asked):
    async with opened() as hand:
        screen = await hand.review(asked)
        assert listed(screen) == RULES
        assert "gate ✗ fails" in hand.text
        assert "◆ 1 critical" in hand.text
        assert screen.findings.entry.finding.rule == "SEC046"
        page = screen.findings.sheet.text
        assert "src/gauge.js:5:" in page
        assert "5 ┃" in page
        assert "▔" in page, "the span is marked by more than a colour"
        for heading in ("How to mend it", "Why it matters", "Bad", "Good", "References"):
            assert heading in page


async def test_b_groups_by_severity_expert_file_and_rule(opened, asked):
    async with opened() as hand:
        screen = await hand.review(asked)
        assert headings(screen) == ["critical", "high", "medium"]
        await hand.press("b")
        assert headings(screen) == ["fundamentals", "security", "lifecycle"]
        await hand.press("b")
        assert headings(screen) == ["plugin.json", "src/gauge.js"]
        await hand.press("b")
        assert [heading.split()[0] for heading in headings(screen)] == sorted(RULES)
        await hand.press("b")
        assert headings(screen) == ["critical", "high", "medium"]


async def test_the_place_in_the_list_stays_when_the_grouping_changes(opened, asked):
    async with opened() as hand:
        screen = await hand.review(asked)
        await at(hand, screen, "LIF003")
        await hand.press("b", "b")
        assert screen.findings.entry.finding.rule == "LIF003"


async def test_the_filter_narrows_while_one_types_and_escape_empties_it(opened, asked):
    async with opened() as hand:
        screen = await hand.review(asked)
        await hand.press("f")
        await hand.write("sec")
        assert listed(screen) == ["SEC046", "SEC041"]
        await hand.write(" -shell")
        assert listed(screen) == ["SEC041"]
        assert "1 of 4" in hand.text
        await hand.press("escape")
        assert listed(screen) == RULES
        await hand.press("escape")
        assert screen.findings.list.has_focus


async def test_headings_fold_and_unfold(opened, asked):
    async with opened() as hand:
        screen = await hand.review(asked)
        await hand.press("left")
        assert listed(screen) == RULES[1:]
        assert screen.findings.list.current.is_heading
        await hand.press("right")
        assert listed(screen) == RULES


async def test_x_applies_the_edit_reviews_again_and_u_takes_it_back(opened, asked, gauge):
    before = (gauge / "plugin.json").read_text()
    async with opened() as hand:
        screen = await hand.review(asked)
        await at(hand, screen, "FUN004")
        assert '+  "version": "1.4.0"' in screen.findings.sheet.text
        await hand.press("x")
        await hand.reviewed()
        assert '"version": "1.4.0"' in (gauge / "plugin.json").read_text()
        assert "FUN004" not in listed(screen)
        await hand.press("u")
        await hand.reviewed()
        assert (gauge / "plugin.json").read_text() == before
        assert listed(screen) == RULES


async def test_x_says_that_a_finding_has_no_edit(opened, asked):
    async with opened() as hand:
        screen = await hand.review(asked)
        await at(hand, screen, "LIF003")
        await hand.press("x")
        assert any("no edit that is surely safe" in said for said in hand.said)


async def test_u_leaves_a_file_alone_that_has_changed_since(opened, asked, gauge):
    async with opened() as hand:
        screen = await hand.review(asked)
        await at(hand, screen, "FUN004")
        await hand.press("x")
        await hand.reviewed()
        (gauge / "plugin.json").write_text("{}")
        await hand.press("u")
        assert (gauge / "plugin.json").read_text() == "{}"
        assert any("has changed since" in said for said in hand.said)


async def test_a_change_can_be_taken_back_in_the_next_window(opened, asked, gauge):
    before = (gauge / "plugin.json").read_text()
    async with opened() as hand:
        screen = await hand.review(asked)
        await at(hand, screen, "FUN004")
        await hand.press("x")
        await hand.reviewed()
    async with opened() as hand:
        await hand.review(asked)
        await hand.press("u")
        await hand.reviewed()
        assert (gauge / "plugin.json").read_text() == before


async def test_a_finding_is_suppressed_by_a_comment_with_its_reason(opened, asked, gauge):
    async with opened() as hand:
        screen = await hand.review(asked)
        await at(hand, screen, "LIF003")
        await hand.press("a")
        hand.app.screen.query_one("#how").value = "comment"
        hand.app.screen.query_one("#until").value = ""
        await hand.write("the host ends with it")
        await hand.press("ctrl+s")
        await hand.reviewed()
        assert "// reviewer: ignore[LIF003] the host ends with it\n" in (gauge / "src" / "gauge.js").read_text()
        assert "LIF003" not in listed(screen)
        await hand.press("h")
        assert "LIF003" in listed(screen)
        await at(hand, screen, "LIF003")
        assert "accepted: the host ends with it" in screen.findings.sheet.text


async def test_a_comment_that_is_none_at_its_place_is_taken_back(opened, place):
    folder = place / "odd"
    folder.mkdir()
    text = 'const open = (name) => `\n  ${require("child_process").exec(`open ${name}`)}\n`;\nexports.open = open;\n'
    (folder / "plugin.json").write_text('{"id": "a.odd", "name": "Odd", "version": "1.0.0", "main": "a.js"}')
    (folder / "a.js").write_text(text)
    async with opened() as hand:
        screen = await hand.review("/review-plugin odd --select SEC046")
        assert listed(screen) == ["SEC046"]
        await hand.press("a")
        hand.app.screen.query_one("#how").value = "comment"
        await hand.write("why not")
        await hand.press("ctrl+s")
        await hand.until(lambda: any("taken back" in said for said in hand.said))
        await hand.reviewed()
        assert (folder / "a.js").read_text() == text
        assert listed(screen) == ["SEC046"]


async def test_accepting_asks_for_a_reason_and_cancel_changes_nothing(opened, asked, gauge):
    async with opened() as hand:
        screen = await hand.review(asked)
        await hand.press("a", "ctrl+s")
        assert "a reason is needed" in hand.text
        await hand.press("escape")
        assert hand.app.screen is screen
        assert not (gauge / ".reviewer").exists()


async def test_the_permissions_tab_tells_declared_from_used(opened, asked):
    async with opened() as hand:
        screen = await hand.review(asked)
        await hand.press("3")
        page = screen.query_one("#permissions-page", Sheet).text
        assert "process.execute" in page
        assert "used without being declared" in page
        assert "of 100" in page


async def test_coverage_and_summary_say_what_was_looked_at_and_what_follows(opened, example):
    example("flawed-host")
    async with opened() as hand:
        screen = await hand.review("/review-plugin flawed-host")
        await hand.press("4")
        assert "files analysed" in screen.query_one("#coverage-page", Sheet).text
        await hand.press("5")
        page = screen.query_one("#summary-page", Sheet).text
        assert "The gate ✗ fails" in page
        assert "Maturity: 1 of 3" in page


async def test_watching_follows_a_file_that_changes_and_the_place_stays(opened, asked, gauge):
    async with opened() as hand:
        screen = await hand.review(asked)
        await hand.press("w")
        assert "watching" in hand.text
        await at(hand, screen, "LIF003")
        await asyncio.sleep(0.2)  # the first look of the watch
        manifest = json.loads((gauge / "plugin.json").read_text())
        manifest["permissions"]["process"] = {"execute": ["open"]}
        (gauge / "plugin.json").write_text(json.dumps(manifest, indent=2))
        await hand.until(lambda: "SEC041" not in listed(screen))
        await hand.reviewed()
        assert screen.findings.entry.finding.rule == "LIF003"


async def test_e_opens_the_editor_at_the_line(opened, asked, gauge, place, monkeypatch):
    note = place / "opened.json"
    program = place / "editor.py"
    program.write_text(f"import json, sys; json.dump(sys.argv[1:], open({str(note)!r}, 'w'))")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {program}")
    async with opened() as hand:
        screen = await hand.review(asked)
        await at(hand, screen, "LIF003")
        monkeypatch.setattr(type(hand.app), "suspend", lambda _app: _nothing())
        await hand.press("e")
        assert json.loads(note.read_text()) == ["+4", str(gauge / "src" / "gauge.js")]


async def test_an_editor_that_is_not_set_is_said(opened, asked, monkeypatch):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    async with opened() as hand:
        await hand.review(asked)
        await hand.press("e")
        assert any("no editor is set" in said for said in hand.said)


async def test_typing_goes_on_while_a_review_runs(opened, asked, monkeypatch):
    typed = Event()

    def review(*arguments):
        assert typed.wait(PATIENCE), "typing had to wait for the review"
        return session.review(*arguments)

    monkeypatch.setattr(reviewing, "review", review)
    async with opened() as hand:
        await hand.run(asked)
        await hand.press("slash")
        await hand.write("rules")
        assert "/rules" in hand.text
        assert not hand.app.screen_stack[-2].is_idle
        typed.set()
        await hand.press("escape")
        await hand.reviewed()


async def test_a_running_review_can_be_left_and_ends(opened, asked):
    async with opened() as hand:
        await hand.run(f"{asked} --no-cache")
        await hand.until(lambda: isinstance(hand.app.screen, ReviewScreen))
        await hand.press("escape")
        assert hand.app.screen is hand.app.home
        await hand.until(lambda: not [worker for worker in hand.app.workers if worker.group == "review"])
        assert hand.app.screen is hand.app.home


async def test_what_cannot_be_reviewed_is_said_and_one_is_home_again(opened, place):
    (place / "empty").mkdir()
    async with opened() as hand:
        await hand.run("/review-plugin empty")
        await hand.until(lambda: any("nothing to review" in said for said in hand.said))
        assert hand.app.screen is hand.app.home
        await hand.run("/review-plugin nowhere")
        await hand.until(lambda: any("no such file" in said for said in hand.said))


@pytest.mark.parametrize("name", ["good-ts", "good-py", "flawed-ts", "flawed-py", "flawed-host"])
async def test_every_example_that_ships_can_be_reviewed_and_read_to_its_end(opened, example, name):
    example(name)
    async with opened(size=(80, 24)) as hand:
        screen = await hand.review(f"/review-plugin {name}")
        for tab in "12345":
            await hand.press(tab)
        await hand.press("1")
        for entry in screen.result.index.entries:
            assert screen.findings.list.go_to(entry.key)
            await hand.until(lambda rule=entry.finding.rule: f"· {rule} " in screen.findings.sheet.text)


class _nothing:  # noqa: N801 - stands for a context
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_error: object) -> None:
        return None
