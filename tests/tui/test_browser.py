"""The same application in a browser: served on the loopback alone, driven by keys in headless Chromium."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Browser

from reviewer.session.store import SessionStore

PATIENCE = 60.0


def browser_in(profile: Path) -> Any:
    """Return a headless Chromium, as the tests of the HTML report drive it."""
    return Browser(profile)


@pytest.fixture
def served(gauge: Path, place: Path) -> Iterator[str]:
    """Return the address of the application, served in the folder of the gauge."""
    del gauge
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "reviewer", "serve", "--port", str(port)],
        cwd=place,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/"
    end = time.monotonic() + PATIENCE
    while not _answers(address):
        assert time.monotonic() < end, "the server never answered"
        assert server.poll() is None, "the server has ended"
        time.sleep(0.1)
    yield address
    server.send_signal(signal.SIGINT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _answers(address: str, **headers: str) -> int:
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - likewise
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.needs("chromium")
def test_a_review_is_asked_for_by_keys_in_the_browser_and_nothing_leaves_this_machine(served, place, data, asked):
    with browser_in(place / "profile") as browser:
        browser.call("Emulation.setDeviceMetricsOverride", width=1300, height=800, deviceScaleFactor=1, mobile=False)
        browser.call("Page.navigate", url=f"{served}?fontsize=14")
        shown = "document.body && document.body.className"
        _until(lambda: "-first-byte" in str(browser.value(shown)), "the application never drew anything")
        _until((data / "sessions.db").exists, "the application never opened its store")
        time.sleep(1)
        browser.value("document.querySelector('textarea').focus()")
        for letter in asked:
            browser.call("Input.dispatchKeyEvent", type="keyDown", text=letter, key=letter)
            browser.call("Input.dispatchKeyEvent", type="keyUp", key=letter)
        browser.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", text="\r",
                     windowsVirtualKeyCode=13)  # fmt: skip
        store = SessionStore(data)
        _until(lambda: any(session.state.get("selected") for session in store.recent()), "nothing was reviewed")
        store.close()
        _until(lambda: _drawn(browser, place / "browser.png"), "the page stays empty")
        asked_for = [
            event["params"]["request"]["url"]
            for event in browser.events
            if event.get("method") == "Network.requestWillBeSent"
        ]
        assert asked_for
        assert [url for url in asked_for if not url.startswith((served, "data:"))] == []


def test_other_pages_and_other_names_are_turned_away(served):
    host = served.removeprefix("http://").rstrip("/")
    assert _answers(served, Origin=f"http://{host}") == 200
    assert _answers(served, Origin="https://evil.example") == 403
    assert _answers(f"{served}ws", Origin="https://evil.example") == 403
    assert _answers(served, Host="evil.example") == 403


def test_it_listens_on_the_loopback_alone(served):
    port = int(served.rstrip("/").rpartition(":")[2])
    table = Path("/proc/net/tcp").read_text().split("\n")[1:]
    listening = [row.split()[1] for row in table if row.split()[3:4] == ["0A"]]
    assert [place for place in listening if place.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]


def test_a_port_that_is_none_is_refused(place):
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", "serve", "--port", "http"],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "expected a number up to 65535" in done.stderr


def _drawn(browser: Any, picture: Path) -> bool:
    """Say whether a picture of the page holds more than a few words; the page paints after the application has acted."""
    browser.picture(picture)
    return picture.stat().st_size > 20_000


def _until(condition: Any, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.2)
