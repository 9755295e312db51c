"""The files by which others run the review: a pre-commit hook, a GitHub action, a GitLab job, each run for real."""

from __future__ import annotations

import json
import os
import re
import shutil
import site
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import reviewer
from reviewer.commands.parsing import parse
from reviewer.commands.registry import REVIEW
from tests.adoption.conftest import LEAK, SECOND, Repository

ROOT = Path(__file__).resolve().parents[2]
PARTS = (
    "reviewer",
    "agents",
    "skills",
    "templates",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".pre-commit-hooks.yaml",
)


def data(path: str) -> dict[str, Any]:
    """Return a YAML file of the project."""
    found: dict[str, Any] = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    return found


@pytest.fixture
def clone(tmp_path: Path, gauge: Repository) -> Path:
    """Return a repository with this project in it, as it is now; what it depends on is borrowed, to save the time."""
    folder = tmp_path / "project"
    folder.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", ".mypy_cache"))
        else:
            shutil.copy(source, folder / part)
    project = folder / "pyproject.toml"
    project.write_text(re.sub(r"(?ms)^dependencies = \[.*?^\]", "dependencies = []", project.read_text(), count=1))
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "as it is")):
        subprocess.run(["git", *words], cwd=folder, env=gauge.environment, check=True)
    return folder


