"""Folders and single files on disk."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from reviewer.core.errors import UnreadableError
from reviewer.subject import folder as folder_module
from reviewer.subject.folder import FileRoot, FolderRoot, inside_target
from reviewer.subject.limits import MAX_FILE_BYTES


def fill(top: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return top


def reasons(root: FolderRoot) -> dict[str, str]:
    return {one.path: one.reason for one in root.skipped}


def test_every_regular_file_is_listed_in_the_order_of_its_bytes(tmp_path):
    root = FolderRoot(fill(tmp_path, {"b.js": "1", "a/z.js": "22", "a-b.js": "", "Ä.js": "", "a.js": ""}))
    assert list(root.entries) == ["a-b.js", "a.js", "a/z.js", "b.js", "Ä.js"]
    assert root.entries["a/z.js"].size == 2
    assert root.read("a/z.js") == b"22"
    assert not root.archive
    assert root.problems == []


def test_what_belongs_to_tools_is_named_once_and_not_entered(tmp_path):
    names = {"node_modules/x/index.js": "", ".git/config": "", "src/__pycache__/a.pyc": "", "src/a.py": ""}
    root = FolderRoot(fill(tmp_path, names))
    assert list(root.entries) == ["src/a.py"]
    assert set(reasons(root)) == {"node_modules", ".git", "src/__pycache__"}
    assert not any(one.matters for one in root.skipped)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    secret = tmp_path / "secret.js"
    secret.write_text("secret")
    top = fill(tmp_path / "top", {"a.js": ""})
    (top / "out.js").symlink_to("../secret.js")
    (top / "abs").symlink_to("/etc")
    (top / "in.js").symlink_to("a.js")
    root = FolderRoot(top)
    assert list(root.entries) == ["a.js"]
    assert reasons(root) == {
        "abs": "link out of the folder, to /etc",
        "in.js": "link to a.js",
        "out.js": "link out of the folder, to ../secret.js",
    }
    assert [one.path for one in root.skipped if one.matters] == ["out.js"]
    with pytest.raises(UnreadableError):
        root.read("out.js")


def test_a_file_that_becomes_a_link_after_the_listing_is_not_read(tmp_path):
    (tmp_path / "secret").write_text("secret")
    top = fill(tmp_path / "top", {"a.js": "", "sub/b.js": "mine"})
    root = FolderRoot(top)
    (top / "a.js").unlink()
    (top / "a.js").symlink_to("../secret")
    with pytest.raises(UnreadableError, match=r"a\.js"):
        root.read("a.js")
    (top / "sub").rename(top / "moved")
    (top / "sub").symlink_to("moved")
    with pytest.raises(UnreadableError):
        root.read("sub/b.js")


def test_a_folder_that_is_exchanged_after_the_listing_is_refused(tmp_path):
    root = FolderRoot(fill(tmp_path / "top", {"a.js": "1"}))
    (tmp_path / "top").rename(tmp_path / "old")
    fill(tmp_path / "top", {"a.js": "2"})
    with pytest.raises(UnreadableError, match="another folder"):
        root.read("a.js")


def test_pipes_and_sockets_are_named_and_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.js")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
    root = FolderRoot(tmp_path)
    assert reasons(root) == {"pipe.js": "a named pipe, not a file", "s": "a socket, not a file"}
    with pytest.raises(UnreadableError, match="a named pipe"):
        FileRoot(tmp_path / "pipe.js")


def test_three_thousand_nested_folders_end_at_the_depth_limit(tmp_path):
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        deeper = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    try:
        root = FolderRoot(tmp_path)
        assert [(one.reason, one.matters) for one in root.skipped] == [("deeper than 40 folders", True)]
    finally:
        _remove_deep(tmp_path)


def _remove_deep(top: Path) -> None:
    """Take a tree away that is too deep for the standard library: lift it up level by level."""
    aside = top.parent / "aside"
    while (top / "d").exists():
        (top / "d").rename(aside)
        top.rmdir()
        aside.rename(top)


def test_a_file_at_the_depth_limit_is_still_read(tmp_path):
    path = "/".join(["d"] * 40 + ["a.js"])
    assert list(FolderRoot(fill(tmp_path, {path: ""})).entries) == [path]


def test_a_file_over_the_size_limit_is_skipped_and_matters_when_it_is_source(tmp_path):
    for name in ("big.js", "big.png"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(MAX_FILE_BYTES + 1)
    root = FolderRoot(tmp_path)
    assert not root.entries
    assert [(one.path, one.matters) for one in root.skipped] == [("big.js", True), ("big.png", False)]
    assert root.skipped[0].reason.startswith("larger than 16 MB")


def test_a_file_that_grows_over_the_limit_is_refused(tmp_path):
    root = FolderRoot(fill(tmp_path, {"a.js": ""}))
    with (tmp_path / "a.js").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(UnreadableError, match="larger than 16 MB"):
        root.read("a.js")


def test_the_count_of_files_is_bounded_and_the_rest_is_said_to_be_missed(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_module, "MAX_FILES", 10)
    root = FolderRoot(fill(tmp_path, {f"{number:02}.js": "" for number in range(12)}))
    assert len(root.entries) == 10
    assert [(one.matters, "more than 10" in one.reason) for one in root.skipped] == [(True, True)]


def test_excluded_files_are_named_with_the_glob(tmp_path):
    files = {"src/a.js": "", "src/gen/b.js": "", "vendor/x/y.js": "", "c.min.js": ""}
    root = FolderRoot(fill(tmp_path, files), exclude=("src/gen/**", "vendor", "*.min.js"))
    assert list(root.entries) == ["src/a.js"]
    assert reasons(root) == {
        "c.min.js": "excluded by '*.min.js'",
        "src/gen": "excluded by 'src/gen/**'",
        "vendor": "excluded by 'vendor'",
    }


def test_a_name_that_is_not_utf_8_is_shown_escaped(tmp_path):
    os.close(os.open(os.fsencode(tmp_path) + b"/\xff.js", os.O_CREAT | os.O_WRONLY))
    root = FolderRoot(tmp_path)
    assert [(one.path, one.reason, one.matters) for one in root.skipped] == [
        ("\\xff.js", "its name is not UTF-8", True)
    ]


@contextmanager
def as_a_person_of_no_rights() -> Iterator[None]:
    """Let go of the superuser's rights, who may read everything, where the test runs with them."""
    mighty = os.geteuid() == 0
    if mighty:
        os.seteuid(65534)
    try:
        yield
    finally:
        if mighty:
            os.seteuid(0)


