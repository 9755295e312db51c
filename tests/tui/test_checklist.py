"""The checklist on the screen: answered, signed in the file that the gate reads, reopened."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from reviewer.engine.signoff.read import read_signoff
from reviewer.tui.review.screen import ReviewScreen


def printed(command: str, path: str, place: Path) -> str:
    """Return what the command line prints."""
    words = [sys.executable, "-m", "reviewer", command, path]
    return subprocess.run(words, cwd=place, capture_output=True, text=True, check=False).stdout


async def sheet(hand, line: str) -> ReviewScreen:
    screen = await hand.review(line)
    assert screen.query_one("#tabs").active == "checklist"
    return screen


def status(screen: ReviewScreen, item: str) -> str:
    return next(answer.status.value for answer in screen.result.reviews[0].checklist if answer.id == item)


async def to(hand, screen: ReviewScreen, item: str) -> None:
    assert screen.checklist.list.go_to(f"0 {item}")
    await hand.pilot.pause()


async def test_a_manual_question_is_signed_with_note_evidence_and_expiry(opened, gauge):
    async with opened() as hand:
        screen = await sheet(hand, f"/checklist {gauge.name}")
        item = next(answer.id for answer in screen.result.reviews[0].checklist if answer.status.value == "not assessed")
        await to(hand, screen, item)
        await hand.press("a")
        await hand.press("ctrl+s")
        assert "a note is needed" in hand.text
        await hand.write("read with its author")
        hand.app.screen.query_one("#evidence").value = "plugin.json"
        hand.app.screen.query_one("#until").value = "2999-02-31"
        await hand.press("ctrl+s")
        assert "expected a day" in hand.text
        hand.app.screen.query_one("#until").value = "2999-12-31"
        await hand.press("ctrl+s")
        await hand.reviewed()
        assert status(screen, item) == "pass"
        assert screen.checklist.item.answer.id == item
        signed = read_signoff(gauge / ".reviewer" / "signoff.toml")
        (answer,) = signed.answers
        assert (answer.item, answer.status, answer.who, answer.until) == (item, "pass", "ada", "2999-12-31")
        assert answer.why == "read with its author"
        assert [path for path, _digest in answer.evidence] == ["plugin.json"]

        (gauge / "plugin.json").write_text((gauge / "plugin.json").read_text() + "\n")
        await hand.press("r")
        await hand.reviewed()
        assert status(screen, item) == "not assessed"
        assert "changed since" in screen.query_one("#question").text


async def test_the_command_line_reads_what_was_signed_here(opened, gauge, place):
    async with opened() as hand:
        screen = await sheet(hand, f"/checklist {gauge.name}")
        item = next(answer.id for answer in screen.result.reviews[0].checklist if answer.status.value == "not assessed")
        await to(hand, screen, item)
        await hand.press("a")
        await hand.write("seen")
        await hand.press("ctrl+s")
        await hand.reviewed()
    told = printed("checklist", gauge.name, place)
    at = " ".join(told.split()).find(f"pass {item} ")
    assert at >= 0, told
    assert "signed by ada" in " ".join(told.split())[at:]


async def test_a_finding_is_waived_until_a_day_and_the_waiver_is_taken_back(opened, asked, gauge):
    file = gauge / ".reviewer" / "signoff.toml"
    async with opened() as hand:
        screen = await hand.review(asked)
        assert screen.findings.entry.finding.rule == "SEC046"
        await hand.press("a")
        await hand.write("only on the machines of the port")
        hand.app.screen.query_one("#until").value = "2999-12-31"
        await hand.press("ctrl+s")
        await hand.reviewed()
        (waiver,) = read_signoff(file).waivers
        assert (waiver.rule, waiver.who, waiver.until) == ("SEC046", "ada", "2999-12-31")
        assert "SEC046" not in [
            entry.finding.rule for entry in screen.result.index.matching("", "file", accepted=False)
        ]
        await hand.press("u")
        await hand.reviewed()
        assert not file.exists()
        assert "SEC046" in [entry.finding.rule for entry in screen.result.index.matching("", "file", accepted=False)]


async def test_only_what_is_open_or_has_failed_is_shown_on_request(opened, gauge):
    async with opened() as hand:
        screen = await sheet(hand, f"/checklist {gauge.name}")
        await hand.press("o")
        shown = {row.what.answer.status.value for row in screen.checklist.list.rows if row.what is not None}
        assert shown <= {"not assessed", "fail"}
        await hand.press("o")
        assert len({row.what.answer.status.value for row in screen.checklist.list.rows if row.what}) > 2
