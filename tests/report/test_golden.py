"""The output of invented runs, kept as files and compared byte for byte.

After an intended change write them anew and read the difference before it is committed:

    REVIEWER_WRITE_GOLDEN=1 python -m pytest tests/report/test_golden.py
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from reviewer.report.explain import explain
from reviewer.report.registry import render
from reviewer.report.rules_table import rules_json, rules_text

GOLDEN = Path(__file__).parent / "golden"

REPORTS = [
    ("full-80.txt", "full", "text", {}),
    ("full-120.txt", "full", "text", {"width": 120}),
    ("full-ascii.txt", "full", "text", {"unicode": False}),
    ("full-colour.txt", "full", "text", {"colour": True}),
    ("full.json", "full", "json", {}),
    ("full.sarif", "full", "sarif", {}),
    ("clean.txt", "clean", "text", {}),
    ("clean.json", "clean", "json", {}),
    ("clean.sarif", "clean", "sarif", {}),
    ("hostile.txt", "hostile", "text", {}),
    ("hostile.json", "hostile", "json", {}),
    ("hostile.sarif", "hostile", "sarif", {}),
    ("full.github.txt", "full", "github", {}),
    ("full.gitlab.json", "full", "gitlab", {}),
    ("full.junit.xml", "full", "junit", {}),
    ("full.md", "full", "markdown", {}),
    ("hostile.github.txt", "hostile", "github", {}),
    ("hostile.gitlab.json", "hostile", "gitlab", {}),
    ("hostile.junit.xml", "hostile", "junit", {}),
    ("hostile.md", "hostile", "markdown", {}),
]


@pytest.fixture(autouse=True)
def version(monkeypatch):
    """Keep a release from changing the files."""
    monkeypatch.setattr("reviewer.__version__", "0.0.0")


def compare(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("REVIEWER_WRITE_GOLDEN"):
        path.write_bytes(text.encode("utf-8"))
    assert path.read_bytes().decode("utf-8") == text


@pytest.mark.parametrize(("name", "run", "form", "changes"), REPORTS, ids=[report[0] for report in REPORTS])
def test_a_report_is_as_it_was_kept(name, run, form, changes, runs, options, evil_options):
    chosen = evil_options if run == "hostile" else options
    compare(name, render(runs[run], form, replace(chosen, **changes)))


def test_the_pages_about_rules_are_as_they_were_kept(rules, options):
    compare("explain-80.txt", explain(rules["SEC014"], options))
    compare("explain-colour.txt", explain(rules["SEC014"], replace(options, colour=True)))
    compare("rules.txt", rules_text(rules.values(), options))
    compare("rules.json", rules_json(rules.values()))


def test_every_kept_file_is_compared():
    kept = {path.name for path in GOLDEN.iterdir() if not path.name.startswith(".")}
    compared = {"explain-80.txt", "explain-colour.txt", "rules.txt", "rules.json"}
    assert kept == compared | {report[0] for report in REPORTS}


PROGRAM = """
import runpy, sys
words = runpy.run_path(sys.argv[1])
from reviewer.report.options import RenderOptions
from reviewer.report.registry import format_names, render
options = RenderOptions(sources=words["sources"], rules=words["RULES"].get)
for run in words["RUNS"].values():
    for name in format_names():
        sys.stdout.buffer.write(render(run, name, options).encode("utf-8"))
"""


def test_the_bytes_depend_on_no_hash_seed_no_locale_and_no_folder(tmp_path):
    outputs = set()
    for seed, locale, folder in (("0", "C", "/"), ("1", "C.UTF-8", str(tmp_path))):
        environment = {
            "PYTHONHASHSEED": seed,
            "LC_ALL": locale,
            "PYTHONPATH": ":".join(map(os.path.abspath, sys.path)),
        }
        command = [sys.executable, "-c", PROGRAM, str(Path(__file__).with_name("conftest.py"))]
        outputs.add(subprocess.run(command, env=environment, cwd=folder, capture_output=True, check=True).stdout)
    assert len(outputs) == 1
    assert len(outputs.pop()) > 10_000
