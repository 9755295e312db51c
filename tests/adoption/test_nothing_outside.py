"""What a repository brings along never makes the program write, or believe, something outside of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adoption.conftest import Repository


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Return a file of the person's that nobody may touch."""
    file = tmp_path / "precious"
    file.write_text("precious")
    return file


def test_a_configuration_names_no_baseline_outside_its_folder(gauge: Repository, outside: Path):
    for name in ("../precious", str(outside), "a/../../precious"):
        gauge.write("reviewer.toml", f'baseline = "{name}"\n')
        done = gauge.review("--write-baseline")
        assert (done.code, "below the configuration's folder" in done.err) == (2, True)
    assert outside.read_text() == "precious"


def test_nothing_is_written_through_a_link(gauge: Repository, outside: Path):
    (gauge.folder / ".reviewer").mkdir()
    (gauge.folder / ".reviewer/baseline.json").symlink_to(outside)
    (gauge.folder / ".reviewer/signoff.toml").symlink_to(outside)
    assert "name a baseline outside of it" in gauge.review("--write-baseline", "--untrusted").err
    (gauge.folder / ".reviewer/signoff.toml").unlink()
    assert "no plain file" in gauge.review("--write-baseline").err
    assert outside.read_text() == "precious"


def test_a_linked_folder_is_not_written_to(gauge: Repository, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (gauge.folder / ".reviewer").symlink_to(elsewhere)
    (gauge.folder / ".github").symlink_to(elsewhere)
    assert "is a link" in gauge.review("--write-baseline").err
    assert "is a link" in gauge.call("signoff", "API7", "--who", "A", "--why", "b").err
    assert "leads out of the repository" in gauge.call("init", "--ci", "github").err
    assert list(elsewhere.iterdir()) == []


def test_a_linked_sign_off_is_still_the_strangers_own(gauge: Repository, tmp_path: Path):
    gauge.call("signoff", "API7", "--who", "A", "--why", "b")
    (gauge.folder / ".reviewer").rename(tmp_path / "signed")
    (gauge.folder / ".reviewer").symlink_to(tmp_path / "signed")
    done = gauge.review("--untrusted")
    assert done.report["reviews"][0]["ignored"] == [".reviewer/signoff.toml: sign-off"]
    (answer,) = [one for one in done.report["reviews"][0]["checklist"] if one["id"] == "API7"]
    assert answer["status"] == "not assessed"
