"""A subject is hostile: nothing that it says is markup, an escape sequence or a way to end the application."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from reviewer.report.escape.terminal import acts
from reviewer.tui.sink import cells, content, prose

SOURCES = Path(__file__).resolve().parents[2] / "reviewer" / "tui"
EVIL = "[@click=app.quit]x[/] [/] [b]bold[/b] \x1b]0;owned\x07\x1b[31m \u202egnirts \u200b"
CODE = """\
const { exec } = require("node:child_process");
// EVIL
exports.activate = (context) => {
  setInterval(() => context.log("EVIL"), 1000);
  exec(`open ${context.name}`);
};
""".replace("EVIL", EVIL)


@pytest.fixture
def evil(place: Path) -> Path:
    """Return a plugin that tries to act on whoever looks at it."""
    folder = place / "[@click=app.quit]plugin"
    (folder / "[b]src").mkdir(parents=True)
    manifest = {"id": EVIL, "name": EVIL, "version": EVIL, "main": "[b]src/[/]a.js", "permissions": [EVIL]}
    (folder / "plugin.json").write_text(json.dumps(manifest, ensure_ascii=False))
    (folder / "[b]src" / "[@click=app.quit]a.js").write_text(CODE)
    return folder


def assert_safe(app) -> None:
    """Look at every character and every action that the screen would send to the terminal."""
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            acting = [character for character in segment.text if acts(character)]
            assert acting == [], f"{segment.text!r}"
            meta = segment.style.meta if segment.style is not None else {}
            action = str(meta.get("@click", ""))
            assert action == "" or "simulate_key" in action or "copy" in action, action


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_hostile_subject_is_text_on_every_tab_and_in_every_dialog(opened, evil, size):
    async with opened(size=size) as hand:
        screen = await hand.review(f"/review-plugin '{evil.name}' --auditor")
        assert screen.result.index.entries
        for tab in "12345":
            await hand.press(tab)
            assert_safe(hand.app)
        await hand.press("1")
        for grouping in range(4):
            await hand.press("b")
            assert_safe(hand.app)
            for entry in screen.result.index.entries[:: 1 if grouping == 0 else 5]:
                screen.findings.list.go_to(entry.key)
                await hand.pilot.pause()
                assert_safe(hand.app)
        screen.findings.list.go_to(screen.result.index.entries[0].key)
        for key in ("a", "ctrl+p", "ctrl+e", "f1", "ctrl+o"):
            await hand.press(key)
            assert_safe(hand.app)
            await hand.press("escape")
        await hand.press("x")
        assert_safe(hand.app)
        screen.keep_place()
        await hand.press("escape")
        await hand.until(lambda: hand.app.screen is hand.app.home)
        assert_safe(hand.app)
        assert hand.app.is_running


@pytest.mark.parametrize(
    "line", [EVIL, f"/review-plugin '{EVIL}'", f"/{EVIL}", f"/explain '{EVIL}'", f"/theme '{EVIL}'"]
)
async def test_whatever_is_typed_is_answered_with_text(opened, line):
    async with opened() as hand:
        await hand.ready()
        hand.app.run_line(line)
        await hand.until(lambda: hand.said or hand.app.screen is not hand.app.home)
        assert_safe(hand.app)
        assert hand.app.is_running


async def test_a_very_long_text_is_pasted_without_harm(opened):
    async with opened() as hand:
        await hand.ready()
        from textual.events import Paste

        hand.app.home.prompt.input.post_message(Paste("x" * 1_000_000))
        await hand.pilot.pause()
        assert len(hand.app.home.prompt.input.value) <= 4000
        assert hand.app.is_running


def test_the_sink_shows_every_character_that_would_act():
    for made in (content(EVIL), content((EVIL, "bold")), prose(EVIL)):
        assert not any(acts(character) for character in made.plain)
        assert "[@click=app.quit]x[/]" in made.plain
    shown, edges = cells("\ta\x1bb")
    assert "".join(shown) == "    a<U+001B>b"
    assert edges == [0, 4, 5, 13, 14]


def test_no_module_of_the_application_lets_text_become_markup():
    forbidden = {"from_markup", "from_rich_text", "render_str"}
    found = []
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(node, "attr", getattr(node, "id", ""))
            if name in forbidden:
                found.append(f"{path.name}:{node.lineno} {name}")
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in {
                "Static",
                "Label",
            }:
                text = node.args[0] if node.args else None
                plain = isinstance(text, ast.Constant) or (isinstance(text, ast.Call) and text.func.id == "content")
                if not plain:
                    found.append(f"{path.name}:{node.lineno} a text that is not made by the sink")
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "notify":
                markup = [word for word in node.keywords if word.arg == "markup"]
                if not markup or getattr(markup[0].value, "value", True):
                    found.append(f"{path.name}:{node.lineno} a notice that may be markup")
    assert found == []
