"""The house keeps its shape: floors, rooms, sizes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP = {
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "reviewer",
    "agents",
    "skills",
    "templates",
    "examples",
    "tests",
    "action.yml",
}


def tracked() -> list[str]:
    """Return the paths that git tracks."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [path for path in listed.split("\0") if path]


@pytest.mark.needs("git")
def test_the_top_level_is_as_drawn():
    top = {path.split("/", 1)[0] for path in tracked()}
    assert {name for name in top if not name.startswith(".")} <= TOP


@pytest.mark.needs("git")
def test_no_python_file_passes_400_lines():
    sizes = {
        path: len((ROOT / path).read_bytes().splitlines())
        for path in tracked()
        if path.endswith(".py") and (ROOT / path).exists()
    }
    assert sizes
    assert {path: size for path, size in sizes.items() if size > 400} == {}


def test_floors_know_only_the_floors_below():
    done = subprocess.run(
        [sys.executable, "-m", "importlinter.cli", "lint"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_kinds_of_nodes_are_asked_for_as_classes():
    by_name = re.compile(r"type\([^()]*\)\.__name__ (?:==|!=|in|not in) ")
    said = [path for path in (ROOT / "reviewer").rglob("*.py") if by_name.search(path.read_text(encoding="utf-8"))]
    assert said == []


def test_patterns_of_a_review_are_compiled_when_they_are_needed():
    at_import = re.compile(r"^[A-Z_]+(?:: [^=\n]+)? = re\.compile\(", re.MULTILINE)
    floors = [ROOT / "reviewer" / floor for floor in ("code", "engine", "experts", "library", "subject")]
    eager = [
        path.relative_to(ROOT)
        for floor in floors
        for path in floor.rglob("*.py")
        if at_import.search(path.read_text("utf-8"))
    ]
    assert eager == []  # reviewer.core.regex compiles a pattern at its first use
