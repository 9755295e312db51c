"""The other screens: home, catalogues, documents, sessions, help, palette, jump, export, themes."""

from __future__ import annotations

import json
import os
from pathlib import Path

from reviewer.session.store import SessionStore
from reviewer.tui.review.screen import ReviewScreen
from reviewer.tui.screens.catalogue import CatalogueScreen
from reviewer.tui.screens.document import DocumentScreen
from reviewer.tui.screens.sessions import SessionsScreen
from reviewer.tui.themes import OWN

ROOT = Path(__file__).resolve().parents[2]


async def test_home_shows_experts_commands_and_what_was_done_before(opened, asked):
    async with opened() as hand:
        await hand.ready()
        for word in ("fundamentals", "lifecycle", "/review-plugin", "nothing yet"):
            assert word in hand.text
        await hand.review(asked)
        await hand.press("escape")
        await hand.until(lambda: hand.app.screen is hand.app.home)
        assert "gauge" in hand.text


async def test_an_expert_of_home_opens_its_guide(opened):
    async with opened() as hand:
        await hand.ready()
        hand.app.home.query_one("#experts").focus()
        await hand.press("down", "down", "down", "enter")
        await hand.until(lambda: isinstance(hand.app.screen, CatalogueScreen))
        assert hand.app.screen.current.label == "security"
        assert "What I ask when a system is designed" in hand.text


async def test_rules_can_be_looked_through_and_filtered(opened):
    async with opened() as hand:
        screen = await hand.catalogue("/rules SEC")
        assert screen.current.label.startswith("SEC")
        await hand.press("f")
        await hand.write("secret")
        assert {row.what.label.split()[0][:3] for row in screen.query_one("#catalogue-list").rows if row.what} == {
            "SEC"
        }
        await hand.press("escape", "escape")
        assert hand.app.screen is hand.app.home


async def test_skills_are_listed_and_searched(opened):
    async with opened() as hand:
        screen = await hand.catalogue("/skills")
        assert {row.label for row in screen.query_one("#catalogue-list").rows if row.is_heading} == {
            "experts",
            "skills",
        }
        await hand.press("escape")
        screen = await hand.catalogue("/skills circuit breaker")
        assert screen.current is not None
        await hand.press("escape")
        await hand.run("/skills qqqqqqqqqqqqqqqq")
        await hand.until(lambda: any("nothing in the library" in said for said in hand.said))


async def test_a_command_without_a_screen_of_its_own_answers_with_a_document(opened, example):
    example("flawed-ts")
    async with opened() as hand:
        await hand.run("/security-audit flawed-ts")
        await hand.until(lambda: "reviewer audit flawed-ts …" in hand.said, "nobody said that it is running")
        await hand.until(lambda: isinstance(hand.app.screen, DocumentScreen), f"no document was opened: {hand.said}")
        await hand.until(lambda: hand.app.screen.query_one("#document-contents").rows)
        assert "reviewer audit flawed-ts" in hand.text
        contents = hand.app.screen.query_one("#document-contents")
        assert contents.display
        contents.focus()
        await hand.press("end")
        assert hand.app.screen.query_one("#document").scroll_y > 0
        await hand.press("c")
        assert not contents.display


async def test_the_guide_of_a_design_is_read_with_its_contents(opened, place):
    design = ROOT / "examples" / "designs" / "ide.yaml"
    (place / "plugin-design.yaml").write_text(design.read_text())
    async with opened() as hand:
        await hand.run("/integration-guide plugin-design.yaml")
        await hand.until(lambda: isinstance(hand.app.screen, DocumentScreen))
        await hand.until(lambda: len(hand.app.screen.query_one("#document-contents").rows) > 5)
        assert "What is built" in hand.text
        hand.app.run_line("/export markdown guide.md")
        await hand.until((place / "guide.md").exists)


async def test_the_blank_checklist_is_a_document(opened):
    async with opened() as hand:
        await hand.run("/checklist")
        await hand.until(lambda: isinstance(hand.app.screen, DocumentScreen))
        assert "FUN1" in hand.text


async def test_a_document_is_written_to_a_file(opened, place):
    async with opened() as hand:
        await hand.run("/checklist --kind host")
        await hand.until(lambda: isinstance(hand.app.screen, DocumentScreen))
        await hand.press("ctrl+e")
        hand.app.screen.query_one("#file").value = "sheet.md"
        await hand.press("ctrl+s")
        assert (place / "sheet.md").read_text().startswith("# ")


async def test_a_review_is_written_in_every_format(opened, asked, place):
    async with opened() as hand:
        screen = await hand.review(asked)
        for form in screen.exportable:
            hand.app.run_line(f"/export {form} report.{form}")
            await hand.until(lambda form=form: (place / f"report.{form}").exists(), f"{form} was not written")
        assert json.loads((place / "report.json").read_text())["gate"]["result"] == "fail"
        assert "timer-not-cleared" in (place / "report.text").read_text()


async def test_the_dialog_of_the_export_names_the_file_after_the_format_and_never_overwrites_a_folder(
    opened, asked, place
):
    (place / "taken").mkdir()
    async with opened() as hand:
        await hand.review(asked)
        await hand.press("ctrl+e")
        dialog = hand.app.screen
        dialog.query_one("#format").value = "html"
        await hand.pilot.pause()
        assert dialog.query_one("#file").value == "reviewer-report.html"
        dialog.query_one("#file").value = "taken"
        await hand.press("ctrl+s")
        await hand.until(lambda: any("is a folder" in said for said in hand.said))


