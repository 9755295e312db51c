"""The review of the example plugins that ship: the good ones pass, and every planted flaw is found in its place."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def review(example: str, *options: str) -> tuple[int, list[dict[str, Any]]]:
    """Review an example with the real command; return the exit code and the findings."""
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", "review", "--format", "json", *options, str(EXAMPLES / example)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    (one,) = json.loads(done.stdout)["reviews"]
    findings: list[dict[str, Any]] = one["findings"]
    return done.returncode, findings


@pytest.mark.parametrize("example", ["good-py", "good-ts"])
def test_a_good_example_passes_without_a_finding(example):
    code, findings = review(example)
    assert [(finding["rule"], finding["path"], finding["line"]) for finding in findings] == []
    assert code == 0


@pytest.mark.parametrize("example", ["flawed-host", "flawed-py", "flawed-ts"])
def test_a_flawed_example_fails_and_each_planted_flaw_is_found(example):
    code, findings = review(example)
    found = {(finding["path"], finding["line"], finding["expert"]) for finding in findings}
    missed = []
    for flaw in tomllib.loads((EXAMPLES / example / "expected.toml").read_text("utf-8"))["flaw"]:
        places = {(flaw["path"], flaw["line"])}
        places |= {(path, int(line)) for path, _, line in (p.rpartition(":") for p in flaw.get("also", []))}
        wanted = {(path, line, expert) for path, line in places for expert in flaw["expert"]}
        if not wanted & found:
            missed.append(f"{flaw['path']}:{flaw['line']} {flaw['rule']}")
    assert not missed, "\n".join(missed)
    assert code == 1
