"""Fills the corpus cache once for a test run, and says which package is missing from it and why."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))  # the scripts beside this file import one another by their plain names


@pytest.fixture(scope="session")
def fetched() -> str:
    """Fetch the corpus and return what was said; other bytes than the pinned ones fail every test."""
    done = subprocess.run([sys.executable, str(HERE / "fetch.py")], capture_output=True, text=True, check=False)
    if done.returncode not in {0, 3}:
        pytest.fail(done.stderr)
    return done.stderr


@pytest.fixture(scope="session")
def corpus_cache(request: pytest.FixtureRequest) -> Path:
    """Return the cache folder after fetching."""
    from corpus import cache_folder

    request.getfixturevalue("fetched")
    return cache_folder()
