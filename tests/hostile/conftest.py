"""Builds the hostile subjects of a group, reviews all of them in one run of the real program, and watches what it does."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))  # the cases import one another by their plain names

from case import CASES, Case  # noqa: E402 - found by the path above

for _module in ("paths", "zips", "tars", "manifests", "documents", "sources", "configuration"):
    if (HERE / "cases" / f"{_module}.py").exists():
        import_module(f"cases.{_module}")

_spec = spec_from_file_location("program_of_the_command_line", HERE.parent / "cli" / "conftest.py")
assert _spec is not None
assert _spec.loader is not None
_cli = module_from_spec(_spec)
sys.modules[_spec.name] = _cli
_spec.loader.exec_module(_cli)
Program = _cli.Program
Ran = _cli.Ran


@dataclass(frozen=True)
class Together:
    """One run over all cases of a group."""

    ran: Any
    reviews: dict[str, list[dict[str, Any]]]
    """By the name of the case."""
    before: dict[str, bytes]
    after: dict[str, bytes]
    """The files around the subjects, by path, before and after."""


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return what is written in a folder, links as their targets, large files by their size."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[str(path)] = str(path.readlink()).encode("utf-8", "surrogateescape")
        elif path.is_file():
            size = path.stat().st_size
            found[str(path)] = path.read_bytes() if size < 100_000 else str(size).encode()
    return found


def together(group: str, root: Path) -> Together:
    """Build the cases of a group below a folder and review them in one run."""
    home = root / "home"
    home.mkdir(parents=True)
    paths: dict[str, Case] = {}
    for one in CASES[group]:
        folder = root / "subjects" / one.folder
        folder.mkdir(parents=True)
        paths[str(one.build(folder))] = one
    before = snapshot(root / "subjects") if group != "paths" else {}
    ran = Program(home)("review", *paths, "--format", "json", "--jobs", "2")
    after = snapshot(root / "subjects") if group != "paths" else {}
    reviews: dict[str, list[dict[str, Any]]] = {one.name: [] for one in CASES[group]}
    for review in ran.report["reviews"]:
        name = review["subject"]["path"]
        holder = max((path for path in paths if name == path or name.startswith(f"{path}/")), key=len)
        reviews[paths[holder].name].append(review)
    return Together(ran, reviews, before, after)


@pytest.fixture(scope="session")
def runs(tmp_path_factory) -> dict[str, Together]:
    """The runs of the groups, each made when it is first asked for."""

    class Runs(dict[str, Together]):
        def __missing__(self, group: str) -> Together:
            self[group] = together(group, tmp_path_factory.mktemp(group))
            return self[group]

    return Runs()


@pytest.fixture
def program(tmp_path: Path) -> Any:
    """The command line with an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return Program(home)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder for subjects."""
    folder = tmp_path / "place"
    folder.mkdir()
    return folder
