"""Draws the picture of the application that the README shows.

    python tests/tui/picture.py

Run it after a change of how a review looks, look at the picture, and commit it.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path

from reviewer.tui.app import ReviewerApp
from reviewer.tui.review.screen import ReviewScreen

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / ".github" / "tui.svg"
LINE = "/review-plugin flawed-ts"
RULE = "SEC041"
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Textual asks a server for its font; a picture of ours asks nobody."""


async def draw() -> str:
    """Return the picture of a review with a finding opened."""
    os.chdir(ROOT / "examples")
    app = ReviewerApp(Path(tempfile.mkdtemp()), LINE)
    async with app.run_test(size=(128, 36)) as pilot:
        while not (isinstance(app.screen, ReviewScreen) and app.screen.result is not None):  # noqa: ASYNC110 - a look
            await asyncio.sleep(0.05)
        screen = app.screen
        entry = next(one for one in screen.result.index.entries if one.finding.rule == RULE)
        screen.findings.list.go_to(entry.key)
        await pilot.pause(0.5)
        return _FONTS.sub("", app.export_screenshot(title="reviewer"))


def main() -> None:
    """Write the picture."""
    PICTURE.write_text(asyncio.run(draw()), "utf-8")


if __name__ == "__main__":
    main()
