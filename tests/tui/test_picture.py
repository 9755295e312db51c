"""The picture in the README: made by the script beside this test, and of the application as it is."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_readme_shows_the_application_above_everything_else():
    text = (ROOT / "README.md").read_text("utf-8")
    assert text.index("(.github/tui.svg)") < text.index("## ")
    picture = (ROOT / ".github" / "tui.svg").read_text("utf-8")
    shown = re.sub(r"&#160;", " ", re.sub(r"<[^>]+>", "", picture))
    for words in ("flawed-ts", "Findings", "gate", "SEC041", "How to mend it"):
        assert words in shown
    assert not re.search(r"url\(.?https?:", picture), "a picture asks no server for anything"
