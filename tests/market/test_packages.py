"""The market of published packages: what is pinned, what is made of it, and what was decided about its findings."""

from __future__ import annotations

import io
import json
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent))  # the scripts beside this file import one another by name
import synthetic
from measure_market import whole
from packages import Pinned, listed
from verdicts import differences, place, verdicts


def test_the_list_pins_hundreds_of_plugins_of_many_hosts_in_both_registries():
    packages = listed()
    assert len(packages) >= 200
    assert {package.registry for package in packages} == {"npm", "pypi"}
    assert len({package.host for package in packages}) >= 40
    assert all(len(package.sha256) == 64 for package in packages)
    assert len({package.file for package in packages}) == len(packages)


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Let a market be made of one tarball and one wheel."""
    tarball, wheel = tmp_path / "tides-1.0.0.tgz", tmp_path / "lamp-1.0.0-py3-none-any.whl"
    with tarfile.open(tarball, "w:gz") as made:
        for name, data in {
            "package/package.json": b'{"name": "@harbour/tides", "version": "1.0.0", "main": "main.js"}',
            "package/main.js": b"exports.a = 1;\n",
            "package/README.md": b"# Tides\n",
        }.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr("lamp/__init__.py", "a = 1\n")
        made.writestr(
            "lamp-1.0.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: lamp\nVersion: 1.0.0\n\nVersion: text\n"
        )
        made.writestr("lamp-1.0.0.dist-info/RECORD", "lamp/__init__.py,,\n")
    pinned = [
        (Pinned("npm", "@harbour/tides", "1.0.0", tarball.name, "0" * 64, "x"), tarball),
        (Pinned("pypi", "lamp", "1.0.0", wheel.name, "1" * 64, "x"), wheel),
    ]
    monkeypatch.setattr(synthetic, "archives", lambda: pinned)
    return tmp_path


def test_a_copy_has_another_name_another_version_and_other_bytes_in_every_source_file(small):
    lines = [json.loads(line) for line in synthetic.market(6, small / "market").read_text().splitlines()]
    assert len({line["name"] for line in lines}) == 6
    assert len({line["digest"] for line in lines}) == 6
    sources = set()
    for line in lines:
        archive = small / "market" / line["path"]
        if archive.suffix == ".tgz":
            with tarfile.open(archive) as opened:
                manifest = json.load(opened.extractfile("package/package.json"))
                sources.add(opened.extractfile("package/main.js").read())
                assert opened.extractfile("package/README.md").read() == b"# Tides\n"
            assert (manifest["name"], manifest["version"], manifest["main"]) == (
                line["name"],
                line["version"],
                "main.js",
            )
        else:
            folder = f"{line['name'].replace('-', '_')}-{line['version']}.dist-info"
            with zipfile.ZipFile(archive) as opened:
                told = opened.read(f"{folder}/METADATA").decode()
                sources.add(opened.read("lamp/__init__.py"))
                assert len(opened.read(f"{folder}/RECORD").splitlines()) == len(opened.namelist())
            assert f"Name: {line['name']}\nVersion: {line['version']}\n\nVersion: text" in told
    assert len(sources) == 6


def test_the_same_number_gives_the_same_bytes(small):
    first, second = (synthetic.market(3, small / name).read_bytes() for name in ("one", "two"))
    assert first == second


def test_what_the_whole_would_take_lies_on_the_line_through_what_was_measured():
    assert whole([(50.0, 30.0), (100.0, 40.0), (200.0, 60.0)]) == pytest.approx(20 + 60_000 * 0.2)


def test_every_verdict_is_complete_and_given_once():
    names = {f"{package.registry}:{package.name}" for package in listed()}
    for verdict in verdicts():
        assert set(verdict) - {"mended"} == {"rule", "package", "path", "line", "verdict", "because"}, verdict
        assert verdict["verdict"] in {"true", "false", "debatable"}, verdict
        assert verdict["package"] in names, verdict
        assert verdict["because"].endswith("."), verdict
        assert not verdict.get("mended") or verdict["verdict"] == "false", verdict
    assert len({place(verdict) for verdict in verdicts()}) == len(verdicts())
    assert len({verdict["rule"] for verdict in verdicts() if verdict.get("mended")}) >= 5


def test_a_run_is_held_against_the_verdicts():
    standing = {place(verdict) for verdict in verdicts() if not verdict.get("mended")}
    known = {verdict["package"] for verdict in verdicts()}
    assert differences(standing, known) == []
    assert differences(set(), set()) == []
    mended = next(verdict for verdict in verdicts() if verdict.get("mended"))
    (said,) = differences(standing | {place(mended)}, known)
    assert said.startswith(f"has come back: {mended['rule']} {mended['package']}")
    gone = next(iter(standing))
    assert [line.split(":")[0] for line in differences(standing - {gone}, known)] == ["is gone"]
