"""TAR archives, packed with gzip or not."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.core.errors import ReviewerError, UnreadableError
from reviewer.subject import archive_tar
from reviewer.subject.archive_tar import open_tar
from reviewer.subject.limits import MAX_FILE_BYTES

GOOD = {"package/index.js": b"export const a = 1;\n" * 50, "package/package.json": b"{}", "package/e": b""}


def member(name: str, **more: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    for key, value in more.items():
        setattr(info, key, value)
    return info


def packed(files: dict[str, bytes] | list[tuple[tarfile.TarInfo, bytes]], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    pairs = files if isinstance(files, list) else [(member(name), content) for name, content in files.items()]
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for info, content in pairs:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def squeezed(files: dict[str, bytes] | list[tuple[tarfile.TarInfo, bytes]], form: int = tarfile.PAX_FORMAT) -> bytes:
    return gzip.compress(packed(files, form), mtime=0)


def hints(root) -> list[tuple[str, str]]:
    return [(one.rule_hint, one.path) for one in root.problems]


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("pack", [packed, squeezed])
def test_every_file_of_an_honest_archive_can_be_read(pack, form):
    long = "package/" + "d" * 60 + "/" + "f" * 70 + ".js"
    root = open_tar("a.tgz", pack({**GOOD, long: b"long"}, form))
    assert {path: root.read(path) for path in root.entries} == {
        "e": b"",
        "index.js": GOOD["package/index.js"],
        "package.json": b"{}",
        long.removeprefix("package/"): b"long",
    }
    assert root.archive
    assert root.problems == []
    assert root.skipped == []


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_names_of_other_scripts_are_read(form):
    root = open_tar("a.tgz", squeezed({"ä/ж" + "x" * 120 + ".js": b"1", "b": b""}, form))
    assert list(root.entries) == ["b", "ä/ж" + "x" * 120 + ".js"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("../evil.js", "climbs-out"),
        ("package/../../evil.js", "climbs-out"),
        ("/etc/passwd", "absolute"),
        ("C:/evil.js", "absolute"),
        ("a\x07.js", "bad-name"),
        ("d/" * 60 + "a.js", "bad-name"),
    ],
)
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_an_entry_with_a_hostile_name_becomes_a_problem_and_the_others_are_read(name, hint, form):
    root = open_tar("a.tgz", squeezed({**GOOD, name: b"evil"}, form))
    assert [one for one, _ in hints(root)] == [hint]
    assert list(root.entries) == ["e", "index.js", "package.json"]
    assert [one.matters for one in root.skipped] == [True]


def test_two_entries_of_one_name_are_both_unreadable():
    root = open_tar("a.tgz", squeezed([(member("p/a.js"), b"1"), (member("p/./a.js"), b"2"), (member("p/b"), b"")]))
    assert hints(root) == [("duplicate", "p/a.js")]
    assert list(root.entries) == ["b"]


def test_an_entry_that_stands_twice_with_one_content_is_read():
    root = open_tar("a.tgz", squeezed([(member("p/./a.js"), b"1"), (member("p/a.js"), b"1"), (member("p/b"), b"")]))
    assert hints(root) == []
    assert list(root.entries) == ["a.js", "b"]


def test_a_third_entry_of_another_content_is_a_duplicate():
    files = [(member("p/a.js"), b"1"), (member("p/a.js"), b"1"), (member("p/./a.js"), b"2"), (member("p/b"), b"")]
    assert hints(open_tar("a.tgz", squeezed(files))) == [("duplicate", "p/a.js")]


def test_links_are_never_followed():
    files = [
        (member("p/out", type=tarfile.SYMTYPE, linkname="../../x"), b""),
        (member("p/abs", type=tarfile.SYMTYPE, linkname="/etc"), b""),
        (member("p/hard", type=tarfile.LNKTYPE, linkname="../x"), b""),
        (member("p/in.js", type=tarfile.SYMTYPE, linkname="a.js"), b""),
        (member("p/a.js"), b"1"),
    ]
    root = open_tar("a.tgz", squeezed(files))
    assert hints(root) == [("link", "p/abs"), ("link", "p/hard"), ("link", "p/out")]
    assert list(root.entries) == ["a.js"]
    assert ("in.js", "link to p/a.js") in [(one.path, one.reason) for one in root.skipped]


def test_a_file_below_a_link_is_a_problem():
    files = [(member("lib", type=tarfile.SYMTYPE, linkname="src"), b""), (member("lib/a.js"), b"1")]
    assert hints(open_tar("a.tgz", squeezed(files))) == [("duplicate", "lib")]


def test_devices_and_pipes_are_named():
    files = [
        (member("tty.js", type=tarfile.CHRTYPE), b""),
        (member("pipe", type=tarfile.FIFOTYPE), b""),
        (member("a.js"), b"1"),
    ]
    root = open_tar("a.tar", packed(files))
    assert [(one.path, one.reason, one.matters) for one in root.skipped] == [
        ("pipe", "a named pipe, not a file", False),
        ("tty.js", "a device, not a file", True),
    ]


def test_an_entry_over_the_size_limit_is_passed_over():
    noise = b"".join(hashlib.sha256(bytes([n & 255, n >> 8])).digest() for n in range(4000))
    noise *= MAX_FILE_BYTES // len(noise) + 1
    root = open_tar("a.tar", packed({"big.js": noise, "z.js": b"1"}))
    assert list(root.entries) == ["z.js"]
    assert [(one.path, one.matters) for one in root.skipped] == [("big.js", True)]


def refused(data: bytes, match: str) -> None:
    with pytest.raises(UnreadableError, match=match):
        open_tar("a.tgz", data)


def test_a_gzip_bomb_is_refused():
    refused(squeezed({"a.bin": bytes(5_000_000)}), "more than 200 times its size")


def test_the_bytes_of_all_entries_together_are_bounded(monkeypatch):
    monkeypatch.setattr(archive_tar, "MAX_UNPACKED_BYTES", 10_000)
    refused(squeezed({f"{number}.js": b"x" * 4000 for number in range(3)}), "unpacks to more than 10 kB")


def test_the_count_of_entries_is_bounded(monkeypatch):
    monkeypatch.setattr(archive_tar, "MAX_ENTRIES", 5)
    refused(squeezed({f"{number}.js": b"" for number in range(6)}), "more than 5 entries")


def test_a_large_extended_header_is_refused():
    refused(squeezed([(member("a.js", pax_headers={"comment": "x" * 70_000}), b"")]), "extended header is larger")
    refused(squeezed({"n" * 70_000: b""}, tarfile.GNU_FORMAT), "extended header is larger")


def test_a_sparse_file_is_refused():
    refused(squeezed([(member("a.js", pax_headers={"GNU.sparse.major": "1"}), b"")]), "sparse")
    refused(squeezed([(member("a.js", type=b"S"), b"")]), "sparse")


def test_an_extended_header_for_all_entries_may_not_rename_them():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", pax_headers={"path": "evil.js"}) as archive:
        archive.addfile(member("a.js"), io.BytesIO())
    refused(gzip.compress(out.getvalue()), "one path")


def test_the_comment_of_a_version_control_export_is_accepted():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", pax_headers={"comment": "0" * 40}) as archive:
        archive.addfile(member("a.js"), io.BytesIO())
    assert list(open_tar("a.tar", out.getvalue()).entries) == ["a.js"]


def test_several_gzip_members_are_one_stream():
    raw = packed(GOOD)
    data = gzip.compress(raw[:700]) + gzip.compress(raw[700:])
    assert len(open_tar("a.tgz", data).entries) == 3


def test_bytes_after_the_end_are_refused():
    refused(squeezed(GOOD) + b"more", "bytes after its end")
    refused(gzip.compress(packed(GOOD) + packed({"evil.js": b""})), "bytes after its end")
    assert len(open_tar("a.tgz", squeezed(GOOD) + bytes(100)).entries) == 3


def test_a_damaged_checksum_is_refused():
    data = bytearray(squeezed(GOOD))
    data[-6] ^= 1
    refused(bytes(data), "damaged")


def test_what_is_no_archive_is_refused():
    refused(b"", "no TAR archive")
    refused(gzip.compress(b"let a = 1;" * 100), "no TAR archive|no valid number")
    refused(b"x" * 5000, "no TAR archive|no valid number")


def test_an_archive_cut_off_anywhere_is_refused():
    data = squeezed({"p/a.js": b"let a = 1;" * 9, "p/plugin.json": b"{}"})
    for length in range(len(data)):
        with pytest.raises(ReviewerError):
            open_tar("a.tgz", data[:length])


def test_a_plain_archive_cut_off_inside_a_file_is_refused():
    data = packed({"p/a.js": b"let a = 1;" * 90, "p/plugin.json": b"{}"})
    for length in range(0, 2560, 7):
        with pytest.raises(ReviewerError):
            open_tar("a.tar", data[:length])


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_damaged_archive_is_read_or_refused_and_never_crashes(data):
    raw = bytearray(packed({"p/a.js": b"let a = 1;" * 9, "p/" + "long" * 40: b"{}"})[:6000])
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        root = open_tar("a.tar", bytes(raw))
    except ReviewerError:
        return
    for path in root.entries:
        assert len(root.read(path)) == root.entries[path].size
