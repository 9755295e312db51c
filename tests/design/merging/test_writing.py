"""Generating again: edits stay, what was deleted stays deleted, and a run that is cut off loses nothing."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.core.errors import UsageError
from reviewer.design.merging.state import PLACE, load
from reviewer.design.merging.threeway import YOURS
from reviewer.design.merging.writing import write_all

FIRST = {"a.md": "one\ntwo\nthree\n", "code/b.ts": "first\nsecond\nthird\n", "code/c.ts": "alone\n"}
SECOND = {"a.md": "one\ntwo\nthree\nfour\n", "code/b.ts": "first\nsecond\nlast\n", "d.md": "new\n"}


def texts(root: Path) -> dict[str, str]:
    """Return what is in the folder, without what the program remembers."""
    found = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    return {name: path.read_text(encoding="utf-8") for name, path in sorted(found.items()) if name != PLACE}


def test_the_first_run_writes_everything_and_a_second_changes_nothing(tmp_path: Path) -> None:
    assert write_all(FIRST, tmp_path).of("created") == tuple(sorted(FIRST))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    again = write_all(FIRST, tmp_path)
    assert not again.changed
    assert again.told() == "nothing has changed"
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_an_edit_stays_and_gets_the_new_text_beside_it(tmp_path: Path) -> None:
    write_all(FIRST, tmp_path)
    (tmp_path / "a.md").write_text("my one\ntwo\nthree\n", encoding="utf-8")
    done = write_all(SECOND, tmp_path)
    assert done.of("merged") == ("a.md",)
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == "my one\ntwo\nthree\nfour\n"
    assert not done.open


def test_a_collision_is_marked_reported_and_left_alone_until_it_is_resolved(tmp_path: Path) -> None:
    write_all(FIRST, tmp_path)
    (tmp_path / "code/b.ts").write_text("first\nsecond\nmine\n", encoding="utf-8")
    done = write_all(SECOND, tmp_path)
    assert done.open == ("code/b.ts",)
    marked = (tmp_path / "code/b.ts").read_text(encoding="utf-8")
    assert YOURS in marked
    assert {"mine", "last"} <= set(marked.split("\n"))
    again = write_all({**SECOND, "code/b.ts": "first\nsecond\nlater still\n"}, tmp_path)
    assert again.of("unresolved") == ("code/b.ts",)
    assert (tmp_path / "code/b.ts").read_text(encoding="utf-8") == marked
    (tmp_path / "code/b.ts").write_text("first\nsecond\nmine\n", encoding="utf-8")
    assert not write_all(SECOND, tmp_path).open


def test_a_file_that_a_person_deleted_stays_deleted(tmp_path: Path) -> None:
    write_all(FIRST, tmp_path)
    (tmp_path / "a.md").unlink()
    assert write_all(SECOND, tmp_path).of("deleted") == ("a.md",)
    write_all(SECOND, tmp_path)
    assert not (tmp_path / "a.md").exists()


def test_what_is_generated_no_more_goes_unless_somebody_edited_it(tmp_path: Path) -> None:
    write_all({**FIRST, "old/e.md": "text\n"}, tmp_path)
    (tmp_path / "code/c.ts").write_text("alone\nand edited\n", encoding="utf-8")
    done = write_all(SECOND, tmp_path)
    assert (done.of("removed"), done.of("left")) == (("old/e.md",), ("code/c.ts",))
    assert not (tmp_path / "old").exists()
    assert (tmp_path / "code/c.ts").read_text(encoding="utf-8") == "alone\nand edited\n"


def test_a_file_that_was_there_before_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("mine from the start\n", encoding="utf-8")
    assert write_all(FIRST, tmp_path).open == ("a.md",)
    assert write_all(SECOND, tmp_path).open == ("a.md",)
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == "mine from the start\n"


def test_bytes_that_are_no_text_stay_as_they_are(tmp_path: Path) -> None:
    write_all(FIRST, tmp_path)
    (tmp_path / "a.md").write_bytes(b"\xff\xfe\none\ntwo\nthree\n")
    write_all(SECOND, tmp_path)
    assert (tmp_path / "a.md").read_bytes() == b"\xff\xfe\none\ntwo\nthree\nfour\n"


def test_a_link_is_never_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    out = tmp_path / "out"
    out.mkdir()
    (out / "code").symlink_to(outside)
    with pytest.raises(UsageError, match="link"):
        write_all(FIRST, out)
    assert list(outside.iterdir()) == []


def test_a_damaged_state_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    write_all(FIRST, tmp_path)
    (tmp_path / PLACE).write_text("{", encoding="utf-8")
    before = texts(tmp_path)
    with pytest.raises(UsageError, match="put back the version"):
        write_all(SECOND, tmp_path)
    assert texts(tmp_path) == before


class Killed(BaseException):
    """Stands for the end of the process."""


def cut_off(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Let the process end at the replacing of a file, after so many others."""
    real, left = Path.replace, [after]

    def replace(self: Path, target: str | os.PathLike[str]) -> Path:
        if left[0] == 0:
            raise Killed
        left[0] -= 1
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)


