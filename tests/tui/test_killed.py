"""Killed without warning in the middle of a session: what was confirmed is there in the next window."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.session.store import SessionStore

KILLS = int(os.environ.get("REVIEWER_KILLS", "5"))
"""The store alone is killed fifty times in its own tests; here it is the whole application, fifty before a release."""
PERSON = """
import asyncio, sys
from pathlib import Path
from reviewer.tui.app import ReviewerApp
from reviewer.tui.review.screen import ReviewScreen
async def main():
    app = ReviewerApp(Path(sys.argv[1]), sys.argv[2])
    async with app.run_test(size=(100, 30)) as pilot:
        while not (isinstance(app.screen, ReviewScreen) and app.screen.result is not None):
            await asyncio.sleep(0.01)
        screen, number = app.screen, 0
        while True:
            await pilot.press("b", "down")
            screen.keep_place()
            app.save(lambda: app.store.remember(f"/explain {number}"))
            print(number, screen.findings.grouping, flush=True)
            number += 1
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 on Windows")
def test_the_application_is_killed_and_goes_on_where_it_was(place: Path, data: Path, asked: str) -> None:
    for _ in range(KILLS):
        person = subprocess.Popen(
            [sys.executable, "-c", PERSON, str(data), asked], cwd=place, stdout=subprocess.PIPE, text=True
        )
        said = [person.stdout.readline().split() for _ in range(1 + os.urandom(1)[0] % 5)]
        person.send_signal(signal.SIGKILL)
        said += [line.split() for line in person.stdout.read().split("\n")[:-1]]
        person.wait()
        person.stdout.close()
        store = SessionStore(data)
        assert store.note == ""
        (session,) = store.recent()
        assert not session.closed
        assert f"/explain {said[-1][0]}" in store.history()
        # The last place that was confirmed, or the one after it that nobody could confirm any more.
        order = ["severity", "expert", "file", "rule"]
        confirmed = said[-1][1]
        assert session.state["grouping"] in (confirmed, order[(order.index(confirmed) + 1) % 4])
        store.close()