@pytest.mark.needs("pip", "git")
def test_pre_commit_installs_and_runs_the_hooks_of_a_clone(clone: Path, gauge: Repository, tmp_path: Path):
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=clone, capture_output=True, text=True, check=True).stdout
    entry = {"repo": str(clone), "rev": head.strip(), "hooks": [{"id": "reviewer-changed"}, {"id": "reviewer"}]}
    gauge.write(".pre-commit-config.yaml", yaml.safe_dump({"repos": [entry]}))
    gauge.write("reviewer.toml", 'fail-on = "medium"\n')
    gauge.commit("hooks")
    environment = gauge.environment | {
        "PRE_COMMIT_HOME": str(tmp_path / "hooks"),
        "PIP_CACHE_DIR": str(Path("~/.cache/pip").expanduser()),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONPATH": site.getsitepackages()[0],
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never", *words]
        return subprocess.run(command, cwd=gauge.folder, env=environment, capture_output=True, text=True, check=False)

    known = run("reviewer-changed")
    assert known.returncode == 0, known.stdout + known.stderr
    assert "Passed" in known.stdout
    whole = run("reviewer")
    assert whole.returncode == 1
    assert "LIF001" in whole.stdout
    gauge.write("plugin.js", LEAK.rstrip().removesuffix("}") + SECOND)
    new = run("reviewer-changed")
    assert new.returncode == 1
    assert "plugin.js:9" in new.stdout
    assert "plugin.js:4" not in new.stdout


def test_every_hook_calls_the_command_with_arguments_that_it_has():
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")):
        program, command, *words = hook["entry"].split()
        assert (program, command) == ("reviewer", "review")
        assert parse(REVIEW, words)["paths"] == (".",)


def action(step: str) -> str:
    """Return the script of a step of the action."""
    (found,) = [one for one in data("action.yml")["runs"]["steps"] if one.get("name") == step]
    return str(found["run"])


@pytest.mark.parametrize(
    ("variables", "code", "result"),
    [
        ({}, 0, "pass"),
        ({"REVIEW_ARGUMENTS": "--fail-on medium"}, 1, "findings"),
        ({"REVIEW_ARGUMENTS": "--fail-on medium --changed-since HEAD"}, 0, "pass"),
        ({"REVIEW_PATH": "nowhere"}, 2, "error"),
        ({"REVIEW_PATH": "--fix"}, 2, "error"),
        ({"REVIEW_ARGUMENTS": "--fail-on medium; touch ran"}, 2, "error"),
        (
            {"REVIEW_FORMAT": "sarif", "REVIEW_OUTPUT": "out.sarif", "REVIEW_ARGUMENTS": "--fail-on medium"},
            1,
            "findings",
        ),
    ],
)
def test_the_action_reviews_and_tells_the_result(
    gauge: Repository, tmp_path: Path, variables: dict[str, str], code: int, result: str
):
    installed = tmp_path / "temp/reviewer/bin"
    installed.mkdir(parents=True)
    program = installed / "reviewer"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m reviewer "$@"\n')
    program.chmod(0o755)
    told = tmp_path / "told"
    environment = gauge.environment | {
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_OUTPUT": str(told),
        "REVIEW_PATH": ".",
        "REVIEW_ARGUMENTS": "",
        "REVIEW_FORMAT": "github",
        "REVIEW_OUTPUT": "",
        **variables,
    }
    script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", action("Review")]
    done = subprocess.run(script, cwd=gauge.folder, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, told.read_text()) == (code, f"result={result}\n"), done.stderr
    assert not (gauge.folder / "ran").exists()
    if result == "findings" and not variables.get("REVIEW_OUTPUT"):
        assert "file=plugin.js,line=4" in done.stdout
    if variables.get("REVIEW_OUTPUT"):
        assert json.loads((gauge.folder / "out.sarif").read_text())["version"] == "2.1.0"


def test_no_input_of_the_action_becomes_part_of_a_script():
    for step in data("action.yml")["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_the_gitlab_job_leaves_a_code_quality_report(gauge: Repository):
    job = yaml.safe_load((ROOT / "templates/init/gitlab.yml").read_text(encoding="utf-8"))["reviewer"]
    command = job["script"][-1].split()
    assert command[0] == "reviewer"
    assert gauge.run(*command[1:], "--fail-on", "medium").code == 1
    report = json.loads((gauge.folder / job["artifacts"]["reports"]["codequality"]).read_text())
    assert [(one["check_name"], one["location"]["path"]) for one in report][:1] == [("LIF001", "plugin.js")]


def test_a_program_reviews_without_a_command_line(gauge: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("REVIEWER_CACHE_DIR", str(tmp_path / "cache"))
    run = reviewer.review(gauge.folder, fail_on="medium", experts=["lifecycle"])
    (finding,) = run.reviews[0].findings
    assert (run.gate.result, finding.rule, finding.location.line) == ("fail", "LIF001", 4)
    assert finding.severity is reviewer.Severity.MEDIUM
    assert reviewer.review(gauge.folder, fail_on="medium", changed_since="HEAD").gate.result == "pass"
    with pytest.raises(reviewer.UsageError, match="did you mean 'high'"):
        reviewer.review(gauge.folder, fail_on="hgh")  # type: ignore[arg-type]  # the mistake is the point
    with pytest.raises(reviewer.UsageError, match="did you mean 'fail_on'"):
        reviewer.review(gauge.folder, failon="high")  # type: ignore[call-arg]  # the mistake is the point
    with pytest.raises(reviewer.UsageError, match="expected one of regular, pedantic, auditor"):
        reviewer.review(gauge.folder, strictness="strict")  # type: ignore[arg-type]  # the mistake is the point


def test_importing_the_package_loads_nothing_and_types_are_known(tmp_path: Path):
    program = "import reviewer, sys; print(*[name for name in sys.modules if name.startswith('reviewer.')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []
    offered = {name for name in reviewer.api.__all__ if getattr(reviewer, name) is None}
    assert offered == set()
    caller = tmp_path / "caller.py"
    caller.write_text(
        "import reviewer\n"
        "run: reviewer.ReviewRun = reviewer.review('x', fail_on='high')\n"
        "line: int = run.reviews[0].findings[0].location.line\n"
        "reviewer.review('x', fail_on='hgh')\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(caller)],
        capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, "MYPY_CACHE_DIR": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout.count("error:") == 1, done.stdout
    assert "incompatible type \"Literal['hgh']\"" in done.stdout


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        (["--", "--fix", "a"], ("a", "--fix")),
        (["b", "--fail-on", "low", "--", "-x"], ("b", "-x")),
        (["--", "a"], ("a",)),
    ],
)
def test_what_stands_behind_two_dashes_is_never_an_option(words: list[str], paths: tuple[str, ...]):
    given = parse(REVIEW, words)
    assert (given["paths"], given["purpose"]) == (paths, "")
