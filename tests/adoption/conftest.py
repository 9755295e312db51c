"""A plugin with one flaw in a real git repository, and the program run in it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from gauge import LEAK, MANIFEST

from reviewer.commands.command import Invocation
from reviewer.commands.parsing import parse
from reviewer.commands.planning import plan_of
from reviewer.commands.registry import REVIEW, find
from reviewer.core.errors import ReviewerError
from reviewer.engine.looking.watch import Unwatched
from reviewer.engine.plan import jobs_of
from reviewer.engine.root_review import review_root
from reviewer.engine.session import outcome_of
from reviewer.report.options import RenderOptions
from reviewer.report.registry import render
from reviewer.report.verdict import exit_code

SECOND = """
  async extend(context) {
    context.eventBus.on('tide.low', (height) => context.logger.warn(`low ${height}`));
  }
}
"""
"""What follows the class body in place of its last bracket, with another dropped subscription."""


@dataclass(frozen=True)
class Ran:
    """What a run of the program gave."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON report."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    def findings(self, kind: str = "") -> list[tuple[str, str, int]]:
        """Rule, path and line of the open findings, or of those suppressed in one way."""
        return [
            (one["rule"], one["path"], one["line"])
            for review in self.report["reviews"]
            for one in review["findings"]
            if (one["suppressed"] or {"kind": ""})["kind"] == kind
        ]

    @property
    def reasons(self) -> str:
        """Why the gate is as it is."""
        return "; ".join(self.report["gate"]["reasons"])


class Repository:
    """A folder under git, and the program run in it."""

    def __init__(self, folder: Path, home: Path) -> None:
        """Take two empty folders."""
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "REVIEWER_CACHE_DIR": str(home / "cache"),
            "NO_COLOR": "1",
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@saltmarsh.org",
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@saltmarsh.org",
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        self.git("init", "-q", "-b", "main")

    def git(self, *words: str) -> str:
        """Run git; a failure fails the test."""
        done = subprocess.run(
            ["git", *words], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        """Write a file, with the folders above it."""
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def commit(self, message: str) -> str:
        """Commit everything and return the id."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def run(self, *words: str) -> Ran:
        """Run the program in the folder."""
        done = subprocess.run(
            [sys.executable, "-m", "reviewer", *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def call(self, name: str, *words: str) -> Ran:
        """Run another command inside this process."""
        command = find(name)
        with contextlib.chdir(self.folder):
            try:
                reply = command(Invocation(parse(command, words)))
            except ReviewerError as error:
                return Ran(int(error.code), "", str(error))
        return Ran(int(reply.code), reply.text, reply.note)

    def review(self, *words: str) -> Ran:
        """Review the folder strictly, with a report in JSON, inside this process: that is many times as fast."""
        with contextlib.chdir(self.folder):
            try:
                given = parse(REVIEW, [".", "--fail-on", "medium", *words])
                plan = plan_of(Invocation(given))
                results = [(job, review_root(job, Unwatched())) for job in jobs_of(plan)]
                outcome = outcome_of(plan, results)
            except ReviewerError as error:
                return Ran(int(error.code), "", str(error))
        return Ran(int(exit_code(outcome.run.gate)), render(outcome.run, "json", RenderOptions()), outcome.note)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return an empty repository."""
    folder, home = tmp_path / "work", tmp_path / "home"
    monkeypatch.setenv("REVIEWER_CACHE_DIR", str(home / "cache"))
    folder.mkdir()
    home.mkdir()
    return Repository(folder, home)


@pytest.fixture
def gauge(repository: Repository) -> Repository:
    """Return a repository with a committed plugin that has one flaw, in line 4 of its code."""
    repository.write("plugin.json", json.dumps(MANIFEST, indent=2))
    repository.write("plugin.js", LEAK)
    repository.commit("a plugin")
    return repository
