"""Edits that are safe: they take the finding away, change nothing else, and a second run changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.core.location import Edit, Location
from reviewer.engine.fixing import edited

BUS = """export class Chain {
  constructor(private readonly steps: ((data: unknown, next: () => Promise<void>) => Promise<void>)[]) {}
}
export const stamp = async (data: Map<string, number>, next: () => Promise<void>): Promise<void> => {
  data.set("at", Date.now()); // größer als nichts
  next();
};
"""
HOST = '{"name": "kiln-host", "version": "1.0.0"}'


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reviewer", "review", "--no-cache", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def rules(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [f["rule"] for review in json.loads(done.stdout)["reviews"] for f in review["findings"]]


@pytest.fixture
def host(tmp_path) -> Path:
    """Return a host whose middleware does not wait for the rest of the chain."""
    folder = tmp_path / "host"
    folder.mkdir()
    (folder / "package.json").write_text(HOST)
    (folder / "chain.ts").write_bytes(BUS.encode())
    return folder


OPTIONS = ("--kind", "host", "--format", "json", "--select", "COM042", "--fail-on", "none")


def test_a_fix_takes_the_finding_away_and_changes_nothing_else(host):
    assert rules(run(host, *OPTIONS, ".")) == ["COM042"]
    done = run(host, *OPTIONS, "--fix", ".")
    assert rules(done) == []
    assert "mended 1 finding in 1 file" in done.stderr
    assert (host / "chain.ts").read_bytes().decode() == BUS.replace("  next();", "  await next();")
    assert sorted(path.name for path in host.iterdir() if path.name != ".cache") == ["chain.ts", "package.json"]
    again = run(host, *OPTIONS, "--fix", ".")
    assert "nothing can be mended" in again.stderr
    assert (host / "chain.ts").read_bytes().decode() == BUS.replace("  next();", "  await next();")


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_stay_as_they_are(host, start):
    odd = start + BUS.replace("\n", "\r\n").encode()
    (host / "chain.ts").write_bytes(odd)
    run(host, *OPTIONS, "--fix", ".")
    assert (host / "chain.ts").read_bytes() == odd.replace(b"  next();", b"  await next();")


def test_a_diff_shows_the_edit_and_changes_nothing(host):
    done = run(host, *OPTIONS, "--diff", ".")
    assert "-  next();\n+  await next();\n" in done.stdout
    assert done.returncode == 1
    assert (host / "chain.ts").read_bytes().decode() == BUS
    patched = subprocess.run(
        ["git", "apply", "--check", "-p1", "-"], input=done.stdout, cwd=host, text=True, check=False
    )
    assert patched.returncode == 0


def test_a_suppressed_finding_is_not_mended(host):
    quiet = BUS.replace("  next();", "  // reviewer: ignore[COM042] nothing follows\n  next();")
    (host / "chain.ts").write_text(quiet)
    run(host, *OPTIONS, "--fix", ".")
    assert (host / "chain.ts").read_text() == quiet


def test_a_file_behind_a_link_is_not_written(host, tmp_path):
    (host / "chain.ts").rename(tmp_path / "elsewhere.ts")
    (host / "chain.ts").symlink_to(tmp_path / "elsewhere.ts")
    run(host, *OPTIONS, "--fix", ".")
    assert (tmp_path / "elsewhere.ts").read_text() == BUS


def test_archives_and_the_untrusted_are_only_read(host, tmp_path):
    path = tmp_path / "host.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("package.json", HOST)
        archive.writestr("chain.ts", BUS)
    before = path.read_bytes()
    for words in (("--fix", str(path)), ("--fix", "--untrusted", ".")):
        done = run(host, *OPTIONS, *words)
        assert (done.returncode, done.stdout) == (2, "")
    assert path.read_bytes() == before


TEXT = ["let a = 1;", "", "  b(a, ü);", "end"]
places = st.builds(
    lambda line, first, second: Location("f", line, min(first, second), line, max(first, second)),
    st.integers(1, len(TEXT)),
    st.integers(1, 5),
    st.integers(1, 5),
).filter(lambda place: place.end_column <= len(TEXT[place.line - 1]) + 1)


@given(st.lists(st.lists(st.builds(Edit, places, st.text("xyz", max_size=3)), min_size=1, max_size=2), max_size=5))
def test_groups_of_edits_are_applied_whole_or_not_at_all(groups):
    text, applied = edited(TEXT, groups)
    assert 0 <= applied <= len(groups)
    assert text.count("\n") == len(TEXT) - 1
    if applied == len(groups):
        edits = [edit for group in groups for edit in set(group)]  # the same edit twice in one group is one
        removed = sum(edit.location.end_column - edit.location.column for edit in edits)
        assert len(text) == len("\n".join(TEXT)) - removed + sum(len(edit.replacement) for edit in edits)


def test_of_two_edits_of_one_place_the_first_is_applied():
    place = Location("f", 1, 5, 1, 6)
    text, applied = edited(TEXT, [[Edit(place, "x")], [Edit(place, "y")]])
    assert (text.split("\n")[0], applied) == ("let x = 1;", 1)
