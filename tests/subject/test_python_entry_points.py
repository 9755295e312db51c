"""Python packages that a host finds by entry points are recognised by what they declare, wherever they declare it."""

from __future__ import annotations

import zipfile

import pytest

from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root
from reviewer.subject.document import DocumentError
from reviewer.subject.documents.setup_script import parse_setup_script

CODE = "def pytest_configure(config):\n    config.addinivalue_line('markers', 'slow: takes its time')\n"
HOST = """
from importlib.metadata import entry_points

class PluginManager:
    def __init__(self):
        self.plugins = {}

    def load_plugins(self):
        for found in entry_points(group="acme.plugins"):
            self.plugins[found.name] = found.load()

    def unload_plugin(self, name):
        self.plugins.pop(name).deactivate()
"""


class Quiet:
    """Hears of the walk and says nothing."""

    def at(self, _path):
        pass

    def during(self, _rule):
        pass


def subjects(path):
    (job,) = jobs_of(Plan((str(path),), Request(today="2026-01-01"), use_cache=False))
    return [one.review.subject for one in review_root(job, Quiet()).reviewed]


MANIFESTS = {
    "pyproject.toml": (
        '[project]\nname = "pytest-slow"\nversion = "1.0"\n[project.entry-points.pytest11]\nslow = "pytest_slow"\n'
    ),
    "setup.cfg": "[metadata]\nname = pytest-slow\nversion = 1.0\n[options.entry_points]\npytest11 =\n  slow = pytest_slow\n",
    "setup.py": (
        "from setuptools import setup\n"
        "setup(name='pytest-slow', version='1.0', entry_points={'pytest11': ['slow = pytest_slow']})\n"
    ),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_the_group_of_a_host_makes_a_package_a_plugin(tmp_path, name):
    (tmp_path / name).write_text(MANIFESTS[name])
    (tmp_path / "pytest_slow.py").write_text(CODE)
    (subject,) = subjects(tmp_path)
    assert (subject.ecosystem, subject.kind, subject.manifest) == ("python-entry-points", "plugin", name)
    assert (subject.id, subject.version) == ("pytest-slow", "1.0")


def test_plugins_of_poetry_count_as_entry_points(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[tool.poetry]\nname = "acme-x"\nversion = "2.0"\n[tool.poetry.plugins."acme.plugins"]\nx = "acme_x:X"\n'
    )
    (tmp_path / "acme_x.py").write_text("class X:\n    pass\n")
    (subject,) = subjects(tmp_path)
    assert (subject.ecosystem, subject.id, subject.version) == ("python-entry-points", "acme-x", "2.0")


def test_a_wheel_says_its_name_in_its_metadata(tmp_path):
    wheel = tmp_path / "pytest_slow-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("pytest_slow.py", CODE)
        archive.writestr("pytest_slow-1.0.dist-info/entry_points.txt", "[pytest11]\nslow = pytest_slow\n")
        archive.writestr("pytest_slow-1.0.dist-info/METADATA", "Name: pytest-slow\nVersion: 1.0\n")
    (subject,) = subjects(wheel)
    assert (subject.ecosystem, subject.kind) == ("python-entry-points", "plugin")
    assert (subject.id, subject.version) == ("pytest-slow", "1.0")
    assert subject.manifest == "pytest_slow-1.0.dist-info/entry_points.txt"


def test_scripts_alone_make_no_plugin(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "tool"\nversion = "1.0"\n[project.scripts]\ntool = "tool:main"\n'
    )
    (tmp_path / "setup.cfg").write_text("[options.entry_points]\nconsole_scripts =\n  tool = tool:main\n")
    (tmp_path / "tool.py").write_text("def main():\n    print('hello')\n")
    (subject,) = subjects(tmp_path)
    assert subject.ecosystem == "generic"


def test_a_host_that_declares_plugins_of_its_own_stays_a_host(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "acme"\nversion = "1.0"\n[project.entry-points."acme.plugins"]\nbuiltin = "acme:Builtin"\n'
    )
    (tmp_path / "acme.py").write_text(HOST)
    (subject,) = subjects(tmp_path)
    assert (subject.kind, subject.ecosystem) == ("host", "generic")


def test_a_manifest_made_for_plugins_counts_more_than_the_metadata_of_a_package(tmp_path):
    (tmp_path / "pyproject.toml").write_text(MANIFESTS["pyproject.toml"])
    (tmp_path / "plugin.json").write_text(
        '{"id": "slow", "name": "Slow", "version": "1.0.0", "main": "pytest_slow.py"}'
    )
    (tmp_path / "pytest_slow.py").write_text(CODE)
    (subject,) = subjects(tmp_path)
    assert (subject.ecosystem, subject.manifest) == ("generic", "plugin.json")


@pytest.mark.parametrize(("group", "kind"), [("acme.plugins", "host"), ("pytest11", "plugin")])
def test_entry_points_in_a_group_of_its_own_say_nothing_against_a_host(tmp_path, group, kind):
    (tmp_path / "pyproject.toml").write_text(
        f'[project]\nname = "acme"\nversion = "1.0"\n[project.entry-points."{group}"]\nplain = "acme.plain:Plain"\n'
    )
    (tmp_path / "acme.py").write_text(HOST.replace("class PluginManager", "class Loader"))
    (subject,) = subjects(tmp_path)
    assert subject.kind == kind


def test_a_damaged_pyproject_is_no_manifest(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project\n")
    (tmp_path / "pytest_slow.py").write_text(CODE)
    (subject,) = subjects(tmp_path)
    assert subject.ecosystem == "generic"


def test_a_setup_script_is_read_and_never_run():
    text = (
        b"open('/tmp/never', 'w')\nNAME = compute()\nsetup(name=NAME, entry_points='''\n[acme.plugins]\nx = x:X\n''')\n"
    )
    document = parse_setup_script("setup.py", text)
    value = document.get("entry_points", "acme.plugins", "x")
    assert value is not None
    assert (value.text, value.location.line) == ("x:X", 5)
    assert document.get("name") is None


@pytest.mark.parametrize("text", [b"setup(", b"(" * 5000, b"-" * 100_000 + b"1", b"\x00", b"#" * 300_000])
def test_a_setup_script_that_breaks_parsers_is_told(text):
    with pytest.raises(DocumentError):
        parse_setup_script("setup.py", text)


READS = """
from importlib.metadata import entry_points

def hear_all():
    return [found.load() for found in entry_points(group="beeline_sources")]
"""


def unpacked(path, group, label=""):
    """Write a package as an installer unpacks it, with one entry point in a group."""
    told = path / "beeline-1.4.dist-info"
    told.mkdir()
    classifier = f"Classifier: {label}\n" if label else ""
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: beeline\nVersion: 1.4\n{classifier}")
    (told / "entry_points.txt").write_text(f"[{group}]\nhive = beeline.hive\n\n[pytest11]\nbeeline = beeline.testing\n")
    (path / "beeline").mkdir()
    (path / "beeline" / "__init__.py").write_text(READS)


def test_what_registers_in_a_group_of_its_own_is_the_host_that_reads_it(tmp_path):
    unpacked(tmp_path, "beeline_sources")
    (subject,) = subjects(tmp_path)
    assert (subject.kind, subject.ecosystem) == ("host", "generic")


def test_the_framework_of_a_package_itself_says_nothing_against_that(tmp_path):
    unpacked(tmp_path, "beeline.sources", "Framework :: Beeline")
    (subject,) = subjects(tmp_path)
    assert (subject.kind, subject.ecosystem) == ("host", "generic")


def test_the_group_of_somebody_else_makes_it_a_plugin_all_the_same(tmp_path):
    unpacked(tmp_path, "apiary.sources")
    (subject,) = subjects(tmp_path)
    assert (subject.kind, subject.ecosystem) == ("plugin", "python-entry-points")
