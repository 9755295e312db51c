"""What the terminal application costs: the start, and each frame of a list of ten thousand findings.

    python tests/benchmarks/application.py [--most-start SECONDS] [--most-frame MILLISECONDS]

Exits with 1 where a limit is passed. Times are processor time of the loop's thread: they are those of
this machine, and say nothing of the terminal that draws.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from reviewer.core.finding import Finding
from reviewer.core.location import Fix, Location
from reviewer.core.review import Coverage, Gate, Review, ReviewRun, SubjectIdentity
from reviewer.core.scale import Confidence, Severity
from reviewer.engine.results import Line
from reviewer.engine.session import Outcome
from reviewer.report.options import RenderOptions
from reviewer.tui.app import ReviewerApp
from reviewer.tui.review import reviewing
from reviewer.tui.review.screen import ReviewScreen

FINDINGS = 10_000
START = """
import asyncio, sys, time
from pathlib import Path
from reviewer.tui.app import ReviewerApp
async def main():
    app = ReviewerApp(Path(sys.argv[1]))
    async with app.run_test(size=(120, 36)) as pilot:
        while not app.home.prompt.input.has_focus:
            await asyncio.sleep(0.001)
        print(time.process_time())
asyncio.run(main())
"""


def start() -> float:
    """Return the least processor time of several starts, up to a prompt that takes keys."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [
            float(
                subprocess.run(
                    [sys.executable, "-c", START, folder], capture_output=True, text=True, check=True
                ).stdout.split()[-1]
            )
            for _ in range(4)
        ]
    return min(runs)


def invented() -> Outcome:
    """Return the outcome of a review with very many findings."""
    severities = list(Severity)
    findings = tuple(
        Finding(
            rule=f"SEC{number % 80:03}",
            name=f"an-invented-flaw-{number % 80}",
            expert=("security", "lifecycle", "api")[number % 3],
            severity=severities[number % 5],
            confidence=Confidence.LIKELY,
            message=f"'thing{number}' is not what it says it is, which number {number} shows.",
            location=Location(
                f"src/part{number % 200}/file{number % 1000}.ts", number % 900 + 1, 3, number % 900 + 1, 20
            ),
            fix=Fix("Make it what it says it is."),
            fingerprint=f"{number:032x}",
        )
        for number in range(FINDINGS)
    )
    subject = SubjectIdentity("invented", "plugin", "generic", "com.example.many", "1.0.0", "plugin.json")
    review = Review(subject, findings=findings, coverage=Coverage(1000, 1000))
    run = ReviewRun((review,), Gate("fail", Severity.HIGH, ("very many",)), "digest")
    shown = tuple(Line(number, 0, f"  const value{number} = compute({number});") for number in range(1, 910))
    return Outcome(run, dict.fromkeys((("invented", one.location.path) for one in findings), shown))


class Frames:
    """The longest time for which the loop did one thing."""

    def __init__(self) -> None:
        """Measure every step of the event loop from now on."""
        self.worst: dict[str, float] = {}
        self.label = "start"
        original = asyncio.Handle._run

        def measured(handle: asyncio.Handle) -> None:
            before = time.thread_time()
            original(handle)
            self.worst[self.label] = max(self.worst.get(self.label, 0.0), time.thread_time() - before)

        asyncio.Handle._run = measured


async def scroll_and_filter() -> dict[str, float]:
    """Return the longest frame of each thing that one does with the list."""
    outcome = invented()
    reviewing.review = lambda _plan, _jobs, _keys: outcome
    reviewing.options_for = lambda _console, _outcome: RenderOptions(sources=outcome.sources)
    app = ReviewerApp(Path(tempfile.mkdtemp()), "/review-plugin invented")
    frames = Frames()
    async with app.run_test(size=(120, 36)) as pilot:
        while not (isinstance(app.screen, ReviewScreen) and app.screen.result is not None):  # noqa: ASYNC110 - a look
            await asyncio.sleep(0.01)
        await pilot.pause()
        steps: dict[str, Callable[[], Awaitable[None]]] = {
            "go down": lambda: pilot.press(*["down"] * 30),
            "page down": lambda: pilot.press(*["pagedown"] * 30),
            "to the end": lambda: pilot.press("end", "home", "end"),
            "filter": lambda: pilot.press("f", *"thing42", "backspace", "backspace", "escape"),
            "group": lambda: pilot.press("escape", "b", "b", "b", "b"),
            "fold": lambda: pilot.press("left", "right"),
        }
        for label, step in steps.items():
            frames.label = label
            await step()
            await pilot.pause()
    return frames.worst


def main() -> int:
    """Measure, print, and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most-start", type=float, default=1.2)
    parser.add_argument("--most-frame", type=float, default=100.0)
    given = parser.parse_args()
    seconds = start()
    sys.stdout.write(
        f"start to a prompt that takes keys  {seconds:6.2f} s of processor time (at most {given.most_start})\n"
    )
    failed = seconds > given.most_start
    os.chdir(tempfile.mkdtemp())
    Path("invented").mkdir()
    for label, worst in asyncio.run(scroll_and_filter()).items():
        milliseconds = worst * 1000
        limit = "" if label == "start" else f" (at most {given.most_frame:.0f})"
        sys.stdout.write(f"{FINDINGS} findings, {label:<22} {milliseconds:6.1f} ms in the longest frame{limit}\n")
        failed |= label != "start" and milliseconds > given.most_frame
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
