"""A plugin made for a host that is there already: it passes its own review, and says what it is of."""

from __future__ import annotations

import json
import tomllib

import pytest
from made_plugin import NAMES, design, written

from reviewer.blueprint.decide import decide
from reviewer.blueprint.reading import DesignError, read_design
from reviewer.blueprint.targets import targets
from reviewer.core.errors import UsageError
from reviewer.core.scale import Severity
from reviewer.design.interview import answered, new_design, next_question
from reviewer.design.merging.design import design_files
from reviewer.design.setting import with_settings
from reviewer.design.targets.telling import plan_page
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root


class Quiet:
    """Hears of the walk and says nothing."""

    def at(self, _path: str) -> None:
        """Say which file comes next."""

    def during(self, _rule: str) -> None:
        """Say which check comes next."""


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


def test_the_interview_asks_of_a_host_that_is_there_for_the_plugin_alone():
    given = {"host.name": "obsidian", "plugin.name": "Tide tables", "summary": "Writes the tides into the day"}
    talk, asked = new_design(), []
    while (question := next_question(talk)) is not None:
        asked.append(question.key)
        talk = answered(talk, question, given[question.key])
    assert asked == list(given)
    assert (talk.target, talk.host.name) == ("obsidian", "Obsidian")
    manifest = json.loads(design_files(decide(talk))["plugin/manifest.json"])
    assert (manifest["id"], manifest["name"]) == ("tide-tables", "Tide tables")
    assert manifest["description"] == "Writes the tides into the day."


def test_the_first_question_names_every_host_that_is_there_and_takes_either_name():
    first = next_question(new_design())
    assert first is not None
    for target, data in targets().items():
        assert data["host"]["name"] in first.why
        assert answered(new_design(), first, data["host"]["name"].upper()).target == target
        assert answered(new_design(), first, target).target == target
    assert answered(new_design(), first, "Tide tables").target is None


@pytest.mark.parametrize("target", targets())
def test_the_page_in_html_speaks_of_the_plugin_and_escapes_what_the_design_says(target):
    page = plan_page(decide(design(target, "hostile", commands=True)))
    assert f"a plugin for {targets()[target]['host']['name']}" in page
    assert "How to go on" in page
    assert "The records" not in page
    assert "<b>*" not in page
