"""Damaged, enormous and hostile input: a named finding or a clear error, in bounds, nothing touched outside."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

MANIFEST = '{"id": "com.quayside.gauge", "name": "Gauge", "version": "1.0.0", "main": "a.js"}'
MOST_MEGABYTES = 500
PASSED, FINDINGS, USAGE, NOTHING, INCOMPLETE = 0, 1, 2, 3, 4


def fill(folder: Path, **files: str | bytes) -> Path:
    """Write a plugin's manifest and these files; ``__`` in a name stands for a dot."""
    folder.mkdir()
    (folder / "plugin.json").write_text(MANIFEST)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


def packed(path: Path, files: dict[str, bytes | str]) -> Path:
    """Write a ZIP archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def gate(ran) -> str:
    return " ".join(ran.report["gate"]["reasons"])


def test_a_path_that_does_not_exist_is_a_usage_error(program):
    ran = program("review", "nowhere")
    assert (ran.code, ran.out) == (USAGE, "")
    assert "nowhere: there is no such file or folder" in ran.err


def test_an_empty_folder_holds_nothing_to_review(program, place):
    ran = program("review", str(place))
    assert (ran.code, ran.out) == (NOTHING, "")
    assert "nothing to review" in ran.err


def test_a_broken_manifest_is_a_finding_at_the_place_where_it_breaks(program, place):
    folder = fill(place / "broken", a__js="exports.activate = (context) => {};\n")
    (folder / "plugin.json").write_text('{"id": "a.b",\n "version": }')
    ran = program("review", "--format", "json", str(folder))
    assert ran.code == FINDINGS
    assert ("FUN080", "plugin.json", 2) in ran.found


@pytest.mark.parametrize("cut", [1, 10, 30, 60])
def test_a_truncated_archive_is_never_a_clean_review(program, place, cut):
    whole = packed(place / "whole.zip", {"plugin.json": MANIFEST, "a.js": "let a = 1;"})
    short = place / "short.zip"
    short.write_bytes(whole.read_bytes()[:-cut])
    ran = program("review", "--format", "json", str(short))
    assert ran.code == INCOMPLETE
    assert "cut off" in gate(ran)


def test_an_archive_that_is_none_says_so(program, place):
    (place / "no.vsix").write_bytes(b"hello")
    ran = program("review", "--format", "json", str(place / "no.vsix"))
    assert ran.code == INCOMPLETE
    assert "no ZIP archive" in gate(ran)


def test_an_archive_that_climbs_out_is_found_and_writes_nothing(program, place):
    path = packed(place / "climb.zip", {"plugin.json": MANIFEST, "../../evil.js": "x", "/abs.js": "x", "a.js": "1"})
    before = sorted(str(one) for one in place.parent.rglob("*"))
    ran = program("review", "--format", "json", str(path))
    assert ran.code == FINDINGS
    assert {rule for rule, _path, _line in ran.found} >= {"SEC080"}
    after = sorted(str(one) for one in place.parent.rglob("*") if "home" not in one.parts)
    assert [one for one in after if one not in before] == []
    assert not Path("/abs.js").exists()


def test_a_bomb_is_found_without_being_unpacked(program, place):
    path = packed(place / "bomb.zip", {"plugin.json": MANIFEST, "a.js": b"0" * 300_000_000})
    ran = program("review", "--format", "json", str(path))
    assert ran.code == FINDINGS
    assert "SEC082" in {rule for rule, _path, _line in ran.found}
    assert ran.megabytes < MOST_MEGABYTES


def test_a_bundle_of_20_megabytes_in_one_line_is_named_and_not_read(program, place):
    ran = program("review", "--format", "json", str(fill(place / "bundle", a__js="var a=1;" * 2_600_000)))
    assert ran.code == INCOMPLETE
    assert "a.js was not looked at: larger than 16 MB" in gate(ran)
    assert ran.megabytes < MOST_MEGABYTES


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a__ts", "a<b," * 20_000),
        ("a__js", "(" * 100_000 + ")" * 100_000),
        ("a__js", "[" * 50_000),
        ("a__js", "a" + ".b" * 70_000),
        ("a__js", "`${" * 20_000),
        ("a__py", "(" * 100_000),
        ("a__py", "x = " + "-" * 100_000 + "1"),
        ("a__py", "if a:\n" + "".join(" " * depth + "if a:\n" for depth in range(1, 3_000))),
    ],
)
def test_source_that_is_made_to_be_slow_is_stopped_and_said(program, place, name, content):
    ran = program("review", "--format", "json", str(fill(place / "deep", **{name: content})), "--fail-on", "none")
    assert ran.code in {PASSED, INCOMPLETE}
    path = name.replace("__", ".")
    (review,) = ran.report["reviews"]
    skipped = {file["path"]: file["reason"] for file in review["coverage"]["skipped"]}
    assert ran.code == PASSED or path in skipped, ran.out[-2000:]
    assert ran.megabytes < MOST_MEGABYTES


@pytest.mark.parametrize("content", ["[" * 200_000, '{"a":' * 100_000, "[1," * 2_000_000])
def test_a_data_file_that_is_nested_without_end_stops_nothing(program, place, content):
    folder = fill(place / "deep", a__js="let a = 1;\n")
    (folder / "plugin.json").write_text(content)
    ran = program("review", "--format", "json", str(folder))
    assert ran.code in {FINDINGS, INCOMPLETE}
    assert ran.megabytes < MOST_MEGABYTES


def test_source_that_is_not_utf_8_is_read_and_said(program, place):
    folder = fill(place / "odd", a__js=b'let a = "\xff\xfe";\n')
    ran = program("review", "--format", "json", str(folder))
    assert ("FUN083", "a.js", 1) in ran.found


@pytest.mark.parametrize("target", ["/etc/passwd", "/etc", "../outside"])
def test_a_link_out_of_the_folder_is_named_and_not_followed(program, place, target):
    (place / "outside").mkdir()
    (place / "outside" / "secret.js").write_text("module.exports = 'not to be read';")
    folder = fill(place / "links")
    (folder / "a.js").symlink_to(target)
    ran = program("review", "--format", "json", str(folder))
    assert "not to be read" not in ran.out
    assert "root:" not in ran.out
    (review,) = ran.report["reviews"]
    assert [one["path"] for one in review["coverage"]["skipped"] if "link out of the folder" in one["reason"]] == [
        "a.js"
    ]


def test_nested_archives_are_not_opened(program, place):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("evil.js", "eval(location.hash)")
    path = packed(place / "nest.zip", {"plugin.json": MANIFEST, "a.js": "let a = 1;", "inner.zip": inner.getvalue()})
    ran = program("review", "--format", "json", str(path))
    assert not any("evil.js" in where for _rule, where, _line in ran.found)


def test_terminal_escapes_and_markup_of_a_subject_do_nothing_in_the_text_report(program, place):
    folder = fill(place / "loud", a__js="let a = 1;\n")
    (folder / "plugin.json").write_text(MANIFEST.replace("Gauge", "\\u001b[31mred\\u001b]0;title\\u0007"))
    (folder / "\x1b[2J.js").write_text("let a = ;\n")
    ran = program("review", "--color", "always", str(folder), "--fail-on", "none")
    assert "\x1b[2J" not in ran.out
    assert "\x1b]0;" not in ran.out
