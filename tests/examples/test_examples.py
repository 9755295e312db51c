"""The example plugins that ship: the good ones work, and the flaws of the others stand where they are listed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from reviewer.core.experts import EXPERTS

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FLAWED = ("flawed-host", "flawed-py", "flawed-ts")
KEYS = {"path", "line", "text", "rule", "expert", "why"}
PINNED = ("typescript@5.9.3", "@types/node@22.19.1", "semver@7.7.3", "@types/semver@7.7.1")


def flaws(example: str) -> list[dict[str, Any]]:
    """Return the flaws that an example lists."""
    found: list[dict[str, Any]] = tomllib.loads((EXAMPLES / example / "expected.toml").read_text("utf-8"))["flaw"]
    return found


def line_of(example: str, path: str, line: int) -> str:
    """Return one line of a file of an example, counted from 1."""
    return (EXAMPLES / example / path).read_text("utf-8").splitlines()[line - 1]


@pytest.mark.parametrize("example", FLAWED)
def test_every_listed_flaw_stands_where_it_is_listed(example):
    for flaw in flaws(example):
        assert set(flaw) - {"also"} == KEYS, flaw
        assert flaw["text"] in line_of(example, flaw["path"], flaw["line"]), flaw
        assert flaw["expert"], flaw
        assert set(flaw["expert"]) <= set(EXPERTS), flaw
        for place in flaw.get("also", []):
            path, _, line = place.rpartition(":")
            assert line_of(example, path, int(line)).strip(), place


@pytest.mark.parametrize("example", FLAWED)
def test_a_flawed_example_has_flaws_for_most_experts(example):
    assert len(flaws(example)) >= 8
    assert len({flaw["expert"][0] for flaw in flaws(example)}) >= 5


@pytest.mark.parametrize("example", FLAWED)
def test_no_comment_of_a_flawed_example_gives_a_flaw_away(example):
    names = {flaw["rule"] for flaw in flaws(example)}
    for path in (EXAMPLES / example).rglob("*"):
        if path.is_file() and path.name != "expected.toml":
            text = path.read_text("utf-8")
            assert not [name for name in names if name in text], path
            assert not re.search(r"\b(flaw|bug|fixme|todo|vulnerab|insecure)", text, re.IGNORECASE), path


@pytest.mark.parametrize("example", ["good-py", "flawed-py"])
def test_the_tests_of_a_python_example_pass(example):
    done = subprocess.run(
        [sys.executable, "-B", "-m", "unittest", "discover", "-s", "tests", "-t", "."],
        cwd=EXAMPLES / example,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Ran 0 tests" not in done.stderr


@pytest.fixture(scope="module")
def compiler(tmp_path_factory):
    """Install the TypeScript compiler and the types of Node.js, at exact versions."""
    folder = tmp_path_factory.mktemp("typescript")
    done = subprocess.run(
        ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", *PINNED],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"npm did not deliver the compiler: {done.stderr.strip()[-300:]}")
    return folder


@pytest.mark.needs("npm")
@pytest.mark.parametrize("example", ["good-ts", "flawed-ts", "flawed-host"])
def test_a_typescript_example_compiles_strictly_and_its_tests_pass(example, compiler):
    folder = compiler / example
    shutil.copytree(EXAMPLES / example, folder)
    options = {"rootDir": ".", "outDir": "built", "types": ["node"]}
    project = {"extends": "./tsconfig.json", "compilerOptions": options, "include": ["src", "test"]}
    (folder / "tsconfig.test.json").write_text(json.dumps(project), "utf-8")
    run = partial(subprocess.run, cwd=folder, capture_output=True, text=True, check=False)
    built = run([compiler / "node_modules/.bin/tsc", "-p", "tsconfig.test.json"])
    assert built.returncode == 0, built.stdout
    tests = sorted(str(path) for path in (folder / "built" / "test").glob("*.test.js"))
    done = run(["node", "--test", "--test-force-exit", *tests])
    assert done.returncode == 0, done.stdout + done.stderr
