"""The index that ships is what the files give. After a change of a rule it is made again.

REVIEWER_WRITE_INDEX=1 python -m pytest tests/report/test_matrix.py tests/library/test_shipped_index.py

The page of what is covered comes first, because it lies among the files of the library.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from reviewer import resources
from reviewer.library.index import SHIPPED, read_shipped, shipped_text
from reviewer.library.library import load_library
from reviewer.library.listing import Root, content_key, list_files
from reviewer.library.mistakes import Mistakes
from reviewer.library.reader import read_contents


def files(skills: Path, agents: Path):
    """List the files of a library as the loader does."""
    return sorted(list_files([Root(str(agents), "agents", own=False), Root(str(skills), "skills", own=False)]))


def test_the_index_that_ships_is_made_from_the_files_that_ship():
    listed = files(resources.skills(), resources.agents())
    mistakes = Mistakes()
    contents = read_contents(listed, mistakes)
    assert not len(mistakes)
    text = shipped_text(listed, contents)
    if os.environ.get("REVIEWER_WRITE_INDEX"):
        SHIPPED.write_text(text, encoding="utf-8")
    assert SHIPPED.read_text(encoding="utf-8") == text, (__doc__ or "").strip()


def test_a_first_start_gives_what_reading_every_page_gives(tmp_path, monkeypatch):
    monkeypatch.setenv("REVIEWER_CACHE_DIR", str(tmp_path / "cache"))
    known = read_shipped(files(resources.skills(), resources.agents()))
    assert known is not None
    first = load_library(resources.skills(), resources.agents())
    monkeypatch.setattr("reviewer.library.library.read_shipped", lambda _files: None)
    monkeypatch.setenv("REVIEWER_CACHE_DIR", str(tmp_path / "other"))
    assert load_library(resources.skills(), resources.agents()) == first


def test_an_index_of_other_files_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setenv("REVIEWER_CACHE_DIR", str(tmp_path / "cache"))
    shutil.copytree(resources.skills(), tmp_path / "skills")
    page = next((tmp_path / "skills" / "security" / "rules").glob("SEC003-*.md"))
    page.write_text(page.read_text().replace('severity = "high"', 'severity = "info"'))
    later = SHIPPED.stat().st_mtime + 3600
    os.utime(page, (later, later))
    library = load_library(tmp_path / "skills", resources.agents())
    assert library.rules["SEC003"].severity.value == "info"
    assert read_shipped(files(tmp_path / "skills", resources.agents())) is None


def test_files_that_came_with_the_index_are_not_read(monkeypatch):
    def never(_files):
        raise AssertionError("the pages were read")

    listed = files(resources.skills(), resources.agents())
    made = SHIPPED.stat().st_mtime_ns
    monkeypatch.setattr("reviewer.library.index.content_key", never)
    assert read_shipped([file._replace(modified=made) for file in listed]) is not None


def test_a_file_that_is_younger_than_the_index_is_read(monkeypatch):
    asked: list[str] = []
    listed = files(resources.skills(), resources.agents())
    made = SHIPPED.stat().st_mtime_ns
    monkeypatch.setattr("reviewer.library.index.content_key", lambda _files: asked.append("read") or "other")
    later = [file._replace(modified=made) for file in listed[1:]]
    assert read_shipped([listed[0]._replace(modified=made + 3_600_000_000_000), *later]) is None
    assert asked == ["read"]


def test_the_same_files_have_the_same_key_wherever_they_are(tmp_path):
    shutil.copytree(resources.skills(), tmp_path / "skills")
    shutil.copytree(resources.agents(), tmp_path / "agents")
    here = content_key(files(resources.skills(), resources.agents()))
    assert content_key(files(tmp_path / "skills", tmp_path / "agents")) == here
