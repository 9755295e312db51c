"""A plugin made for a host that is there already: it passes its own review, its tests, and the validator of the host."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from reviewer.blueprint.decide import decide
from reviewer.blueprint.model import Design
from reviewer.blueprint.reading import DesignError, read_design
from reviewer.blueprint.targets import targets
from reviewer.core.errors import UsageError
from reviewer.core.scale import Severity
from reviewer.design.interview import new_design
from reviewer.design.merging.design import design_files, write_design
from reviewer.design.setting import with_settings
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root

NAMES = {
    "plain": ("com.acme.word-count", "Word count", "Counts the words of a text"),
    "hostile": (
        "com.acme.x",
        '"><b>*/ """ \\ ${HOME} {{ 7 }} # : [a]',
        "It's: a 'test' # of \"quotes\" */ and \\ signs",
    ),
    "long": (f"com.acme.{'a' * 90}", "Größe & Maß", "z" * 400),
}
COMMANDS = [
    {
        "name": "text.count-words",
        "needs": ["reply"],
        "purpose": 'Counts "words" : all of them',
        "payload": {"id": "string"},
    },
    {"name": "text.class", "needs": ["reply"], "payload": {"id": "string"}},
]


class Quiet:
    """Hears of the walk and says nothing."""

    def at(self, _path: str) -> None:
        """Say which file comes next."""

    def during(self, _rule: str) -> None:
        """Say which check comes next."""


def design(target: str, names: str = "plain", *, commands: bool = False) -> Design:
    identity, name, summary = NAMES[names]
    plain = new_design().model_dump(exclude_unset=True) | ({"interactions": COMMANDS} if commands else {})
    settings = [f"target={target}", f"plugin.id={identity}", f"plugin.name={name}", f"summary={summary}"]
    return with_settings(Design.model_validate(plain), settings)


def written(target: str, folder: Path, names: str = "plain", *, commands: bool = False) -> Path:
    write_design(decide(design(target, names, commands=commands)), folder)
    return folder / "plugin"


@pytest.mark.parametrize(("names", "commands"), [("plain", False), ("hostile", True), ("long", True)])
@pytest.mark.parametrize("target", targets())
def test_the_skeleton_passes_its_own_review_whatever_it_is_called(target, names, commands, tmp_path):
    plugin = written(target, tmp_path, names, commands=commands)
    (job,) = jobs_of(Plan((str(plugin),), Request(today="2026-01-01", strictness="auditor"), use_cache=False))
    (reviewed,) = review_root(job, Quiet()).reviewed
    assert (reviewed.review.subject.ecosystem, reviewed.review.subject.kind) == (target, "plugin")
    assert reviewed.review.errors == ()
    grave = [one for one in reviewed.review.findings if one.severity.at_least(Severity.MEDIUM)]
    assert [(one.rule, one.location.path, one.message) for one in grave] == []


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("target", targets())
def test_every_table_of_the_skeleton_can_be_read(target, names):
    for path, text in design_files(decide(design(target, names, commands=True))).items():
        assert text.strip(), path
        if path.endswith(".json"):
            json.loads(text)
        elif path.endswith(".toml"):
            tomllib.loads(text)


@pytest.mark.parametrize("target", targets())
def test_a_target_names_an_ecosystem_its_host_and_where_its_rules_are_written(target):
    from reviewer import resources

    assert (resources.skills() / "ecosystems" / target / "profile.toml").is_file()
    data = targets()[target]
    assert data["host"].keys() == {"id", "name"}
    assert all("read 20" in source for source in data["source"])
    assert any("reviewer review" in step.get("run", "") for step in data["step"])


def test_commands_of_the_design_become_commands_of_the_plugin():
    files = design_files(decide(design("assistant", commands=True)))
    assert {"plugin/commands/count-words.md", "plugin/commands/class.md"} <= files.keys()
    assert "src/" not in "".join(files)


def test_an_unnamed_host_is_called_as_the_target_says():
    assert design("vscode").host.name == "Visual Studio Code"
    assert with_settings(design("vscode"), ["target="]).target is None


def test_a_wrong_target_is_told_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'vscode'"):
        with_settings(new_design(), ["target=vscod"])
    with pytest.raises(DesignError, match=r"plugin-design.yaml:2:9.*did you mean 'assistant'"):
        read_design("plugin-design.yaml", b"host: {id: com.example.x, name: X}\ntarget: assistent\n")


def test_making_it_again_keeps_what_was_edited(tmp_path):
    plugin = written("assistant", tmp_path)
    page = plugin / "README.md"
    page.write_text(page.read_text() + "\nOur own line.\n")
    written("assistant", tmp_path)
    assert page.read_text().endswith("\nOur own line.\n")


def test_the_hook_of_an_assistant_plugin_passes_its_tests(tmp_path):
    plugin = written("assistant", tmp_path, "hostile", commands=True)
    command = [sys.executable, "-m", "unittest", "discover", "-s", "tests"]
    done = subprocess.run(command, cwd=plugin, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.needs("claude")
@pytest.mark.parametrize("names", NAMES)
def test_the_validator_of_the_assistant_is_content(names, tmp_path):
    plugin = written("assistant", tmp_path / "made", names, commands=True)
    command = ["claude", "plugin", "validate", "--strict", str(plugin)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_home(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


def _home(folder: Path) -> dict[str, str]:
    """Return an environment in which the validator finds nothing of the person who runs the tests."""
    import os

    return {"PATH": os.environ["PATH"], "HOME": str(folder), "DISABLE_AUTOUPDATER": "1"}


@pytest.mark.needs("npm", "node")
def test_the_compiler_is_content_with_the_extension_and_its_tests_pass(tmp_path):
    packages = ["typescript@5.9.3", "@types/node@20.19.25", "@types/vscode@1.85.0"]
    install = ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", *packages]
    done = subprocess.run(install, cwd=tmp_path, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"npm did not deliver the compiler: {done.stderr.strip()[-300:]}")
    for names in ("plain", "hostile"):
        plugin = written("vscode", tmp_path / names, names, commands=True)
        compiler = tmp_path / "node_modules" / "typescript" / "bin" / "tsc"
        done = subprocess.run(
            ["node", str(compiler), "-p", "."], cwd=plugin, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout
        tests = ["node", "--test", "dist/test/answers.test.js"]
        done = subprocess.run(tests, cwd=plugin, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
