"""Two versions of an interface are compared: from the history of a real repository, from a folder, from an archive."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.adoption.conftest import Repository

PACKAGE = {"name": "quayside-host", "version": "1.4.0", "main": "dist/index.js"}
INDEX = """
export { PluginLoader } from "./loader";

/** @deprecated since 1.2, removed in 2.0: use load */
export function loadAll(folder: string): void {}

export function load(folder: string, depth?: number): string[] { return []; }

export interface PluginContext {
  log(text: string): void;
  storage: Map<string, string>;
}
"""
LOADER = """
import type { PluginContext } from "./index";
export class PluginLoader {
  register(id: string, context: PluginContext): void {}
  private scan(): void {}
}
"""


@pytest.fixture
def host(repository: Repository) -> Repository:
    """Return a host in TypeScript, released as 1.4.0 under a tag."""
    repository.write("package.json", json.dumps(PACKAGE))
    repository.write("src/index.ts", INDEX)
    repository.write("src/loader.ts", LOADER)
    repository.commit("release")
    repository.git("tag", "-a", "v1.4.0", "-m", "1.4.0")
    return repository


def broken(host: Repository, *words: str) -> list[tuple[str, str, str, int]]:
    """Return rule, severity, path and line of what is said about the interface."""
    done = host.review("--kind", "host", "--select", "API04", "--pedantic", *words)
    return [
        (one["rule"], one["severity"], one["path"], one["line"])
        for one in done.report["reviews"][0]["findings"]
    ]  # fmt: skip


def change(host: Repository, path: str, old: str, new: str) -> None:
    """Replace a text in a file."""
    text = (host.folder / path).read_text()
    assert old in text
    host.write(path, text.replace(old, new))


def test_nothing_is_broken_where_nothing_has_changed_and_nothing_is_said_without_the_option(host: Repository):
    assert broken(host, "--against", "v1.4.0") == []
    change(host, "src/index.ts", "depth?: number", "depth: number")
    assert broken(host) == []


@pytest.mark.parametrize("revision", ["v1.4.0", "main", "HEAD", "HEAD~1"])
def test_a_parameter_that_is_required_now_is_found_against_any_spelling_of_a_revision(host: Repository, revision: str):
    change(host, "src/index.ts", "depth?: number", "depth: number")
    if revision == "HEAD~1":
        host.commit("break it")
    assert broken(host, "--against", revision) == [("API041", "high", "src/index.ts", 7)]


def test_what_is_private_may_go_and_what_was_promised_may_not(host: Repository):
    change(host, "src/loader.ts", "  private scan(): void {}\n", "")
    change(host, "src/index.ts", "export function loadAll(folder: string): void {}\n", "")
    done = host.review("--kind", "host", "--select", "API04", "--against", "v1.4.0")
    (finding,) = done.report["reviews"][0]["findings"]
    assert (finding["rule"], finding["path"]) == ("API040", "src/index.ts")
    assert "loadAll is gone" in finding["message"]
    assert "promised to stay until 2.0" in finding["message"]
    assert done.code == 1


def test_a_major_version_may_break_and_what_was_announced_goes_silently(host: Repository):
    change(host, "src/index.ts", "depth?: number", "depth: number")
    change(host, "src/index.ts", "export function loadAll(folder: string): void {}\n", "")
    change(host, "package.json", "1.4.0", "2.0.0")
    assert {severity for _rule, severity, _path, _line in broken(host, "--against", "v1.4.0")} == {"info"}
    assert host.review("--kind", "host", "--select", "API04", "--against", "v1.4.0").code == 0


def test_an_earlier_folder_and_an_earlier_archive_do_as_well(host: Repository, tmp_path: Path):
    old = tmp_path / "old"
    shutil.copytree(host.folder, old, ignore=shutil.ignore_patterns(".git"))
    packed = tmp_path / "old.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(old.rglob("*")):
            archive.write(file, file.relative_to(old))
    change(host, "src/index.ts", "  storage: Map<string, string>;\n", "")
    expected = [("API040", "high", "src/index.ts", 9)]
    assert broken(host, "--against", str(old)) == expected
    assert broken(host, "--against", str(packed)) == expected


def test_the_same_interface_from_other_files_breaks_nothing(host: Repository):
    (host.folder / "src/loader.ts").rename(host.folder / "src/loading.ts")
    change(host, "src/index.ts", "./loader", "./loading")
    assert broken(host, "--against", "v1.4.0") == []


def test_a_python_package_is_compared_by_what_callers_can_name(repository: Repository):
    repository.write("pyproject.toml", '[project]\nname = "quay"\nversion = "0.3.0"\n')
    repository.write("quay/__init__.py", "from .plugins import load\n")
    repository.write("quay/plugins.py", "def load(path, *, strict=True): ...\n\ndef _scan(path): ...\n")
    repository.commit("release")
    repository.write("quay/plugins.py", "def load(path, *, safe=True): ...\n")
    done = repository.review("--kind", "host", "--select", "API04", "--against", "HEAD")
    found = done.findings()
    assert found == [("API041", "quay/plugins.py", 1)]
    repository.write("pyproject.toml", '[project]\nname = "quay"\nversion = "0.4.0"\n')
    done = repository.review("--kind", "host", "--select", "API04", "--against", "HEAD")
    assert done.findings() == [], "below 1.0 a minor version may break"


def test_an_event_that_is_sent_no_more_is_found_in_a_subfolder_of_the_repository(repository: Repository):
    repository.write("hosts/bus/bus.js", 'exports.open = (bus, id) => bus.emit("tide.turned", id);\n')
    repository.commit("first")
    repository.write("hosts/bus/bus.js", 'exports.open = (bus, id) => bus.emit("tide.moved", id);\n')
    done = repository.run(
        "review", "hosts/bus", "--kind", "host", "--select", "API043", "--against", "HEAD", "--format", "json"
    )
    (finding,) = done.report["reviews"][0]["findings"]
    assert "the event tide.turned is gone" in finding["message"]


def test_a_revision_that_there_is_none_of_names_the_nearest(host: Repository):
    done = host.review("--against", "v1.4.1")
    assert (done.code, done.out) == (2, "")
    assert "did you mean 'v1.4.0'?" in done.err


def test_what_cannot_be_compared_is_refused(host: Repository, tmp_path: Path):
    assert "exclude each other" in host.review("--untrusted", "--against", "main").err
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "nothing to compare with" in host.review("--against", str(empty)).err
    loose = tmp_path / "loose"
    shutil.copytree(host.folder, loose, ignore=shutil.ignore_patterns(".git"))
    done = host.run("review", str(loose), "--against", "main")
    assert (done.code, "is in no git repository" in done.err) == (2, True)


def test_nothing_of_a_repository_runs_while_its_history_is_read(host: Repository, tmp_path: Path):
    mark = tmp_path / "ran"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {mark}\n")
    script.chmod(0o755)
    with (host.folder / ".git/config").open("a") as file:
        file.write(
            f"[core]\n\tfsmonitor = {script}\n\thooksPath = {tmp_path}\n\tpager = {script}\n"
            f'[filter "x"]\n\tsmudge = {script}\n\tclean = {script}\n[include]\n\tpath = {tmp_path}/nothing\n'
        )
    host.write(".gitattributes", "* filter=x\n")
    change(host, "src/index.ts", "depth?: number", "depth: number")
    assert len(broken(host, "--against", "v1.4.0")) == 1
    assert host.review("--changed-since", "v1.4.0").code in (0, 1)
    assert not mark.exists()


def test_a_damaged_history_makes_the_review_incomplete(host: Repository):
    for file in (host.folder / ".git/objects").rglob("*"):
        if file.is_file():
            file.chmod(0o644)
            file.write_bytes(b"\x00 damaged")
    done = host.run("review", ".", "--format", "json", "--against", "main")
    assert done.code == 4
    assert "history can't be read" in json.dumps(done.report["reviews"][0]["errors"])


def test_an_earlier_version_made_to_break_the_parser_is_given_up_once(host: Repository):
    host.write("src/loader.ts", "a<b," * 20_000)
    host.commit("hostile")
    host.write("src/loader.ts", LOADER)
    change(host, "src/index.ts", "depth?: number", "depth: number")
    done = host.run("review", ".", "--kind", "host", "--select", "API04", "--against", "HEAD", "--format", "json")
    assert done.code == 4, done.reasons
    assert [one["rule"] for one in done.report["reviews"][0]["errors"]] == ["against"]
    assert host.review("--kind", "host", "--select", "API04", "--against", "v1.4.0").code == 1


def test_a_worktree_has_the_history_of_its_repository(host: Repository, tmp_path: Path):
    host.git("worktree", "add", "-q", str(tmp_path / "other"), "-b", "other")
    index = tmp_path / "other/src/index.ts"
    index.write_text(index.read_text().replace("depth?: number", "depth: number"))
    done = host.run(
        "review",
        str(tmp_path / "other"),
        "--kind",
        "host",
        "--select",
        "API04",
        "--against",
        "main",
        "--format",
        "json",
    )
    assert done.findings() == [("API041", "src/index.ts", 7)]
