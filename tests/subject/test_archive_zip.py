"""ZIP archives: honest ones, hostile entries, and archives that can't be trusted at all."""

from __future__ import annotations

import hashlib
import io
import stat
import struct
import warnings
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.core.errors import ReviewerError, UnreadableError
from reviewer.subject import archive_zip
from reviewer.subject.archive_zip import ZipRoot
from reviewer.subject.limits import MAX_FILE_BYTES


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    return packed_pairs(list(files.items()), method)


def packed_pairs(files: list[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # duplicate names are the point of some archives
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def hints(root: ZipRoot) -> list[tuple[str, str]]:
    return [(one.rule_hint, one.path) for one in root.problems]


GOOD = {"plugin.json": b'{"id": "a.b"}', "src/index.js": b"export const a = 1;\n" * 50, "empty.txt": b""}


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_every_file_of_an_honest_archive_can_be_read(method):
    root = ZipRoot("a.zip", packed(GOOD, method))
    assert {path: root.read(path) for path in root.entries} == GOOD
    assert list(root.entries) == sorted(GOOD)
    assert root.entries["src/index.js"].size == 1000
    assert root.archive
    assert root.problems == []
    assert root.skipped == []


def test_an_archive_written_to_a_pipe_can_be_read():
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data) -> int:
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in GOOD.items():
            archive.writestr(name, content)
        with archive.open("big.js", "w", force_zip64=True) as file:
            file.write(b"x" * 1000)
    root = ZipRoot("a.zip", pipe.data)
    assert root.read("src/index.js") == GOOD["src/index.js"]
    assert root.read("big.js") == b"x" * 1000


def test_the_folder_that_wraps_everything_is_taken_off():
    root = ZipRoot("a.zip", packed({f"my-plugin-1.2/{name}": content for name, content in GOOD.items()}))
    assert list(root.entries) == sorted(GOOD)
    assert root.read("plugin.json") == GOOD["plugin.json"]


def test_a_folder_that_is_content_is_kept():
    assert list(ZipRoot("a.zip", packed({"src/a.js": b"1"})).entries) == ["src/a.js"]


def test_an_empty_archive_has_no_entries():
    assert ZipRoot("a.zip", packed({})).entries == {}


def test_folders_of_an_archive_are_no_entries():
    assert list(ZipRoot("a.zip", packed({"./": b"", "a/": b"", "a/b.js": b"", "c.js": b""})).entries) == [
        "a/b.js",
        "c.js",
    ]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("../../evil.js", "climbs-out"),
        ("a/../../evil.js", "climbs-out"),
        ("..\\evil.js", "climbs-out"),
        ("/etc/passwd", "absolute"),
        ("\\\\server\\share", "absolute"),
        ("C:\\evil.js", "absolute"),
        ("c:evil.js", "absolute"),
        ("a\nb.js", "bad-name"),
        ("a\x1b[31m.js", "bad-name"),
        ("a\u202ejs.exe", "bad-name"),
        ("d/" * 60 + "a.js", "bad-name"),
        ("a" * 600, "bad-name"),
    ],
)
def test_an_entry_with_a_hostile_name_becomes_a_problem_and_the_others_are_read(name, hint):
    root = ZipRoot("a.zip", packed({**GOOD, name: b"evil"}))
    assert [one for one, _ in hints(root)] == [hint]
    assert list(root.entries) == sorted(GOOD)
    assert "\n" not in root.problems[0].path
    assert "\x1b" not in root.problems[0].path
    assert [(one.path, one.matters) for one in root.skipped] == [(root.problems[0].path, True)]
    with pytest.raises(UnreadableError):
        root.read(name)


def test_a_name_with_a_nul_byte_is_a_problem():
    data = packed({"good.js": b"1", "bad.js.txt": b"2"}).replace(b"bad.js.txt", b"bad.js\0txt")
    assert hints(ZipRoot("a.zip", data)) == [("bad-name", "bad.js<U+0000>txt")]


def test_a_name_that_is_not_the_utf_8_it_claims_to_be_is_a_problem():
    data = packed({"ä.js": b"1", "b.js": b"2"}).replace("ä".encode(), b"\xff\xfe")
    root = ZipRoot("a.zip", data)
    assert hints(root) == [("bad-name", "\\xff\\xfe.js")]
    assert list(root.entries) == ["b.js"]


