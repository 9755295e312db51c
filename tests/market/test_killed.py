"""Killed without warning at any moment, a run leaves a whole store, and goes on from there without doing work twice."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import psutil
import pytest
from market_of_gauges import make_market

KILLS = int(os.environ.get("REVIEWER_KILLS", "3"))
"""A few in the gate, fifty before a release."""
STEP = 6
"""Entries that may become known between two kills."""
COUNT = 2 * STEP * KILLS
KNOWN = "SELECT number, state, error, seconds, result, digest FROM entry WHERE run = 1 AND state <> 'waiting' ORDER BY number"
WORDS = ("--select", "LIF001", "--fail-on", "none")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there is no kill -9 on Windows")


def known(store) -> list[tuple[object, ...]]:
    """Return what the store knows, after a look at every page of it."""
    with sqlite3.connect(store) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        orphans = "SELECT count(*) FROM finding WHERE subject NOT IN (SELECT id FROM subject)"
        assert database.execute(orphans).fetchone() == (0,)
        rows = database.execute(KNOWN).fetchall() if database.execute("PRAGMA user_version").fetchone()[0] else []
    database.close()
    return rows


def test_a_run_that_is_killed_at_random_moments_is_whole_and_goes_on_where_it_was(batch, another):
    market = make_market(batch.home / "market", COUNT)
    dice = random.Random(os.environ.get("REVIEWER_SEED", "8"))  # noqa: S311 - moments, no secrets
    before: list[tuple[object, ...]] = []
    for kill in range(KILLS):
        process = batch.start(market, "--store", batch.store, *WORDS)
        # Any moment from the start to the end of the store's next few entries.
        wanted = min(COUNT - 1, len(before) + dice.randrange(1 + STEP))
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until:
            if batch.store.exists() and batch.store.stat().st_size and _count(batch.store) >= wanted:
                break
            time.sleep(0.001)
        time.sleep(dice.random() * 0.2)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        after = known(batch.store) if batch.store.exists() else []
        # What was known stands as it was: nothing is lost, and nothing was reviewed again.
        numbers = {row[0] for row in before}
        assert [row for row in after if row[0] in numbers] == before, f"kill {kill}"
        before = after
    ran = batch(market, "--store", batch.store, *WORDS)
    assert ran.code == 0, ran.err
    if 0 < len(before) < COUNT:
        assert f"going on with run 1: {len(before)} of {COUNT} are known" in ran.err
    after = known(batch.store)
    numbers = {row[0] for row in before}
    assert [row for row in after if row[0] in numbers] == before
    assert [row[1] for row in after] == ["done"] * COUNT
    whole = another("whole")
    whole(market, "--store", whole.store, *WORDS)
    assert batch.exported("tables") == whole.exported("tables")


def _count(store) -> int:
    """Return how many entries are known, 0 while there are no tables."""
    database = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        return database.execute("SELECT count(*) FROM entry WHERE state <> 'waiting'").fetchone()[0]
    except sqlite3.Error:
        return 0
    finally:
        database.close()


def test_an_interrupted_run_says_how_to_go_on_and_ends_its_workers(batch):
    market = make_market(batch.home / "market", 30)
    process = batch.start(market, "--store", batch.store, *WORDS)
    while not (batch.store.exists() and _count(batch.store) > 2):
        assert process.poll() is None
        time.sleep(0.01)
    workers = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the same command goes on from here" in err
    assert workers
    assert not psutil.wait_procs(workers, timeout=20)[1]


@contextmanager
def deadly(process_id: int) -> Iterator[Event]:
    """Kill each worker of a process as soon as it has begun to work, until told to stop."""
    stop = Event()

    def kill() -> None:
        while not stop.is_set():
            for child in psutil.Process(process_id).children():
                child.kill()
            time.sleep(0.05)

    killer = Thread(target=kill, daemon=True)
    killer.start()
    try:
        yield stop
    finally:
        stop.set()
        killer.join()


def test_workers_that_are_killed_over_and_over_leave_entries_with_their_reason_and_the_run_goes_on(batch):
    market = make_market(batch.home / "market", 4)
    process = batch.start(market, "--store", batch.store, *WORDS)
    with deadly(process.pid) as stop:
        while process.poll() is None and not (batch.store.exists() and _count(batch.store) >= 2):
            time.sleep(0.01)
        stop.set()
    process.communicate(timeout=120)
    assert process.returncode == 4
    rows = batch.rows("SELECT state, error FROM entry")
    failed = [error for state, error in rows if state == "failed"]
    assert len(rows) == 4
    assert len(failed) >= 2
    assert all("its worker was ended by SIGKILL" in str(error) for error in failed)
    # Nobody's fault but the killer's: the next run reviews them, and finds what there is.
    again = batch(market, "--store", batch.store, *WORDS)
    assert again.code == 0, again.out
    assert batch.rows("SELECT count(*) FROM run_finding WHERE run = 2 AND rule = 'LIF001'") == [(4,)]
