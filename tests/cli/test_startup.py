"""Start-up is a feature: what a review does not need is not loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    "textual",
    "jinja2",
    "pydantic",
    "dulwich",
    "pygls",
    "mcp",
    "rich",
    "asyncio",
    "email",
    "http.client",
    "socket",
    "ssl",
    "urllib.request",
}
PARSERS = {"tree_sitter", "yaml", "jsonschema", "defusedxml", "re2"}


def loaded(program: str) -> set[str]:
    """Return the modules that a program has loaded at its end."""
    text = f"import sys, json\n{program}\nprint('\\n' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_process_that_a_person_starts_parses_nothing():
    modules = loaded(
        "from reviewer.cli.main import main\n"
        "assert main(['review', 'examples/good-ts', '--format', 'json', '--no-cache']) == 0"
    )
    assert not modules & (HEAVY | PARSERS)
    assert "reviewer.code.module" not in modules


def test_a_worker_loads_what_its_subject_needs_and_nothing_of_the_faces():
    modules = loaded(
        "from reviewer.engine.plan import Plan, jobs_of\n"
        "from reviewer.engine.request import Request\n"
        "from reviewer.engine.root_review import RootReview\n"
        "class Watch:\n"
        "    def at(self, path): pass\n"
        "    def during(self, rule): pass\n"
        "(job,) = jobs_of(Plan(('examples/good-py',), Request(today='2026-01-01'), use_cache=False))\n"
        "review = RootReview(job, Watch())\n"
        "results = {(u.subject, u.path): review.look(u.subject, u.path) for u in review.units}\n"
        "assert review.finish(results).reviewed"
    )
    assert not modules & {"textual", "jinja2", "pydantic", "rich", "asyncio"}
    assert "tree_sitter_javascript" not in modules
    assert not {name for name in modules if name.startswith(("reviewer.cli", "reviewer.report", "reviewer.commands"))}
    assert not {name for name in modules if name.startswith(("rights_report", "examples"))}, "the plugin was imported"


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["review", "--help"]])
def test_help_and_version_load_no_engine(words):
    modules = loaded(f"from reviewer.cli.main import main\nmain({words!r})")
    assert not modules & (HEAVY | PARSERS)
    assert "reviewer.engine.session" not in modules