def test_two_entries_of_one_name_are_both_unreadable():
    root = ZipRoot("a.zip", packed_pairs([("plugin.json", b"good"), ("./plugin.json", b"evil"), ("a.js", b"")]))
    assert hints(root) == [("duplicate", "plugin.json")]
    assert list(root.entries) == ["a.js"]


def test_a_file_that_is_also_a_folder_is_a_problem():
    root = ZipRoot("a.zip", packed({"a": b"1", "a/b.js": b"2", "c.js": b""}))
    assert hints(root) == [("duplicate", "a")]
    assert list(root.entries) == ["a/b.js", "c.js"]


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def test_a_link_out_of_the_archive_is_a_problem_and_one_inside_is_skipped():
    files = [(link("out.js"), b"../../etc/passwd"), (link("lib/in.js"), b"../a.js"), ("a.js", b"1")]
    root = ZipRoot("a.zip", packed_pairs(files))
    assert hints(root) == [("link", "out.js")]
    assert list(root.entries) == ["a.js"]
    assert [(one.path, one.reason, one.matters) for one in root.skipped] == [
        ("lib/in.js", "link to a.js", False),
        ("out.js", "it is a link out of the archive, to ../../etc/passwd", True),
    ]


def test_a_file_below_a_link_is_a_problem():
    root = ZipRoot("a.zip", packed_pairs([(link("lib"), b"src"), ("lib/a.js", b"1"), ("src/b.js", b"")]))
    assert hints(root) == [("duplicate", "lib")]


def test_an_encrypted_entry_is_a_problem():
    data = bytearray(packed({"a.js": b"1", "b.js": b"2"}))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    data[6] |= 1
    root = ZipRoot("a.zip", bytes(data))
    assert hints(root) == [("encrypted", "a.js")]
    assert list(root.entries) == ["b.js"]


def test_an_entry_that_unpacks_to_two_hundred_times_its_size_is_a_bomb():
    root = ZipRoot("a.zip", packed({"bomb.bin": bytes(5_000_000), "a.js": b""}))
    assert hints(root) == [("bomb", "bomb.bin")]
    assert list(root.entries) == ["a.js"]


def test_zeros_below_a_megabyte_are_no_bomb():
    assert ZipRoot("a.zip", packed({"zeros.bin": bytes(900_000)})).problems == []


def test_an_entry_that_declares_less_than_it_unpacks_to_is_a_bomb():
    data = packed({"a.js": b"let a = 1;" * 100})
    root = ZipRoot("a.zip", data.replace(struct.pack("<L", 1000), struct.pack("<L", 10)))
    assert hints(root) == [("bomb", "a.js")]


def test_an_entry_over_the_size_limit_is_skipped():
    noise = b"".join(hashlib.sha256(bytes([n & 255, n >> 8])).digest() for n in range(4000))
    noise *= MAX_FILE_BYTES // len(noise) + 1
    root = ZipRoot("a.zip", packed({"big.js": noise, "a.js": b""}))
    assert list(root.entries) == ["a.js"]
    assert [(one.path, one.matters) for one in root.skipped] == [("big.js", True)]
    assert root.skipped[0].reason.startswith("larger than 16 MB")


def test_the_bytes_of_all_entries_together_are_bounded(monkeypatch):
    monkeypatch.setattr(archive_zip, "MAX_UNPACKED_BYTES", 10_000)
    with pytest.raises(UnreadableError, match="unpacks to more than 10 kB"):
        ZipRoot("a.zip", packed({f"{number}.js": b"x" * 4000 for number in range(3)}))


def test_another_packing_method_is_skipped():
    root = ZipRoot("a.zip", packed({"a.js": b"1" * 100}, zipfile.ZIP_BZIP2))
    assert [(one.path, one.reason, one.matters) for one in root.skipped] == [
        ("a.js", "packed with bzip2, which is not read", True)
    ]


def test_a_second_name_in_an_extra_field_is_a_problem():
    info = zipfile.ZipInfo("harmless.txt")
    other = b"plugin.json"
    info.extra = struct.pack("<HHBL", 0x7075, 5 + len(other), 1, zlib.crc32(b"harmless.txt")) + other
    assert hints(ZipRoot("a.zip", packed_pairs([(info, b"1"), ("a.js", b"")]))) == [("bad-name", "harmless.txt")]


