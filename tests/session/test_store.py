"""The store of sessions: what was confirmed is there again, whatever happens to process and file."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reviewer.session.database import APPLICATION, FILE
from reviewer.session.folder import data_folder
from reviewer.session.store import SessionStore, StoreError

KILLS = 50
WRITER = """
import sys
from pathlib import Path
from reviewer.session.store import SessionStore
store = SessionStore(Path(sys.argv[1]))
session = store.begin("gauge", "/review-plugin gauge", "/tmp")
number = len(store.deeds(session.id))
while True:
    store.record(session.id, "answer", {"number": number})
    store.remember(f"/explain {number}")
    store.place(session.id, {"selected": number})
    print(number, flush=True)
    number += 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def aged(path: Path) -> None:
    """Make a file look as if nobody were just making it."""
    past = time.time() - 60
    os.utime(path, (past, past))


def test_what_was_saved_is_there_when_the_store_is_opened_again(folder):
    store = SessionStore(folder)
    session = store.begin("gauge", "/review-plugin gauge", "/work")
    store.place(session.id, {"tab": "findings", "selected": "f1"})
    store.record(session.id, "suppress", {"rule": "SEC014", "reason": "a test double"})
    store.remember("/review-plugin gauge")
    store.prefer("theme", "nord")
    store.close()

    again = SessionStore(folder)
    (found,) = again.recent()
    assert (found.title, found.line, found.folder, found.closed) == ("gauge", "/review-plugin gauge", "/work", False)
    assert found.state == {"tab": "findings", "selected": "f1"}
    assert [(deed.kind, deed.data) for deed in again.deeds(found.id)] == [
        ("suppress", {"rule": "SEC014", "reason": "a test double"})
    ]
    assert again.history() == ("/review-plugin gauge",)
    assert (again.preference("theme"), again.preference("other", "none")) == ("nord", "none")
    assert again.note == ""


def test_the_same_line_in_the_same_folder_goes_on_with_its_session(folder):
    store = SessionStore(folder)
    first = store.begin("a", "/review-plugin .", "/one")
    store.place(first.id, {"tab": "coverage"})
    store.end(first.id)
    assert store.begin("a", "/review-plugin .", "/two").id != first.id
    again = store.begin("a", "/review-plugin .", "/one")
    assert (again.id, again.state) == (first.id, {"tab": "coverage"})
    assert not store.session(first.id).closed


def test_a_session_that_is_forgotten_takes_its_deeds_along(folder):
    store = SessionStore(folder)
    session = store.begin("a", "/review-plugin .", "/one")
    store.record(session.id, "fix", {"path": "a.js"})
    store.forget(session.id)
    assert (store.recent(), store.deeds(session.id)) == ((), ())


def test_a_line_that_is_typed_again_moves_to_the_end_of_the_history(folder):
    store = SessionStore(folder)
    for line in ("/rules", "/skills", "/rules"):
        store.remember(line)
    assert store.history() == ("/skills", "/rules")


def test_two_windows_write_at_once_and_see_each_other(folder):
    one, other = SessionStore(folder), SessionStore(folder)
    mine, yours = one.begin("a", "/review-plugin a", "/w"), other.begin("b", "/review-plugin b", "/w")
    for number in range(20):
        one.record(mine.id, "answer", {"number": number})
        other.record(yours.id, "answer", {"number": number})
    assert {session.title for session in one.recent()} == {"a", "b"}
    assert len(one.deeds(yours.id)) == len(other.deeds(mine.id)) == 20


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"this is no database at all, whatever its name may say"),
        lambda path: path.write_bytes(path.read_bytes()[:3000]),
        lambda path: path.write_bytes(path.read_bytes()[:4096] + os.urandom(9000)),
        lambda path: path.write_bytes(b""),
    ],
    ids=["another file", "cut off", "overwritten", "emptied"],
)
def test_a_damaged_store_is_set_aside_and_said(folder, damage):
    store = SessionStore(folder)
    store.record(store.begin("a", "/review-plugin .", "/w").id, "fix", {"path": "a.js" * 2000})
    store.close()
    path = folder / FILE
    damage(path)
    aged(path)
    damaged = path.read_bytes()

    again = SessionStore(folder)
    (kept,) = folder.glob("sessions.damaged-*.db")
    assert kept.read_bytes() == damaged
    assert "damaged" in again.note
    assert str(kept) in again.note
    assert again.recent() == ()
    again.begin("b", "/review-plugin b", "/w")
    assert len(SessionStore(folder).recent()) == 1


def test_the_database_of_another_program_is_not_taken_for_ours(folder):
    folder.mkdir()
    foreign = sqlite3.connect(folder / FILE)
    foreign.execute("CREATE TABLE theirs (a)")
    foreign.commit()
    foreign.close()
    store = SessionStore(folder)
    assert "set aside" in store.note
    (kept,) = folder.glob("sessions.damaged-*.db")
    assert sqlite3.connect(kept).execute("SELECT count(*) FROM theirs").fetchone() == (0,)


def test_a_store_of_a_newer_version_is_left_alone(folder):
    SessionStore(folder).close()
    newer = sqlite3.connect(folder / FILE)
    newer.execute("PRAGMA user_version = 99")
    newer.commit()
    newer.close()
    store = SessionStore(folder)
    assert "newer version" in store.note
    store.begin("a", "/review-plugin .", "/w")
    kept = sqlite3.connect(folder / FILE)
    assert kept.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
    assert kept.execute("SELECT count(*) FROM session").fetchone() == (0,)


def test_a_folder_that_cannot_be_made_is_said_and_work_goes_on(tmp_path):
    (tmp_path / "file").write_text("in the way")
    store = SessionStore(tmp_path / "file" / "data")
    assert "nothing that you do here is kept" in store.note
    assert store.begin("a", "/review-plugin .", "/w").title == "a"


def test_what_cannot_be_saved_is_told_and_never_swallowed(folder):
    store = SessionStore(folder)
    store.close()
    with pytest.raises(StoreError, match="not saved"):
        store.remember("/rules")


def test_the_data_folder_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("REVIEWER_DATA_DIR", str(tmp_path / "own"))
    assert data_folder() == tmp_path / "own"
    monkeypatch.delenv("REVIEWER_DATA_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    assert data_folder() == tmp_path / "xdg" / "reviewer"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data_folder() == tmp_path / ".local" / "share" / "reviewer"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 on Windows")
def test_killed_fifty_times_at_random_moments_nothing_confirmed_is_lost(folder):
    confirmed = -1
    for _ in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True)
        first = process.stdout.readline()
        assert int(first) >= confirmed + 1
        time.sleep(os.urandom(1)[0] / 5000)
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split("\n")[:-1]
        process.wait()
        process.stdout.close()
        confirmed = int(rest[-1]) if rest else int(first)
    store = SessionStore(folder)
    assert store.note == ""
    (session,) = store.recent()
    numbers = [deed.data["number"] for deed in store.deeds(session.id, "answer")]
    assert numbers[: confirmed + 1] == list(range(confirmed + 1))
    assert session.state["selected"] >= confirmed
    assert len(numbers) >= KILLS