def test_what_may_not_be_read_is_said():
    with TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        fill(place, {"a.js": "", "closed/b.js": ""})
        (place / "a.js").chmod(0)
        (place / "closed").chmod(0)
        with as_a_person_of_no_rights():
            root = FolderRoot(place)
            assert [(one.path, one.matters) for one in root.skipped] == [("closed", True)]
            with pytest.raises(UnreadableError, match="permission denied"):
                root.read("a.js")
        (place / "closed").chmod(0o700)


def test_a_single_file_is_a_root_with_one_entry(tmp_path):
    fill(tmp_path, {"src/permissions.ts": "let a = 1", "src/other.ts": ""})
    root = FileRoot(tmp_path / "src/permissions.ts")
    assert list(root.entries) == ["permissions.ts"]
    assert root.read("permissions.ts") == b"let a = 1"
    with pytest.raises(UnreadableError):
        root.read("other.ts")


@pytest.mark.parametrize(
    ("path", "target", "inside"),
    [
        ("a/b", "../c", "c"),
        ("a/b", "./c/../d", "a/d"),
        ("a/b", "../../c", None),
        ("a/b", "/etc/passwd", None),
        ("a", "..", None),
        ("a/b", "..", ""),
        ("a", "C:\\x", None),
        ("a", "..\\x", None),
    ],
)
def test_where_a_link_leads_is_worked_out_on_names_alone(path, target, inside):
    assert inside_target(path, target) == inside
