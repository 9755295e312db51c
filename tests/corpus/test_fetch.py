"""Fetching the corpus: pinned bytes or a clear message, and never anything else in the cache."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from corpus import CorpusError, load
from parts import unpack_part

FETCH = Path(__file__).resolve().parent / "fetch.py"


CONTROL = "Package: one\nVersion: 1\nArchitecture: all\nMaintainer: Nobody <nobody@example.com>\nDescription: one\n"


def pinned(folder: Path, **changes: str) -> Path:
    """Write a list with the smallest package of the corpus, changed at will."""
    package = next(package for package in load() if package.name == "gulp-rename")
    values = dataclasses.asdict(package) | changes
    path = folder / "list.toml"
    lines = [f"{key} = {value!r}" for key, value in values.items()]
    path.write_text("\n".join(["[[package]]", *lines, ""]), encoding="utf-8")
    return path


def run(path: Path, cache: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Fetch a list into a cache folder."""
    return subprocess.run(
        [sys.executable, str(FETCH), "--list", str(path)],
        env={**os.environ, "REVIEWER_CORPUS_CACHE": str(cache), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_list_holds_plugins_of_many_hosts_in_three_registries():
    packages = load()
    assert len(packages) >= 45
    assert {package.registry for package in packages} == {"debian", "npm", "pypi"}
    assert len({package.host for package in packages}) >= 20


def test_an_entry_with_a_missing_key_is_refused_by_number(tmp_path):
    path = tmp_path / "list.toml"
    path.write_text('[[package]]\nregistry = "npm"\n', encoding="utf-8")
    with pytest.raises(CorpusError, match="entry 1 of the list needs exactly the texts registry, name"):
        load(path)


def test_an_archive_name_that_leaves_the_cache_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="not a plain file name"):
        load(pinned(tmp_path, file="../gulp.tgz"))


def test_a_part_that_leaves_its_archive_is_refused(tmp_path):
    for part in ("../x", "/etc"):
        with pytest.raises(CorpusError, match="no folder inside the archive"):
            load(pinned(tmp_path, part=part))


def test_a_part_is_taken_out_of_its_archive_and_nothing_else(tmp_path):
    archive = tmp_path / "two.whl"
    with zipfile.ZipFile(archive, "w") as packed:
        for name in ("host/plugins/one/a.py", "host/plugins/one/in/b.py", "host/plugins/one-more/c.py"):
            packed.writestr(name, name)
    found = unpack_part(archive, "host/plugins/one", tmp_path / "out")
    assert sorted(path.relative_to(found).as_posix() for path in found.rglob("*.py")) == ["a.py", "in/b.py"]
    assert not (tmp_path / "out/host/plugins/one-more").exists()
    with pytest.raises(CorpusError, match="has no folder 'host/plugins/two'"):
        unpack_part(archive, "host/plugins/two", tmp_path / "out")


def test_a_list_that_names_a_package_twice_is_refused(tmp_path):
    path = pinned(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") * 2, encoding="utf-8")
    with pytest.raises(CorpusError, match="listed twice"):
        load(path)


@pytest.mark.needs("apt-get")
def test_a_version_that_left_the_archive_counts_as_not_delivered_and_is_named(tmp_path):
    gone = pinned(tmp_path, registry="debian", name="coreutils", version="0.1-1", file="coreutils_0.1-1_amd64.deb")
    done = run(gone, tmp_path / "cache")
    assert done.returncode == 3
    assert "debian did not bring coreutils 0.1-1: " in done.stderr


@pytest.mark.needs("dpkg-deb")
def test_a_part_of_a_package_of_debian_comes_with_its_links(tmp_path):
    root = tmp_path / "root"
    for name, text in (("DEBIAN/control", CONTROL), ("usr/share/one/a.js", "1"), ("usr/share/two/b.js", "2")):
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    (root / "usr/share/one/c.js").symlink_to("../two/b.js")
    subprocess.run(["dpkg-deb", "--build", str(root), str(tmp_path / "one.deb")], check=True, capture_output=True)
    found = unpack_part(tmp_path / "one.deb", "usr/share/one", tmp_path / "out")
    assert sorted(path.name for path in found.iterdir()) == ["a.js", "c.js"]
    assert (found / "c.js").readlink() == Path("../two/b.js")
    assert not (tmp_path / "out/usr/share/two").exists()


@pytest.mark.needs("npm")
def test_a_damaged_archive_is_fetched_again_and_a_whole_one_is_not(tmp_path):
    path, cache = pinned(tmp_path), tmp_path / "cache"
    first = run(path, cache)
    if first.returncode == 3:
        pytest.skip(first.stderr)
    (archive,) = (cache / "npm").iterdir()
    whole = archive.read_bytes()
    archive.write_bytes(whole[:100])
    assert "fetched" in run(path, cache).stderr
    assert archive.read_bytes() == whole
    assert "in the cache" in run(path, cache, PATH="").stderr


@pytest.mark.needs("npm")
def test_other_bytes_than_the_pinned_ones_are_named_and_kept_out(tmp_path):
    path, cache = pinned(tmp_path, sha256="0" * 64), tmp_path / "cache"
    done = run(path, cache)
    if done.returncode == 3:
        pytest.skip(done.stderr)
    assert done.returncode == 1
    assert f"expected sha256 {'0' * 64}" in done.stderr
    assert "found    sha256 491a6097" in done.stderr
    assert not list((cache / "npm").iterdir())


def test_a_client_that_is_not_there_is_named_and_gives_its_own_exit_code(tmp_path):
    done = run(pinned(tmp_path), tmp_path / "cache", PATH="")
    assert done.returncode == 3
    assert "npm is not on the PATH" in done.stderr