@pytest.mark.parametrize("after", range(7))
@pytest.mark.parametrize("edited", [False, True])
def test_a_run_that_is_cut_off_anywhere_is_made_good_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int, edited: bool
) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    for root in (whole, cut):
        write_all(FIRST, root)
        if edited:
            (root / "a.md").write_text("my one\ntwo\nthree\n", encoding="utf-8")
            (root / "code/b.ts").write_text("first\nsecond\nmine\n", encoding="utf-8")
    write_all(SECOND, whole)
    with monkeypatch.context() as patch:
        cut_off(patch, after)
        try:
            write_all(SECOND, cut)
        except Killed:
            assert after < 6
    write_all(SECOND, cut)
    assert texts(cut) == texts(whole)
    assert (cut / PLACE).read_text(encoding="utf-8") == (whole / PLACE).read_text(encoding="utf-8")
    assert not write_all(SECOND, cut).changed


NAMES = st.sampled_from(["a.md", "b/c.ts", "d.md"])
TEXTS = st.lists(st.sampled_from(["red", "green", "blue", "white", ""]), max_size=6).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)
GENERATED = st.dictionaries(NAMES, TEXTS, max_size=3)
EDITS = st.dictionaries(NAMES, st.one_of(st.none(), st.integers(0, 6)), max_size=3)


@settings(max_examples=60)
@given(st.lists(st.tuples(GENERATED, EDITS), min_size=1, max_size=5), st.integers(0, 8), st.data())
def test_random_edits_survive_random_designs_and_random_ends(
    runs: list[tuple[dict[str, str], dict[str, int | None]]], after: int, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        root, mine = Path(name), dict[str, list[str]]()
        for number, (files, edits) in enumerate(runs):
            if data.draw(st.booleans()):
                with patch.context() as killing:
                    cut_off(killing, after)
                    with contextlib.suppress(Killed):
                        write_all(files, root)
            write_all(files, root)
            write_all(files, root)
            for path, place in edits.items():
                file = root / path
                if place is None:
                    file.unlink(missing_ok=True)
                    mine.pop(path, None)
                elif file.exists():
                    lines = file.read_text(encoding="utf-8").split("\n")
                    lines.insert(min(place, len(lines) - 1), f"mine {number}")
                    file.write_text("\n".join(lines), encoding="utf-8")
                    mine.setdefault(path, []).append(f"mine {number}")
        for path, lines in mine.items():
            found = (root / path).read_text(encoding="utf-8").split("\n")
            assert set(lines) <= set(found), path


def test_two_runs_into_one_folder_wait_for_each_other(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from reviewer.design.merging.writing import write_all\n"
        "files = {f'{number}.md': f'{sys.argv[2]}\\n' * 50 for number in range(40)}\n"
        "write_all(files, Path(sys.argv[1]))"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, tmp_path, word]) for word in ("one", "two", "three", "four")
    ]
    assert [process.wait(60) for process in running] == [0] * 4
    assert len(set(texts(tmp_path).values())) == 1
    assert load(tmp_path).files == texts(tmp_path)
