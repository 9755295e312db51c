"""Enters every case, and gives tests the command line with an empty home."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))  # the cases import one another by their plain names

for _module in ("paths", "zips", "tars", "manifests", "documents", "sources", "configuration"):
    import_module(f"cases.{_module}")

from together import Program  # noqa: E402 - found by the path above


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
