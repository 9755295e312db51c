"""The same input gives the same bytes: again, in several processes, from another folder, from the cache."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
COPIES = 208
"""More than 3 MB of code: enough for several workers."""


def run(*words: str | Path, cache: Path, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", "review", *map(str, words)],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(cache), "REVIEWER_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


@pytest.mark.parametrize(("example", "form"), [("flawed-host", "json"), ("flawed-py", "text"), ("flawed-ts", "sarif")])
def test_a_second_run_and_a_run_from_the_cache_give_the_same_bytes(tmp_path, example, form):
    fresh = run("--no-cache", "--format", form, example, cache=tmp_path / "a", cwd=EXAMPLES)
    first = run("--format", form, example, cache=tmp_path / "b", cwd=EXAMPLES)
    again = run("--format", form, example, cache=tmp_path / "b", cwd=EXAMPLES)
    assert fresh == first == again


def test_one_process_and_several_give_the_same_bytes(tmp_path):
    big = tmp_path / "big"
    for number in range(COPIES):
        shutil.copytree(EXAMPLES / "flawed-host" / "src", big / f"part{number}")
    one = run(
        "--no-cache",
        "--format",
        "json",
        "--expert",
        "lifecycle",
        "--jobs",
        "1",
        "big",
        cache=tmp_path / "a",
        cwd=tmp_path,
    )
    several = run(
        "--no-cache",
        "--format",
        "json",
        "--expert",
        "lifecycle",
        "--jobs",
        "4",
        "big",
        cache=tmp_path / "b",
        cwd=tmp_path,
    )
    assert one == several
    assert json.loads(one)["reviews"][0]["findings"]


def test_several_paths_side_by_side_are_told_of_in_the_order_in_which_they_were_named(tmp_path):
    paths = ["flawed-ts", "good-py", "flawed-host", "good-ts", "flawed-py"]
    one = run("--no-cache", "--format", "json", "--jobs", "1", *paths, cache=tmp_path / "a", cwd=EXAMPLES)
    several = run("--no-cache", "--format", "json", "--jobs", "4", *paths, cache=tmp_path / "b", cwd=EXAMPLES)
    assert one == several
    assert [review["subject"]["path"] for review in json.loads(one)["reviews"]] == paths


def test_a_change_of_one_byte_is_seen_behind_the_cache(tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(EXAMPLES / "flawed-ts", folder)
    before = run("--format", "json", "copy", cache=tmp_path / "c", cwd=tmp_path)
    source = folder / "src" / "label-printer.ts"
    source.write_text(source.read_text().replace("setInterval(", "void setInterval(", 1))
    after = run("--format", "json", "copy", cache=tmp_path / "c", cwd=tmp_path)
    assert before != after
    assert after == run("--no-cache", "--format", "json", "copy", cache=tmp_path / "d", cwd=tmp_path)


def test_a_damaged_cache_is_rebuilt_and_never_trusted(tmp_path):
    cache = tmp_path / "cache"
    first = run("--format", "json", "flawed-ts", cache=cache, cwd=EXAMPLES)
    kept = [path for path in cache.rglob("*") if path.is_file()]
    assert kept
    for damage in (b"", b"\x00" * 50, b'{"reviews": []}'):
        for path in kept:
            path.write_bytes(damage)
        assert run("--format", "json", "flawed-ts", cache=cache, cwd=EXAMPLES) == first
    for path in kept:
        if path.exists():
            path.write_bytes(path.read_bytes()[:-3] + b"xyz")
    assert run("--format", "json", "flawed-ts", cache=cache, cwd=EXAMPLES) == first


def test_a_cache_that_can_not_be_written_costs_time_and_nothing_else(tmp_path):
    (tmp_path / "file").write_text("")
    assert run("--format", "json", "good-ts", cache=tmp_path / "file" / "below", cwd=EXAMPLES)
