"""Runs of `reviewer batch` over small markets: what becomes of each entry, what is done again, and what is not."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from gauge import LEAK
from market_of_gauges import files_of, make_market, write_folder, write_zip

from reviewer.core.errors import UsageError
from reviewer.market.lock import alone
from reviewer.market.running import run, task
from reviewer.market.running.content import content_of

FAST = ("--select", "LIF001", "--jobs", "1")
ENTRIES = "SELECT number, name, state, error, reused, result, digest, seconds FROM entry WHERE run = ? ORDER BY number"


def states(batch):
    return {name: state for _number, name, state, *_rest in batch.rows(ENTRIES, 1)}


def test_a_market_is_reviewed_and_every_finding_is_in_the_store(batch):
    market = make_market(batch.home / "market", 6)
    ran = batch(market, "--store", batch.store, *FAST, "--fail-on", "low")
    assert ran.code == 1, ran.err
    assert set(states(batch).values()) == {"done"}
    found = batch.rows("SELECT entry_name, plugin, rule, path, line, excerpt FROM run_finding WHERE rule = 'LIF001'")
    assert [(row[0], row[1]) for row in found] == [(f"gauge{n:03}", f"org.saltmarsh.gauge{n}") for n in range(6)]
    assert {row[3].rpartition("/")[2] for row in found} == {"plugin.js"}
    assert all("context.eventBus.on" in row[5] and row[4] == 5 for row in found)
    needs = batch.rows("SELECT DISTINCT name, range, kind FROM dependency")
    assert needs == [("org.saltmarsh.tides", "^1.0.0", "plugin")]
    assert batch.rows("SELECT DISTINCT publisher FROM subject") == [("saltmarsh",)]
    assert "6 findings at or above low" in ran.out or "findings at or above low" in ran.out
    assert batch.rows("SELECT count(*) FROM file WHERE path LIKE '%plugin.js'") == [(6,)]


def test_what_can_not_be_reviewed_is_an_entry_with_its_reason_and_the_run_goes_on(batch):
    market = make_market(batch.home / "market", 2)
    (market / "damaged.zip").write_bytes(b"PK\x03\x04 cut off")
    (market / "pictures").mkdir()
    (market / "pictures" / "logo.svg").write_text("<svg/>")
    promised = write_zip(batch.home / "promised.zip", files_of(7))
    rows = [
        {"name": "promised", "path": "promised.zip", "digest": content_of(promised).digest},
        {"name": "exchanged", "path": "promised.zip", "digest": f"sha256:{'0' * 64}"},
        {"name": "missing", "path": "nowhere.zip"},
    ]
    (batch.home / "list.jsonl").write_text("\n".join(map(json.dumps, rows)))
    ran = batch(market, "list.jsonl", "--store", batch.store, *FAST, "--fail-on", "critical")
    assert ran.code == 4, ran.out + ran.err
    assert states(batch) == {
        "damaged": "refused",
        "gauge000": "done",
        "gauge001": "done",
        "pictures": "empty",
        "promised": "done",
        "exchanged": "refused",
        "missing": "refused",
    }
    errors = {row[1]: row[3] for row in batch.rows(ENTRIES, 1)}
    assert "is not what was promised: its sha256 is" in errors["exchanged"]
    assert errors["missing"] == "there is no such file or folder"
    assert str(batch.home) not in errors["damaged"]
    for name in ("damaged", "exchanged", "missing"):
        assert name in ran.out


def test_findings_outrank_what_could_not_be_looked_at(batch):
    market = make_market(batch.home / "market", 1)
    (market / "damaged.zip").write_bytes(b"PK\x03\x04 cut off")
    assert batch(market, "--store", batch.store, *FAST, "--fail-on", "low").code == 1


def test_a_subject_that_ends_its_worker_is_an_entry_and_its_neighbours_are_reviewed(batch):
    market = make_market(batch.home / "market", 3)
    bomb = {**files_of(9), "src/bomb.ts": "a<b," * 20_000}
    write_folder(market / "bomb", bomb)
    # The bomb takes far longer than a file may; that it may take less makes the test shorter.
    ran = batch(market, "--store", batch.store, *FAST, "--fail-on", "critical", REVIEWER_TIME_FACTOR="0.3")
    assert ran.code == 4, ran.out + ran.err
    assert set(states(batch).values()) == {"done"}
    (row,) = batch.rows(
        "SELECT skipped.reason, skipped.matters, subject.complete FROM skipped JOIN subject ON subject.id = subject"
        " WHERE skipped.path = 'src/bomb.ts'"
    )
    assert "analysis was stopped" in row[0]
    assert row[1:] == (1, 0)
    assert batch.rows("SELECT count(*) FROM run_finding WHERE rule = 'LIF001'") == [(4,)]
    # Another run may come further, so that result is not taken for it; those of the neighbours are.
    batch(market, "--store", batch.store, *FAST, REVIEWER_TIME_FACTOR="0.3")
    assert {row[1]: row[4] for row in batch.rows(ENTRIES, 2)} == {
        "bomb": 0,
        "gauge000": 1,
        "gauge001": 1,
        "gauge002": 1,
    }


def test_a_second_run_takes_every_result_and_reviews_what_has_changed(batch):
    market = make_market(batch.home / "market", 6)
    batch(market, "--store", batch.store, *FAST)
    batch(market, "--store", batch.store, *FAST)
    first, second = batch.rows(ENTRIES, 1), batch.rows(ENTRIES, 2)
    assert [row[4] for row in second] == [1] * 6
    assert [row[5] for row in second] == [row[5] for row in first]
    (market / "gauge003" / "plugin.js").write_text("// changed\n" + LEAK)
    shutil.copy(market / "gauge001.zip", market / "gauge002b.zip")
    batch(market, "--store", batch.store, *FAST)
    third = {row[1]: row[4] for row in batch.rows(ENTRIES, 3)}
    assert {name for name, reused in third.items() if not reused} == {"gauge003"}
    assert len(third) == 7


def test_other_wishes_are_other_results_and_a_threshold_is_not(batch):
    market = make_market(batch.home / "market", 2)
    batch(market, "--store", batch.store, "--select", "LIF001")
    batch(market, "--store", batch.store, "--select", "LIF001", "--fail-on", "none")
    batch(market, "--store", batch.store, "--select", "LIF002")
    assert batch.rows("SELECT run, sum(reused) FROM entry GROUP BY run") == [(1, 0), (2, 2), (3, 0)]


def test_no_cache_reviews_all_of_it_and_later_runs_take_the_new_results(batch):
    market = make_market(batch.home / "market", 2)
    for words in ([], ["--no-cache"], []):
        batch(market, "--store", batch.store, *FAST, *words)
    results = {number: [row[5] for row in batch.rows(ENTRIES, number)] for number in (1, 2, 3)}
    assert set(results[1]).isdisjoint(results[2])
    assert results[3] == results[2]


def test_a_store_keeps_as_many_runs_as_it_is_told_to(batch):
    market = make_market(batch.home / "market", 1)
    for _ in range(3):
        batch(market, "--store", batch.store, *FAST, "--keep", "2")
    assert batch.rows("SELECT id FROM run ORDER BY id") == [(2,), (3,)]
    assert batch.rows("SELECT run, reused FROM entry ORDER BY run") == [(2, 1), (3, 1)]
    assert batch.rows("SELECT count(*) FROM run_finding WHERE run = 3 AND rule = 'LIF001'") == [(1,)]


def test_equal_contents_are_reviewed_once_and_are_entries_of_their_own(batch):
    market = batch.home / "market"
    market.mkdir()
    for name in ("a", "b", "c", "d"):
        write_zip(market / f"{name}.zip", files_of(1))
    batch(market, "--store", batch.store, *FAST)
    rows = batch.rows(ENTRIES, 1)
    assert len({row[5] for row in rows}) == 1
    assert sorted(row[4] for row in rows) == [0, 1, 1, 1]
    assert batch.rows("SELECT count(*), count(DISTINCT entry) FROM run_finding WHERE rule = 'LIF001'") == [(4, 4)]


def test_the_same_subjects_give_the_same_bytes_whatever_was_ready_first(batch, another):
    market = make_market(batch.home / "market", 9)
    write_folder(market / "big", {**files_of(50), **{f"src/part{n}.js": LEAK * 20 for n in range(6)}})
    other = another("other")
    batch(market, "--store", batch.store, "--expert", "lifecycle", "--jobs", "1")
    other(market, "--store", other.store, "--expert", "lifecycle", "--jobs", "4")
    assert batch.exported("one") == other.exported("one")


def test_the_store_is_read_while_it_is_written(batch):
    market = make_market(batch.home / "market", 20)
    process = batch.start(market, "--store", batch.store, *FAST)
    seen = set()
    while process.poll() is None:
        if batch.store.exists():
            with contextlib.suppress(UsageError):  # before the tables are there
                seen.add(batch.rows("SELECT count(*) FROM entry WHERE state = 'done'")[0][0])
    process.communicate()
    assert len(seen) > 3, seen
    assert batch.rows("SELECT count(*) FROM entry WHERE state = 'done'") == [(20,)]


def test_a_second_run_into_the_same_store_is_refused_while_the_first_goes_on(batch):
    market = make_market(batch.home / "market", 1)
    with alone(batch.store):
        ran = batch(market, "--store", batch.store, *FAST)
    assert (ran.code, "another run is writing to it" in ran.err) == (2, True)
    assert batch(market, "--store", batch.store, *FAST, "--fail-on", "none").code == 0


def test_nothing_is_kept_of_a_run_that_asks_for_what_there_is_not(batch):
    market = make_market(batch.home / "market", 1)
    ran = batch(market, "--store", batch.store, "--select", "SEC9999")
    assert (ran.code, "SEC9999" in ran.err) == (2, True)
    ran = batch(market, "--store", batch.store, "--ecosystem", "genric")
    assert (ran.code, "generic" in ran.err) == (2, True)
    assert not batch.store.exists()


def test_a_market_without_subjects_is_told_apart_from_a_clean_one(batch):
    (batch.home / "market").mkdir()
    ran = batch("market", "--store", batch.store)
    assert (ran.code, "neither a folder nor an archive" in ran.err) == (3, True)
    (batch.home / "market" / "empty").mkdir()
    assert batch("market", "--store", batch.store).code == 3


def test_without_sources_the_last_run_is_told_of(batch):
    market = make_market(batch.home / "market", 2)
    first = batch(market, "--store", batch.store, *FAST)
    again = batch("--store", batch.store)
    assert (again.out, again.code) == (first.out, first.code)
    data = json.loads(batch("--store", batch.store, "--format", "json").out)
    assert (data["schema"], data["entries"]["done"], data["gate"]["result"]) == ("reviewer/batch/1", 2, "pass")
    ran = batch("--store", batch.home / "none.db")
    assert (ran.code, "there is no such store" in ran.err) == (2, True)


@pytest.mark.parametrize("damage", ["another program's database", "no database"])
def test_a_file_that_is_no_store_is_left_as_it_is(batch, damage):
    if damage == "no database":
        batch.store.write_bytes(b"this is no database, whatever its name may say" * 100)
    else:
        with sqlite3.connect(batch.store) as other:
            other.execute("CREATE TABLE cake (name)")
        other.close()
    before = batch.store.read_bytes()
    market = make_market(batch.home / "market", 1)
    ran = batch(market, "--store", batch.store, *FAST)
    assert (ran.code, "--store" in ran.err) == (2, True), ran.err
    assert batch.store.read_bytes() == before


def test_own_rules_of_a_named_configuration_speak_and_a_subject_s_own_configuration_does_not(batch):
    code = f'import moment from "moment";\n{LEAK}\n// context.commands.register\n'
    files = {**files_of(1, code), "reviewer.toml": 'ignore = ["LIF001"]\n'}
    write_folder(batch.home / "market" / "gauge", files)
    shutil.copytree(Path(__file__).parents[2] / "examples" / "own-rules", batch.home / "own-rules")
    (batch.home / "market.toml").write_text('skills = ["own-rules"]\nselect = ["LIF001", "ACME001", "ACME002"]\n')
    batch("market", "--store", batch.store, "--config", "market.toml", "--jobs", "1")
    assert batch.rows("SELECT rule, line FROM run_finding ORDER BY rule") == [("ACME001", 2), ("LIF001", 6)]
    before = batch.rows("SELECT rules FROM run")
    page = batch.home / "own-rules" / "acme" / "rules" / "ACME001-no-moment.md"
    page.write_text(page.read_text().replace("70 kB", "71 kB"))
    batch("market", "--store", batch.store, "--config", "market.toml", "--jobs", "1")
    assert batch.rows("SELECT run, reused FROM entry ORDER BY run") == [(1, 0), (2, 0)], (
        "a changed rule is another rule"
    )
    assert batch.rows("SELECT rules FROM run WHERE id = 2") != before


def test_a_log_of_a_run_says_how_far_it_is_and_the_report_stands_alone(batch):
    market = make_market(batch.home / "market", 3)
    ran = batch(market, "--store", batch.store, *FAST)
    assert ran.err.startswith("reviewer: run 1: 3 of 3")
    assert ran.out.startswith("run ")


def test_rules_that_change_while_a_run_is_under_way_end_it_and_the_next_one_goes_by_the_new_ones(batch, monkeypatch):
    shutil.copytree(Path(__file__).parents[2] / "examples" / "own-rules", batch.home / "own-rules")
    (batch.home / "market.toml").write_text('skills = ["own-rules"]\nselect = ["LIF001", "ACME001"]\n')
    market = make_market(batch.home / "market", 3)
    page = batch.home / "own-rules" / "acme" / "rules" / "ACME001-no-moment.md"
    words = (market, "--store", batch.store, "--config", "market.toml", "--jobs", "1")
    with monkeypatch.context() as patched:
        patched.setattr(task, "_TRUST", 0.0)
        patched.setattr(run, "settings_of", lambda _wishes: page.write_text(page.read_text() + "\n") and {})
        ran = batch(*words)
    assert (ran.code, "they have changed meanwhile" in ran.err) == (2, True)
    assert batch.rows("SELECT count(*) FROM result") == [(0,)], "nothing is kept under rules that it was not found by"
    assert batch(*words, "--fail-on", "none").code == 0
    assert batch.rows("SELECT run, state, count(*) FROM entry GROUP BY run, state") == [
        (1, "waiting", 3),
        (2, "done", 3),
    ]
