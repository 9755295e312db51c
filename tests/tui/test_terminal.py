"""The application in a real terminal: reviewed and exported by keys alone, and left as it was found."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PATIENCE = 60.0
ROOT = Path(__file__).resolve().parents[2]
USAGE = 2


class Terminal:
    """A terminal that tmux keeps."""

    def __init__(self, folder: Path, words: str, **variables: str) -> None:
        """Start a command in a folder, at 120 by 36."""
        self.socket = folder / "tmux.socket"
        environment = {"TERM": "xterm-256color", **os.environ, **variables}
        environment.pop("TMUX", None)
        given = " ".join(f"{name}='{value}'" for name, value in variables.items())
        shell = f"{given} {sys.executable} -m reviewer {words}; echo ended=$? ; stty -a | head -1; sleep 100"
        self._tmux("-f", "/dev/null", "new-session", "-d", "-s", "t", "-x", "120", "-y", "36", "-c", str(folder), shell,
                   environment=environment)  # fmt: skip

    def _tmux(self, *words: str, environment: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            ["tmux", "-u", "-S", str(self.socket), *words], capture_output=True, text=True, check=True, env=environment
        )
        return done.stdout

    @property
    def text(self) -> str:
        """What can be seen."""
        return self._tmux("capture-pane", "-p", "-t", "t")

    @property
    def application(self) -> int:
        """The process that the shell of the pane waits for."""
        shell = self._tmux("display-message", "-p", "-t", "t", "#{pane_pid}").strip()
        found = subprocess.run(["pgrep", "-P", shell], capture_output=True, text=True, check=True)
        return int(found.stdout)

    def press(self, *keys: str) -> None:
        """Press keys by the names that tmux gives them."""
        for key in keys:
            self._tmux("send-keys", "-t", "t", key)

    def write(self, text: str) -> None:
        """Type a text."""
        self._tmux("send-keys", "-t", "t", "-l", text)

    def until(self, words: str) -> None:
        """Wait until something can be read."""
        end = time.monotonic() + PATIENCE
        while words not in self.text:
            assert time.monotonic() < end, f"{words!r} never came\n{self.text}"
            time.sleep(0.1)

    def gone(self, words: str) -> None:
        """Wait until something can't be read any more."""
        end = time.monotonic() + PATIENCE
        while words in self.text:
            assert time.monotonic() < end, f"{words!r} never went\n{self.text}"
            time.sleep(0.1)

    def close(self) -> None:
        """End it, with everything in it."""
        self._tmux("kill-server")


@pytest.fixture
def terminal(gauge: Path, place: Path) -> Iterator[Terminal]:
    """Return a terminal with the application in it, in the folder of the gauge."""
    del gauge
    opened = Terminal(place, "", REVIEWER_DATA_DIR=os.environ["REVIEWER_DATA_DIR"],
                      REVIEWER_CACHE_DIR=os.environ["REVIEWER_CACHE_DIR"])  # fmt: skip
    yield opened
    opened.close()


@pytest.mark.needs("tmux")
def test_a_plugin_is_reviewed_and_the_report_exported_by_keys_alone(terminal, place, asked):
    terminal.until("Whom you can ask")
    terminal.write("/rev")
    terminal.until("review plugins, hosts")
    terminal.press("Tab")
    terminal.write(asked.removeprefix("/review-plugin "))
    terminal.press("Enter")
    terminal.until("gate ✗ fails")
    terminal.press("Down", "Down")
    terminal.until("SEC041 permission-used")
    terminal.press("2")
    terminal.until("answered")
    terminal.press("/")
    terminal.until("/review-plugin")
    terminal.press("Escape")
    terminal.gone("/review-plugin")
    terminal.press("C-e")
    terminal.until("Write to a file")
    terminal.press("C-a", "C-k")
    terminal.gone("reviewer-report")
    terminal.write("report.txt")
    terminal.until("report.txt")
    terminal.press("C-s")
    terminal.until("written to")
    assert "timer-not-cleared" in (place / "report.txt").read_text()
    terminal.press("/")
    terminal.until(">")
    terminal.write("export json report.json")
    terminal.press("Enter")
    end = time.monotonic() + PATIENCE
    while not (place / "report.json").exists():
        assert time.monotonic() < end, terminal.text
        time.sleep(0.1)
    assert json.loads((place / "report.json").read_text())["gate"]["result"] == "fail"
    terminal.press("C-q")
    terminal.until("ended=0")


@pytest.mark.needs("tmux")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order_and_the_terminal_is_as_it_was(terminal, number):
    terminal.until("Whom you can ask")
    os.kill(terminal.application, number)
    terminal.until("ended=")
    assert "Whom you can ask" not in terminal.text, "the screen of before is not back"
    terminal.write("still typing")
    terminal.until("still typing")


@pytest.mark.needs("tmux")
def test_without_colour_everything_can_still_be_told_apart(gauge, place, asked):
    del gauge
    terminal = Terminal(place, "tui", NO_COLOR="1", REVIEWER_DATA_DIR=os.environ["REVIEWER_DATA_DIR"],
                        REVIEWER_CACHE_DIR=os.environ["REVIEWER_CACHE_DIR"])  # fmt: skip
    try:
        terminal.until("Whom you can ask")
        terminal.write(asked)
        terminal.press("Enter")
        terminal.until("gate ✗ fails")
        coloured = terminal._tmux("capture-pane", "-e", "-p", "-t", "t")
        tints = [word for word in coloured.split("\x1b[") if word.startswith(("38;2", "48;2"))]
        grey = [word.split("m")[0].split(";")[2:5] for word in tints]
        assert all(len(set(rgb)) == 1 for rgb in grey), grey
        for sign in ("◆ 1 critical", "▌ ◆ SEC046", "┃"):
            terminal.until(sign)
    finally:
        terminal.close()


@pytest.mark.parametrize("words", [[], ["tui"], ["tui", "."]])
def test_without_a_terminal_it_names_the_command_line_to_use(words, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == USAGE
    assert "is no terminal" in done.stderr
    assert "reviewer review ." in done.stderr
    assert done.stdout == ""


@pytest.mark.usefixtures("place")
def test_bytes_that_are_no_text_do_not_end_it():
    pid, handle = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execv(sys.executable, [sys.executable, "-m", "reviewer"])  # noqa: S606 - the program under test
    try:
        seen = _read(handle, b"reviewer", b"")
        os.write(handle, b"\x80\xff\xfe ok")
        seen = _read(handle, b"ok", b"")
        os.write(handle, b"\x11")  # ctrl+q
        _read(handle, b"\x1b[?1049l", seen)
    finally:
        end = time.monotonic() + PATIENCE
        done, status = 0, 0
        while not done and time.monotonic() < end:
            done, status = os.waitpid(pid, os.WNOHANG)
            if not done:
                _drain(handle)
        if not done:
            os.kill(pid, signal.SIGKILL)
        os.close(handle)
    assert os.waitstatus_to_exitcode(status) == 0


def _read(handle: int, words: bytes, seen: bytes) -> bytes:
    end = time.monotonic() + PATIENCE
    while words not in seen:
        assert time.monotonic() < end, seen[-2000:]
        seen += _drain(handle)
    return seen


def _drain(handle: int) -> bytes:
    ready, _, _ = select.select([handle], [], [], 0.2)
    try:
        return os.read(handle, 65536) if ready else b""
    except OSError:  # the other side is gone
        return b""
