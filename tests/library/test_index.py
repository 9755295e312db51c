"""The index spares reading the pages, and is never believed where it does not fit."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULE = "skills/security/rules/SEC001-no-sandbox-module.md"


def index_of(cache):
    found = list(cache.glob("library-*.json"))
    assert len(found) == 1
    return found[0]


def rewrite(path, change):
    """Change the data of an index and give it the digest that fits."""
    head, _, payload = path.read_bytes().partition(b"\n")
    data = json.loads(payload)
    change(data)
    payload = json.dumps(data).encode()
    form, key, _ = head.split(b" ")
    path.write_bytes(b" ".join([form, key, hashlib.sha256(payload).hexdigest().encode()]) + b"\n" + payload)


def test_the_second_load_comes_from_the_index_and_equals_the_first(folders, cache):
    first = folders.load()
    rewrite(index_of(cache), lambda data: data["agents"][0].__setitem__(1, "from the index"))
    second = folders.load()
    assert second.agents["fundamentals"].title == "from the index"
    index_of(cache).unlink()
    assert folders.load() == first


def test_pages_are_read_from_the_files_whatever_the_index_says(folders, cache):
    folders.load()
    rewrite(index_of(cache), lambda data: data["rules"].clear())
    assert "SEC001" in folders.load(pages=True).rules


def test_a_changed_file_is_noticed_even_with_its_old_time_and_size(folders, rule_text):
    folders.load()
    path = folders.root / RULE
    state = path.stat()
    path.write_text(rule_text.replace('"high"', '"info"'), "utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert folders.load().rules["SEC001"].severity == "info"


@pytest.mark.parametrize("change", ["add", "remove"])
def test_a_file_that_comes_or_goes_is_noticed(folders, rule_text, change):
    folders.load()
    if change == "remove":
        (folders.root / RULE).unlink()
        assert folders.load().rules == {}
    else:
        text = rule_text.replace("SEC001", "SEC002").replace("no-sandbox-module", "other")
        folders.write("skills/security/rules/SEC002-other.md", text)
        assert list(folders.load().rules) == ["SEC001", "SEC002"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"{}",
        lambda stored: stored[:-20],
        lambda stored: stored + b" ",
        lambda stored: stored.replace(b"high", b"info"),
        lambda stored: stored.replace(b"library-index/1", b"library-index/9"),
        lambda _: b"\x00" * 1000,
        lambda _: b"cos\nsystem\n(S'echo'\ntR.",
    ],
)
def test_a_damaged_index_is_made_again(folders, cache, damage):
    first = folders.load()
    path = index_of(cache)
    sound = path.read_bytes()
    path.write_bytes(damage(sound))
    assert folders.load() == first
    assert path.read_bytes() == sound


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.pop("rules"),
        lambda data: data.__setitem__("rules", {"a": 1}),
        lambda data: data.__setitem__("rules", 5),
        lambda data: data.__setitem__("digest", None),
        lambda data: data["rules"].append("SEC002"),
        lambda data: data["rules"][0].append("more"),
        lambda data: data["rules"][0].__setitem__(0, 14),
        lambda data: data["rules"][0].__setitem__(3, "grave"),
        lambda data: data["rules"][0].__setitem__(8, [["host"], [], []]),
        lambda data: data["rules"][0].__setitem__(8, [["host"], [], [], ["1"]]),
        lambda data: data["rules"][0].__setitem__(9, "CWE-1"),
        lambda data: data["rules"][0].__setitem__(12, 0),
        lambda data: data["rules"][0].__setitem__(13, "code"),
        lambda data: data["rules"][0].__setitem__(13, {"names": ["a"]}),
        lambda data: data["rules"][0].__setitem__(13, {"kind": "call", "names": [1]}),
        lambda data: data["rules"][0].__setitem__(13, {"kind": "call", "python-code": "1"}),
        lambda data: data["rules"][0].__setitem__(13, {"kind": "call", "where": ["x"]}),
        lambda data: data["agents"][0].__setitem__(3, [1]),
        lambda data: data["skills"][0].append(1),
        lambda data: data["questions"][0].__setitem__(4, "yes"),
    ],
)
def test_an_index_of_another_shape_is_made_again(folders, cache, change):
    first = folders.load()
    rewrite(index_of(cache), change)
    assert folders.load() == first


def test_an_index_of_a_deep_nest_is_made_again(folders, cache):
    first = folders.load()
    path = index_of(cache)
    form, key, _ = path.read_bytes().partition(b"\n")[0].split(b" ")
    payload = b'{"digest":' + b"[" * 200_000
    path.write_bytes(b" ".join([form, key, hashlib.sha256(payload).hexdigest().encode()]) + b"\n" + payload)
    assert folders.load() == first


def test_a_link_in_place_of_the_index_is_not_followed(folders, cache, tmp_path):
    first = folders.load()
    path = index_of(cache)
    other = tmp_path / "other.json"
    path.rename(other)
    rewrite(other, lambda data: data["rules"].clear())
    path.symlink_to(other)
    assert folders.load() == first
    assert not path.is_symlink()


@pytest.mark.parametrize("kind", ["file", "below a file", "nowhere"])
def test_without_a_place_for_the_index_everything_works(folders, monkeypatch, kind):
    place = folders.write("taken", "a file")
    if kind == "nowhere":
        monkeypatch.delenv("REVIEWER_CACHE_DIR")
        monkeypatch.setenv("XDG_CACHE_HOME", "relative")
        monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError))
    else:
        monkeypatch.setenv("REVIEWER_CACHE_DIR", str(place if kind == "file" else place / "below"))
    assert "SEC001" in folders.load().rules
    assert "SEC001" in folders.load().rules
    assert place.read_text("utf-8") == "a file"


def test_the_index_stands_where_the_environment_says(folders, tmp_path, monkeypatch):
    monkeypatch.delenv("REVIEWER_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    folders.load()
    index_of(tmp_path / "xdg" / "reviewer")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    folders.load()
    index_of(tmp_path / "home" / ".cache" / "reviewer")


def test_each_set_of_folders_has_an_index_of_its_own(folders, cache, rule_text):
    text = rule_text.replace("SEC001", "ACME001").replace("no-sandbox-module", "ours")
    folders.write("acme/house/rules/ACME001-ours.md", text)
    assert list(folders.load().rules) == ["SEC001"]
    assert list(folders.load("acme").rules) == ["ACME001", "SEC001"]
    assert len(list(cache.glob("library-*.json"))) == 2
    assert list(folders.load().rules) == ["SEC001"]


def test_a_library_with_mistakes_leaves_no_index(folders, cache, rule_text):
    folders.write(RULE, rule_text.replace('"high"', '"hihg"'))
    with pytest.raises(Exception, match="hihg"):
        folders.load()
    assert not cache.exists()
    folders.write(RULE, rule_text)
    assert folders.load().rules


def test_a_start_from_the_index_loads_no_parser(folders, cache):
    folders.load()
    program = (
        "import sys; from pathlib import Path; from reviewer.library.library import load_library;"
        "library = load_library(Path(sys.argv[1]), Path(sys.argv[2])); assert library.rules;"
        "heavy = {'tomllib', 'yaml', 're2', 'jsonschema', 'tree_sitter', 'difflib', 'pydantic', 'jinja2'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, folders.skills, folders.agents],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "REVIEWER_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
