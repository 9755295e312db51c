"""Exports hold every row of a run, in JSON Lines and in Parquet alike."""

from __future__ import annotations

import json
import subprocess
import sys

from market_of_gauges import files_of, make_market, write_folder

WORDS = ("--expert", "lifecycle", "--jobs", "1")
TABLES = {"run", "entry", "subject", "finding", "permission", "skipped", "problem", "dependency", "file"}


def test_both_forms_hold_the_same_rows_and_nothing_of_when_and_how_fast(batch):
    from pyarrow.parquet import read_table

    market = make_market(batch.home / "market", 3)
    write_folder(market / "hidden", {**files_of(8), "src/we\u202eird \u00fc.js": "setInterval(() => {}, 5); // \x00"})
    batch(market, "--store", batch.store, *WORDS, "--export", "lines")
    parquet = batch.exported("parquet", "--export-format", "parquet")
    assert {name.removesuffix(".parquet") for name in parquet} == TABLES
    for table in TABLES:
        text = (batch.home / "lines" / f"{table}.jsonl").read_text("ascii")
        rows = [json.loads(line) for line in text.splitlines()]
        assert read_table(batch.home / "parquet" / f"{table}.parquet").to_pylist() == rows
        assert not {"seconds", "reused", "started", "finished", "id"} & {key for row in rows for key in row}
    findings = [json.loads(line) for line in (batch.home / "lines" / "finding.jsonl").read_text().splitlines()]
    assert len(findings) == len(batch.rows("SELECT 1 FROM run_finding"))
    assert batch.exported("parquet", "--export-format", "parquet") == parquet


def test_a_form_whose_library_is_missing_is_told_before_the_work(batch):
    market = make_market(batch.home / "market", 1)
    program = (
        "import sys\nsys.modules['pyarrow'] = None\n"
        "from reviewer.cli.main import main\n"
        f"sys.exit(main(['batch', {str(market)!r}, '--export', 'out', '--export-format', 'parquet']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=batch.home,
        env=batch.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "plugin-reviewer[market]" in done.stderr) == (2, True)
    assert not (batch.home / "market.db").exists()


def test_an_export_into_a_place_that_can_not_be_written_is_told(batch):
    market = make_market(batch.home / "market", 1)
    (batch.home / "file").write_text("in the way")
    ran = batch(market, "--store", batch.store, *WORDS, "--export", "file")
    assert (ran.code, "--export file: can't be written" in ran.err) == (2, True)