async def test_there_is_nothing_to_export_at_home(opened):
    async with opened() as hand:
        await hand.run("/export")
        assert any("nothing here to write" in said for said in hand.said)


async def test_a_session_goes_on_where_it_was(opened, asked, place):
    async with opened() as hand:
        screen = await hand.review(asked)
        await hand.press("b", "b")
        await hand.press("f")
        await hand.write("sec")
        await hand.press("enter", "end")
        selected = screen.findings.entry.finding.rule
        await hand.press("3")
        screen.keep_place()
    os.chdir(place.parent)
    async with opened() as hand:
        await hand.run("/sessions")
        await hand.until(lambda: isinstance(hand.app.screen, SessionsScreen))
        page = hand.app.screen.query_one("#catalogue-page").text
        assert "it ended without a goodbye" in " ".join(page.split())
        await hand.press("enter")
        screen = await hand.reviewed()
        assert screen.query_one("#tabs").active == "permissions"
        assert (screen.findings.grouping, screen.findings.query_text) == ("file", "sec")
        assert screen.findings.entry.finding.rule == selected


async def test_a_session_that_was_left_in_order_is_told_apart_and_one_can_be_forgotten(opened, asked, data):
    async with opened() as hand:
        await hand.review(asked)
        await hand.press("escape")
        await hand.run("/sessions")
        await hand.until(lambda: isinstance(hand.app.screen, SessionsScreen))
        assert "in order" in hand.text
        await hand.press("delete")
        assert "gauge" not in hand.text
    assert SessionStore(data).recent() == ()


async def test_a_damaged_store_is_said_at_the_start(opened, data):
    data.mkdir()
    (data / "sessions.db").write_bytes(b"nothing of the kind")
    async with opened() as hand:
        assert any("was damaged; it was set aside" in said for said in hand.said)


async def test_what_cannot_be_saved_is_said_and_work_goes_on(opened, asked):
    async with opened() as hand:
        await hand.review(asked)
        hand.app.store.close()
        hand.app.run_line("/help")
        await hand.pilot.pause()
        assert any("not saved" in said for said in hand.said)
        assert "Keys" in hand.text


async def test_help_tells_what_every_key_of_the_screen_does(opened, asked):
    async with opened() as hand:
        screen = await hand.review(asked)
        await hand.press("f1")
        page = hand.app.screen.query_one("#help-page").text
        for active in screen.active_bindings.values():
            if active.binding.id is not None:
                assert active.tooltip in " ".join(page.split()), active.binding
        assert "/review-plugin" in page


async def test_every_binding_has_an_id_and_says_what_it_does(opened, asked):
    async with opened() as hand:
        await hand.review(asked)
        ours = [
            binding
            for node in (hand.app, hand.app.home, hand.app.screen, *hand.app.screen.query("*"))
            if type(node).__module__.startswith("reviewer.")
            for binding in type(node).__dict__.get("BINDINGS", ())
        ]
        assert len(ours) > 40
        assert [binding for binding in ours if not (binding.id and binding.tooltip)] == []


async def test_the_palette_leads_to_commands_and_to_findings(opened, asked):
    async with opened() as hand:
        screen = await hand.review(asked)
        await hand.press("3", "ctrl+p")
        await hand.write("timer")
        await hand.until(lambda: "LIF003 timer-not-cleared" in hand.text)
        await hand.press("enter")
        await hand.until(lambda: hand.app.screen is screen)
        assert screen.query_one("#tabs").active == "findings"
        assert screen.findings.entry.finding.rule == "LIF003"


async def test_jump_leads_to_a_part_of_the_screen(opened, asked):
    async with opened() as hand:
        screen = await hand.review(asked)
        await hand.press("ctrl+o")
        letters = {widget.id: letter for letter, widget in hand.app.screen._targets.items()}
        await hand.press(letters["finding"])
        assert screen.findings.sheet.has_focus


async def test_the_theme_is_kept(opened):
    async with opened() as hand:
        await hand.press("f2")
        assert hand.app.theme == OWN[1].name
        await hand.run("/theme reviewer-contrast")
    async with opened() as hand:
        assert hand.app.theme == "reviewer-contrast"
        await hand.run("/theme reviewer-drk")
        assert any("did you mean 'reviewer-dark'" in said for said in hand.said)


async def test_open_reviews_a_folder_and_quit_leaves(opened, gauge):
    async with opened() as hand:
        await hand.run(f"/open {gauge.name}")
        await hand.until(lambda: isinstance(hand.app.screen, ReviewScreen))
        await hand.reviewed()
        hand.app.run_line("/quit")
        await hand.until(lambda: not hand.app.is_running)
    assert hand.app.return_value == 0


async def test_the_mouse_goes_to_a_finding_and_folds_a_heading(opened, asked):
    async with opened() as hand:
        screen = await hand.review(asked)
        await hand.pilot.click("#findings-list", offset=(10, 3))
        assert screen.findings.entry.finding.rule == "SEC041"
        await hand.pilot.click("#findings-list", offset=(4, 2))
        await hand.pilot.pause()
        assert "SEC041" not in [row.what.finding.rule for row in screen.findings.list.rows if row.what]
