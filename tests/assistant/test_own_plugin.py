"""This repository is a plugin of an assistant: its skills, agents and commands install, and pass every judge."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reviewer import __version__, resources
from reviewer.commands.registry import AUDIT, DESIGN, GUIDE, REVIEW
from reviewer.core.experts import EXPERTS
from reviewer.core.scale import Severity
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root
from reviewer.library.agent import read_agent
from reviewer.library.mistakes import Mistakes

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".claude-plugin"
MANIFEST = json.loads((FOLDER / "plugin.json").read_text(encoding="utf-8"))


class Quiet:
    """Hears of the walk and says nothing."""

    def at(self, _path: str) -> None:
        """Say which file comes next."""

    def during(self, _rule: str) -> None:
        """Say which check comes next."""


@pytest.fixture
def plugin(tmp_path):
    """Lay out what the plugin consists of: its tables and pages, the agents and the skills."""
    for name in (".claude-plugin", "agents", "skills"):
        shutil.copytree(ROOT / name, tmp_path / "plugin-reviewer" / name)
    for name in ("README.md", "LICENSE", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / "plugin-reviewer" / name)
    return tmp_path / "plugin-reviewer"


@pytest.mark.parametrize("expert", EXPERTS)
def test_every_expert_is_an_agent_that_names_its_skill_and_how_to_ask_it(expert):
    mistakes = Mistakes()
    source = resources.agents() / f"{expert}.md"
    agent = read_agent(f"agents/{expert}.md", source.read_text(encoding="utf-8"), mistakes)
    assert agent is not None, mistakes
    assert all((resources.skills() / skill / "SKILL.md").is_file() for skill in agent.skills)
    assert f"reviewer review PATH --expert {expert}" in agent.body


def test_the_four_commands_are_those_of_the_registry():
    named = [Path(path).stem for path in MANIFEST["commands"]]
    assert named == [command.slash for command in (DESIGN, REVIEW, AUDIT, GUIDE)]
    for command, name in zip((DESIGN, REVIEW, AUDIT, GUIDE), named, strict=True):
        text = (FOLDER / "commands" / f"{name}.md").read_text(encoding="utf-8")
        assert f"Bash(reviewer {command.name}:*)" in text
        known = {argument.name for argument in command.arguments} | {"--version", "--keys"}
        used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))
        assert used <= known


def test_the_version_is_that_of_the_package():
    assert MANIFEST["version"] == __version__


def test_it_passes_its_own_review(plugin):
    (job,) = jobs_of(Plan((str(plugin),), Request(today="2026-01-01", strictness="auditor"), use_cache=False))
    reviews = {one.review.subject.kind: one.review for one in review_root(job, Quiet()).reviewed}
    assert {kind: review.subject.ecosystem for kind, review in reviews.items()} == {
        "plugin": "assistant",
        "registry": "assistant",
    }
    for review in reviews.values():
        assert review.errors == ()
        grave = [one for one in review.findings if one.severity.at_least(Severity.LOW) and one.suppressed is None]
        assert [(one.rule, one.location.path, one.message) for one in grave] == []


@pytest.mark.needs("claude")
def test_the_validator_of_the_assistant_is_content(plugin, tmp_path):
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DISABLE_AUTOUPDATER": "1"}
    for path in (plugin, plugin / ".claude-plugin" / "plugin.json"):
        command = ["claude", "plugin", "validate", "--strict", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.needs("agentskills")
def test_the_reference_validator_takes_every_skill(plugin):
    skills = sorted(page.parent for page in plugin.glob("skills/**/SKILL.md"))
    assert len(skills) >= len(EXPERTS)
    for skill in skills:
        done = subprocess.run(["agentskills", "validate", str(skill)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
