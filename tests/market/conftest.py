"""The real program over small markets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from batch_program import Batch


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    return Batch(tmp_path)


@pytest.fixture
def another(tmp_path: Path) -> Callable[[str], Batch]:
    """Make a second home beside the first: for a run to compare with."""

    def made(name: str) -> Batch:
        home = tmp_path / name
        home.mkdir()
        return Batch(home)

    return made
