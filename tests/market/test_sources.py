"""Sources name every subject once, in order, and say what is wrong with them and where."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path

import pytest
from market_of_gauges import files_of, write_folder, write_tgz, write_zip

from reviewer.core.errors import UnreadableError, UsageError
from reviewer.market.running.content import content_of
from reviewer.market.sources.choose import entries_of
from reviewer.market.writing import MarketWriter


def named(*sources: Path) -> list[tuple[str, str, str]]:
    return [(one.name, one.version, one.path) for one in entries_of(map(str, sources))]


def test_a_folder_holds_a_subject_in_each_folder_and_each_archive(tmp_path):
    write_folder(tmp_path / "b-folder", files_of(1))
    write_folder(tmp_path / "@harbour" / "tides", files_of(2))
    write_zip(tmp_path / "a-1.0.0.vsix", files_of(3))
    write_tgz(tmp_path / "c.tar.gz", files_of(4))
    (tmp_path / "README.md").write_text("no subject")
    (tmp_path / ".git").mkdir()
    assert [(name, Path(path).name) for name, _, path in named(tmp_path)] == [
        ("@harbour/tides", "tides"),
        ("a-1.0.0", "a-1.0.0.vsix"),
        ("b-folder", "b-folder"),
        ("c", "c.tar.gz"),
    ]


def test_a_link_in_a_folder_is_an_entry_that_is_not_followed(tmp_path):
    outside = write_folder(tmp_path / "outside", files_of(1))
    (tmp_path / "market").mkdir()
    (tmp_path / "market" / "linked").symlink_to(outside)
    (one,) = entries_of([str(tmp_path / "market")])
    assert (one.name, "is a link" in one.refused) == ("linked", True)


def test_a_list_says_name_version_digest_and_path(tmp_path):
    rows = [
        {"name": "gauge", "version": "1.0.0", "digest": "sha256:00", "path": "files/gauge.zip"},
        {"path": "tides.tgz"},
    ]
    (tmp_path / "market.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    found = list(entries_of([str(tmp_path / "market.jsonl")]))
    assert [(one.name, one.version, one.expected, one.path) for one in found] == [
        ("gauge", "1.0.0", "sha256:00", str(tmp_path / "files" / "gauge.zip")),
        ("tides.tgz", "", "", str(tmp_path / "tides.tgz")),
    ]


@pytest.mark.parametrize(("suffix", "between"), [(".csv", ","), (".tsv", "\t")])
def test_a_table_says_the_same_below_a_line_of_headings(tmp_path, suffix, between):
    lines = [between.join(row) for row in (("path", "name", "version"), ("gauge.zip", "gauge", "1.0.0"))]
    (tmp_path / f"market{suffix}").write_text("\n".join(lines))
    assert named(tmp_path / f"market{suffix}") == [("gauge", "1.0.0", str(tmp_path / "gauge.zip"))]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.jsonl", '{"path": "x"}\n{"path": ', "a.jsonl:2: is no JSON object"),
        ("a.jsonl", '["x"]', "a.jsonl:1: expected an object"),
        (
            "a.jsonl",
            '{"path": "x", "dgiest": "sha256:00"}',
            "a.jsonl:1: unknown field 'dgiest'; did you mean 'digest'?",
        ),
        ("a.jsonl", '{"name": "x"}', "a.jsonl:1: the path is missing"),
        ("a.jsonl", '{"path": "x", "version": 2}', "a.jsonl:1: version is no text: 2"),
        ("a.csv", "path,versoin\nx,1", "a.csv:2: unknown field 'versoin'; did you mean 'version'?"),
        ("a.csv", "name\nx", "a.csv:2: the path is missing"),
        ("a.exe", "x", "is no source of subjects"),
    ],
)
def test_a_mistake_in_a_source_is_told_with_its_line(tmp_path, name, text, said):
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=re.escape(said)):
        list(entries_of([str(tmp_path / name)]))


def test_names_that_are_no_text_are_entries_that_can_be_kept(tmp_path):
    market = tmp_path / "market"
    (market / "gauge\udcff").mkdir(parents=True)
    (tmp_path / "list.jsonl").write_text('{"name": "a\\ud800", "path": "market/b"}\n{"path": "c\\udfff.zip"}\n')
    found = list(entries_of([str(market), str(tmp_path / "list.jsonl")]))
    assert [one.name for one in found] == ["gauge\\udcff", "a\\ud800", "c\\udfff.zip"]
    assert [one.refused for one in found] == ["its path is not UTF-8", "", "its path is not UTF-8"]
    with MarketWriter(tmp_path / "market.db") as store:
        run = store.begin(found, "rules", {}, [str(market)])
        assert [one.name for one in store.waiting(run)] == ["a\\ud800"]


def test_a_source_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageError, match="there is no such file or folder"):
        list(entries_of([str(tmp_path / "nowhere")]))


def test_a_registry_document_names_files_beside_it_and_nothing_else_is_opened(tmp_path):
    (tmp_path / "outside.zip").write_text("")
    folder = tmp_path / "registry"
    folder.mkdir()
    (folder / "linked.zip").symlink_to(tmp_path / "outside.zip")
    document = {
        "plugins": [
            {"id": "gauge", "version": "1.0.0", "path": "files/gauge.zip", "sha256": "ab" * 32},
            {"id": "tides", "version": "2.0.0", "url": "https://example.org/tides.zip"},
            {"id": "climber", "version": "1.0.0", "file": "../outside.zip"},
            {"id": "linked", "version": "1.0.0", "file": "linked.zip"},
            {"id": "absolute", "version": "1.0.0", "file": "/etc/passwd"},
        ]
    }
    (folder / "registry.json").write_text(json.dumps(document))
    found = list(entries_of([str(folder / "registry.json")]))
    assert (found[0].name, found[0].expected, found[0].refused) == ("gauge", f"sha256:{'ab' * 32}", "")
    assert Path(found[0].path) == folder / "files" / "gauge.zip"
    assert ["network" in found[1].refused, *("folder of the document" in one.refused for one in found[2:])] == [
        True
    ] * 4


def test_a_document_that_lists_nothing_is_told(tmp_path):
    (tmp_path / "registry.json").write_text("{}")
    with pytest.raises(UsageError, match="lists no plugin that names a file"):
        list(entries_of([str(tmp_path / "registry.json")]))


@pytest.mark.parametrize(
    "spell",
    [
        lambda data: f"sha256:{hashlib.sha256(data).hexdigest()}",
        lambda data: hashlib.sha256(data).hexdigest().upper(),
        lambda data: f"sha512-{b64encode(hashlib.sha512(data).digest()).decode()}",
        lambda data: f"sha384:{hashlib.sha384(data).hexdigest()}",
    ],
)
def test_a_digest_holds_however_it_is_spelled_and_one_changed_byte_is_refused(tmp_path, spell):
    path = write_zip(tmp_path / "gauge.zip", files_of(1))
    expected = spell(path.read_bytes())
    assert content_of(path, expected).digest == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(UnreadableError, match="is not what was promised"):
        content_of(path, expected)


@pytest.mark.parametrize("expected", ["md5:0011", "sha512-!!!", "0123", "sha256:xyz"])
def test_a_digest_that_can_not_be_read_is_no_digest_that_holds(tmp_path, expected):
    path = write_zip(tmp_path / "gauge.zip", files_of(1))
    with pytest.raises(UnreadableError, match="can't be read"):
        content_of(path, expected)


def test_a_folder_is_known_by_the_digest_of_its_tree(tmp_path):
    folder = write_folder(tmp_path / "gauge", files_of(1))
    found = content_of(folder)
    assert found.digest.startswith("tree:")
    assert content_of(folder, found.digest) == found
    (folder / "plugin.js").write_text("changed")
    with pytest.raises(UnreadableError, match="is not what was promised"):
        content_of(folder, found.digest)


def test_the_name_of_an_archive_is_no_part_of_its_content(tmp_path):
    one, other = (write_zip(tmp_path / name, files_of(1)) for name in ("a.zip", "b.zip"))
    assert content_of(one) == content_of(other)
