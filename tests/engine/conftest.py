"""Small plugins on disk, reviewed by the real command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gauge import LEAK, MANIFEST


@pytest.fixture
def leaky(tmp_path: Path) -> Path:
    """Return a plugin with one flaw, in line 4 of its code."""
    folder = tmp_path / "gauge"
    folder.mkdir()
    (folder / "plugin.json").write_text(json.dumps(MANIFEST, indent=2))
    (folder / "plugin.js").write_text(LEAK)
    return folder


Review = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def review(tmp_path: Path) -> Review:
    """Return a function that reviews paths and returns the exit code and the report."""
    cache = tmp_path / "cache"

    def run(*words: str | Path, cwd: Path | None = None, **variables: str) -> tuple[int, dict[str, Any]]:
        done = subprocess.run(
            [sys.executable, "-m", "reviewer", "review", "--format", "json", *map(str, words)],
            cwd=cwd or tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "REVIEWER_CACHE_DIR": str(cache), **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, json.loads(done.stdout) if done.stdout else {"said": done.stderr}

    return run


def rules(report: dict[str, Any], *, suppressed: bool = False) -> list[tuple[str, str, int]]:
    """Return rule, path and line of the findings that are, or are not, suppressed."""
    return [
        (finding["rule"], finding["path"], finding["line"])
        for one in report["reviews"]
        for finding in one["findings"]
        if (finding["suppressed"] is not None) is suppressed
    ]


@pytest.fixture(name="rules")
def rules_fixture() -> Callable[..., list[tuple[str, str, int]]]:
    """Return the function that lists findings."""
    return rules
