"""What ends up in the package: ignore files and lists as the packagers read them, and what a build makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer.subject.building import Building
from reviewer.subject.documents.read import read_document
from reviewer.subject.ecosystem import EcosystemProfile
from reviewer.subject.model import Entry, Subject
from reviewer.subject.shipping import shipping_of


class Files:
    """A root that holds its files in memory."""

    name = "example"
    skipped = ()
    problems = ()

    def __init__(self, files, archive=False):
        self._files = files
        self.archive = archive
        self.entries = {path: Entry(path, len(text)) for path, text in sorted(files.items())}

    def read(self, path):
        return self._files[path].encode()


def subject(files, manifest="package.json", base="", archive=False):
    root = Files(files, archive)
    inside = tuple(path[len(base) :] for path in sorted(files) if path.startswith(base))
    document = read_document(manifest, root.read(base + manifest)) if base + manifest in files else None
    return Subject(root, base, "plugin", "example", manifest=document, manifest_path=manifest, files=inside)


def why(files, path, ships, **said):
    profile = EcosystemProfile("example", "Example", Path("example"), extra={"ships": ships})
    return shipping_of(profile, subject(files, **said)).why(path)


IGNORES = {"ignore-file": ".ignore", "list": "files"}


@pytest.mark.parametrize(
    ("line", "path", "ships"),
    [
        ("media/**", "media/icon.png", False),
        ("media", "media/icon.png", False),
        ("*.ts", "src/a.ts", True),
        ("*.ts", "a.ts", False),
        ("**/*.{ts,map}", "src/deep/a.map", False),
        ("# media", "media/icon.png", True),
    ],
)
def test_a_line_of_an_ignore_file_counts_from_the_root(line, path, ships):
    files = {"package.json": "{}", ".ignore": f"{line}\n", path: ""}
    assert (why(files, path, IGNORES) == "") is ships


def test_what_is_taken_back_ships_wherever_the_line_stands():
    files = {"package.json": "{}", ".ignore": "!media/icon.png\nmedia/**\n", "media/icon.png": ""}
    assert why(files, "media/icon.png", IGNORES) == ""


def test_a_list_of_what_ships_is_told_where_it_leaves_out():
    files = {"package.json": '{"files": ["dist"]}', "lib/a.js": "", "dist/a.js": ""}
    assert why(files, "lib/a.js", IGNORES) == "'files' doesn't list it"
    assert why(files, "dist/a.js", IGNORES) == ""


def test_of_an_archive_everything_ships():
    files = {"package.json": "{}", ".ignore": "media/**\n", "media/icon.png": ""}
    assert why(files, "media/icon.png", IGNORES, archive=True) == ""


@pytest.mark.parametrize(
    ("files", "path", "made"),
    [
        ({"manifest.json": "{}", "src/worker.ts": ""}, "worker.js", True),
        ({"manifest.json": "{}", "src/other.ts": ""}, "worker.js", False),
        ({"manifest.json": "{}"}, "dist/worker.js", True),
        ({"manifest.json": "{}", "dist/other.js": ""}, "dist/worker.js", False),
        ({"manifest.json": "{}", "package.json": '{"devDependencies": {"webpack": "5"}}'}, "worker.js", True),
        ({"manifest.json": "{}", "package.json": '{"scripts": {"build": "web-ext build"}}'}, "worker.js", False),
        ({"manifest.json": "{}", "vite.config.ts": "", "public/icon.png": ""}, "icon.png", True),
        ({"manifest.json": "{}", "vite.config.ts": ""}, "icon.png", False),
        ({"manifest.json": "{}"}, "node_modules/library/index.js", True),
    ],
)
def test_a_build_makes_what_has_a_source_or_what_a_bundler_would_write(files, path, made):
    assert Building(subject(files, "manifest.json")).makes(path, (".js",)) is made


def test_a_bundler_in_a_folder_above_counts_too():
    files = {"package.json": '{"devDependencies": {"rollup": "4"}}', "extension/manifest.json": "{}"}
    assert Building(subject(files, "manifest.json", base="extension/")).makes("worker.js", (".js",))
