"""Two machines give the same bytes in every form: other order of files, hash seed, processes, locale, time zone, cache."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FORMS = [("review", "html"), ("review", "sarif"), ("review", "github"), ("audit", "json"), ("audit", "html")]


@pytest.fixture(scope="module")
def machines(tmp_path_factory) -> list[tuple[Path, dict[str, str], list[str]]]:
    """Two folders with the same files written in opposite orders, and how a run differs there."""
    made = []
    sources = [
        path for name in ("flawed-host", "flawed-ts") for path in sorted((EXAMPLES / name).rglob("*")) if path.is_file()
    ]
    for number, order in enumerate((sources, sources[::-1])):
        folder = tmp_path_factory.mktemp(f"machine{number}")
        for source in order:
            target = folder / "repository" / source.relative_to(EXAMPLES)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
            os.utime(target, (number * 10**9, number * 10**9))
        variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "REVIEWER_CACHE_DIR": str(folder / "cache"),
            "PYTHONHASHSEED": str(number),
            "LC_ALL": ("C", "C.UTF-8")[number],
            "TZ": ("UTC", "Asia/Kolkata")[number],
            "COLUMNS": ("80", "200")[number],
        }
        made.append((folder, variables, ["--jobs", ("1", "4")[number]]))
    return made


@pytest.mark.parametrize(("command", "form"), FORMS, ids=[" ".join(pair) for pair in FORMS])
def test_two_machines_give_the_same_bytes(machines, command, form):
    outputs = []
    for folder, variables, words in machines:
        done = subprocess.run(
            [sys.executable, "-m", "reviewer", command, "repository", "--format", form, *words],
            cwd=folder, env=variables, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 1, done.stderr
        outputs.append(done.stdout)
    assert len(outputs[0]) > 1_000
    assert outputs[0] == outputs[1]
