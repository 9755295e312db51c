"""The store: what was written is read again, its schema says its version, and its rows are the records."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import fields, replace

from reviewer.core.errors import UsageError
from reviewer.market.database import APPLICATION, VERSION
from reviewer.market.reading import MarketReader
from reviewer.market.records import (
    DONE,
    FAILED,
    ROWS,
    SCALARS,
    DependencyRow,
    Entry,
    FileRow,
    FindingRow,
    Outcome,
    PermissionRow,
    ProblemRow,
    SkippedRow,
    SubjectRow,
)
from reviewer.market.writing import MarketWriter

FINDING = FindingRow(
    "SEC014",
    "fail-open",
    "security",
    "high",
    "certain",
    "a \U0001f9ea message",
    "a.js",
    1,
    2,
    3,
    4,
    "f1",
    "x();\ny();",
    "",
)
SUBJECT = SubjectRow(
    path="",
    kind="plugin",
    ecosystem="generic",
    plugin="gauge",
    version="1.0.0",
    publisher="saltmarsh",
    manifest="plugin.json",
    score=12,
    files=3,
    analysed=1,
    complete=False,
    findings=(FINDING, replace(FINDING, fingerprint="f2")),
    permissions=(PermissionRow("fs.read", "used"),),
    skipped=(SkippedRow("b.js", "minified", matters=True),),
    problems=(ProblemRow("SEC001", "the check failed", "a.js"),),
    dependencies=(DependencyRow("tides", "^1.0.0", "plugin"),),
    sources=(FileRow("a.js", "00", 7),),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "market.db"


def begin(store: MarketWriter, count: int = 3, **settings: object) -> int:
    entries = (Entry("market", f"gauge{number}", f"/market/gauge{number}") for number in range(count))
    return store.begin(entries, "rules", settings, ["market"])


def test_what_was_kept_is_read_again(path):
    with MarketWriter(path) as store:
        run = begin(store, 1)
        (entry,) = store.waiting(run)
        store.keep(run, entry.number, "key", Outcome(DONE, digest="sha256:00", subjects=(SUBJECT,), seconds=1.5))
        store.finish(run)
    with MarketReader(path) as reader:
        assert reader.run().id == run
        assert reader.run().finished is not None
        for table, (held, kind) in ROWS.items():
            kept = reader.ask(f"SELECT * FROM {table} ORDER BY subject, number")  # noqa: S608 - names of our own
            rows = [kind(*tuple(row)[2:]) for row in kept]
            assert rows == list(getattr(SUBJECT, held)), table


def test_the_columns_of_every_table_are_the_fields_of_its_record(path):
    with MarketWriter(path) as store:
        begin(store)
    with sqlite3.connect(path) as database:
        for table, (_held, kind) in ROWS.items():
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            assert columns == ["subject", "number", *(one.name for one in fields(kind))]
        columns = [row[1] for row in database.execute("PRAGMA table_info(subject)")]
        assert columns == ["id", "result", "number", *SCALARS]
        assert database.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert database.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()


def test_an_outcome_counts_once(path):
    with MarketWriter(path) as store:
        run = begin(store)
        assert store.keep(run, 1, "key", Outcome(DONE, subjects=(SUBJECT,)))
        assert store.keep(run, 1, "key", Outcome(FAILED, "a second answer")) is None
        store.reuse(run, [(1, "sha256:11", 99)])
        assert store.count(run) == (3, 2)
    with MarketReader(path) as reader:
        assert [tuple(row) for row in reader.ask("SELECT state, error, reused FROM entry WHERE number = 1")] == [
            ("done", "", 0)
        ]
        assert [row[0] for row in reader.ask("SELECT count(*) FROM finding")] == [2]


def test_a_result_is_shared_by_its_key_and_goes_with_the_last_run_that_has_it(path):
    with MarketWriter(path) as store:
        first, second = begin(store), begin(store)
        result = store.keep(first, 1, "key", Outcome(DONE, subjects=(SUBJECT,)))
        assert store.known("key") == result
        assert store.keep(second, 1, "key", Outcome(DONE, subjects=(SUBJECT,))) == result
        store.forget_before(1)
        assert store.known("key") == result
        third = begin(store)
        store.forget_before(1)
        assert store.known("key") == 0
    with MarketReader(path) as reader:
        assert [run.id for run in reader.runs()] == [third]
        assert [row[0] for row in reader.ask("SELECT count(*) FROM finding")] == [0]


def test_a_result_that_may_go_further_is_nobody_else_s(path):
    with MarketWriter(path) as store:
        run = begin(store)
        assert store.keep(run, 1, "key", Outcome(DONE, subjects=(SUBJECT,), lasting=False))
        assert store.known("key") == 0


def test_only_the_last_run_is_gone_on_with_and_only_for_the_same(path, tmp_path, monkeypatch):
    with MarketWriter(path) as store:
        run = begin(store, select=["SEC"])
        assert store.unfinished("rules", {"select": ["SEC"]}, ["market"]) == run
        assert store.unfinished("other rules", {"select": ["SEC"]}, ["market"]) == 0
        assert store.unfinished("rules", {}, ["market"]) == 0
        assert store.unfinished("rules", {"select": ["SEC"]}, ["elsewhere"]) == 0
        here = Path.cwd()
        monkeypatch.chdir(tmp_path)  # the same name is another folder there
        assert store.unfinished("rules", {"select": ["SEC"]}, ["market"]) == 0
        monkeypatch.chdir(here)
        store.finish(run)
        assert store.unfinished("rules", {"select": ["SEC"]}, ["market"]) == 0


def test_a_run_that_fails_to_start_leaves_nothing(path):
    def broken():
        yield Entry("market", "gauge", "/market/gauge")
        raise UsageError("a list with a mistake")

    with MarketWriter(path) as store:
        with pytest.raises(UsageError, match="mistake"):
            store.begin(broken(), "rules", {}, [])
        assert store.begin([], "rules", {}, []) == 0
    with MarketReader(path) as reader:
        assert reader.runs() == ()


def test_a_reader_can_change_nothing_and_a_later_store_is_refused(path):
    with MarketWriter(path) as store:
        begin(store)
    with MarketReader(path) as reader, pytest.raises(UsageError, match="readonly"):
        list(reader.ask("DELETE FROM run"))
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {VERSION + 1}")
    database.close()
    for opened in (MarketReader, MarketWriter):
        with pytest.raises(UsageError, match="its tables are of version"):
            opened(path)


@pytest.mark.parametrize("page", range(1, 8))
def test_a_damaged_store_is_told_and_left_as_it_is(path, page):
    with MarketWriter(path) as store:
        run = begin(store, 200)
        for entry in store.waiting(run):
            store.keep(run, entry.number, f"key{entry.number}", Outcome(DONE, subjects=(SUBJECT,)))
    content = bytearray(path.read_bytes())
    content[page * 4096 : page * 4096 + 600] = b"\x5a" * 600
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"damaged|can't be used as a store"):
        MarketWriter(path)
    assert path.read_bytes() == content


class _Interrupted:
    """A connection during which somebody presses Ctrl-C just when all is committed."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __getattr__(self, name: str):
        return getattr(self._database, name)

    def execute(self, sql: str, *values):
        cursor = self._database.execute(sql, *values)
        if sql == "COMMIT":
            raise KeyboardInterrupt
        return cursor


def test_an_interruption_that_comes_after_the_commit_is_told_as_one_and_loses_nothing(path):
    with MarketWriter(path) as store:
        run = store.begin([Entry("market", "gauge", "/market/gauge")], "rules", {}, ["market"])
        store._database = _Interrupted(store._database)
        with pytest.raises(KeyboardInterrupt):
            store.keep(run, 1, "", Outcome(FAILED, "it ended"))
    with MarketReader(path) as reader:
        assert [row[0] for row in reader.ask("SELECT state FROM entry")] == [FAILED]