@pytest.mark.parametrize("header", [b"", b"key" * 7])
def test_the_header_of_a_chrome_package_is_passed_over(header):
    version_3 = b"Cr24" + struct.pack("<LL", 3, len(header)) + header
    version_2 = b"Cr24" + struct.pack("<LLL", 2, len(header), 5) + header + b"sign!"
    for prefix in (version_2, version_3):
        assert list(ZipRoot("a.crx", prefix + packed(GOOD)).entries) == sorted(GOOD)


def refused(data: bytes, match: str, name: str = "a.zip") -> None:
    with pytest.raises(UnreadableError, match=match):
        ZipRoot(name, data)


def test_an_unknown_chrome_package_is_refused():
    refused(b"Cr24" + struct.pack("<LL", 9, 0) + packed(GOOD), "version 9")
    refused(b"Cr24" + struct.pack("<LL", 3, 1 << 30) + packed(GOOD), "cut off")


def test_an_archive_with_bytes_around_it_is_refused():
    refused(b"#!/bin/sh\n" + packed(GOOD), "not where its end says")
    refused(packed(GOOD) + b"more", "bytes after its end")
    refused(packed(GOOD) + packed(GOOD), "not where its end says")


def test_an_end_that_is_hidden_in_the_comment_is_refused():
    inner = packed({"evil.js": b"1"})
    outer = bytearray(packed(GOOD))
    outer[-2:] = struct.pack("<H", len(inner))
    refused(bytes(outer) + inner, "second end|not where its end says")


def test_an_entry_that_no_directory_names_is_refused():
    whole = packed({"a.js": b"1", "hidden.js": b"2"})
    at = whole.find(b"PK\x01\x02", whole.find(b"PK\x01\x02") + 1)
    end = whole.rfind(b"PK\x05\x06")
    directory = whole.find(b"PK\x01\x02")
    record = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, at - directory, directory, 0)
    assert end > at
    refused(whole[:at] + record, "belong to no entry")


def test_two_directories_that_disagree_are_refused():
    data = packed({"a.js": b"let a = 1;" * 100})
    refused(data.replace(b"a.js", b"b.js", 1), "another name")
    refused(data.replace(struct.pack("<L", 1000), struct.pack("<L", 999), 1), "another size")
    stored = bytearray(packed({"a.js": b"1"}, zipfile.ZIP_STORED))
    stored[8] = 8
    refused(bytes(stored), "packed otherwise")


def test_entries_that_overlap_are_refused():
    body = zlib.compress(b"x" * 1000)[2:-4]
    crc = zlib.crc32(b"x" * 1000)
    name = b"a.js"
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(body), 1000, 4, 0) + name
    one = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, len(body), 1000, 4, 0, 0, 0, 0, 0, 0) + name
    first = local + body
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 2, 2, 2 * len(one), len(first), 0)
    refused(first + one + one + end, "overlap")


def test_too_many_entries_are_refused_before_they_are_read():
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 20_000, 20_000, 0, 0, 0)
    refused(end, "20,000 entries; at most 10,000")


def test_a_wrong_checksum_is_refused():
    data = packed({"a.js": b"let a = 1;" * 100}, zipfile.ZIP_STORED)
    refused(data.replace(b"let a = 1;", b"let a = 2;", 1), r"a\.js is damaged")


def test_what_is_no_archive_is_refused():
    refused(b"", "no ZIP archive")
    refused(b"PK\3\4 but then text", "no ZIP archive")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_an_archive_cut_off_anywhere_is_refused(method):
    data = packed({"plugin.json": b'{"id": "a.b"}', "src/a.js": b"let a = 1;" * 9}, method)
    for length in range(len(data)):
        with pytest.raises(ReviewerError):
            ZipRoot("a.zip", data[:length])


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_damaged_archive_is_read_or_refused_and_never_crashes(data):
    raw = bytearray(packed({"plugin.json": b'{"id": "a.b"}', "src/a.js": b"let a = 1;" * 9}))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        root = ZipRoot("a.zip", bytes(raw))
    except ReviewerError:
        return
    for path in root.entries:
        assert len(root.read(path)) == root.entries[path].size
