"""Plugins, marketplaces, skills and bundles of assistants are told apart by their content, and neighbours are left alone."""

from __future__ import annotations

import json
import zipfile

import pytest

from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root

PLUGIN = {"name": "texts", "version": "1.0.0", "description": "Counts words."}
MARKET = {"name": "acme", "owner": {"name": "Acme"}, "plugins": [{"name": "texts", "source": "./"}]}
BUNDLE = {
    "manifest_version": "0.3",
    "name": "words",
    "version": "1.0.0",
    "description": "Counts words.",
    "author": {"name": "Dana"},
    "server": {"type": "node", "entry_point": "server/index.js"},
}
SKILL = "---\nname: count\ndescription: Counts words. Use it for texts.\n---\n\nCount the words.\n"


class Quiet:
    """Hears of the walk and says nothing."""

    def at(self, _path: str) -> None:
        """Say which file comes next."""

    def during(self, _rule: str) -> None:
        """Say which check comes next."""


def write(folder, **files):
    for path, content in files.items():
        target = folder / path.replace("__", "/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


def reviews(path):
    (job,) = jobs_of(Plan((str(path),), Request(today="2026-01-01"), use_cache=False))
    return [one.review for one in review_root(job, Quiet()).reviewed]


def told(path):
    found = []
    for review in reviews(path):
        subject = review.subject
        found.append((subject.ecosystem, subject.kind, subject.manifest))
    return found


def test_a_plugin_owns_its_skills(tmp_path):
    write(tmp_path, **{".claude-plugin__plugin.json": PLUGIN, "skills__count__SKILL.md": SKILL})
    (review,) = reviews(tmp_path)
    assert (review.subject.ecosystem, review.subject.id, review.subject.version) == ("assistant", "texts", "1.0.0")
    assert review.findings == ()
    assert review.coverage.analysed == 2


def test_a_marketplace_at_the_root_is_a_registry_beside_its_plugin(tmp_path):
    write(tmp_path, **{".claude-plugin__plugin.json": PLUGIN, ".claude-plugin__marketplace.json": MARKET})
    assert told(tmp_path) == [
        ("assistant", "plugin", ".claude-plugin/plugin.json"),
        ("assistant", "registry", ".claude-plugin/marketplace.json"),
    ]


def test_each_skill_without_a_plugin_is_a_subject(tmp_path):
    write(tmp_path, **{"skills__count__SKILL.md": SKILL, "skills__read__SKILL.md": SKILL})
    assert told(tmp_path) == [("agent-skill", "plugin", "SKILL.md"), ("agent-skill", "plugin", "SKILL.md")]


def test_a_bundle_is_read_in_its_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "words.mcpb", "w") as archive:
        archive.writestr("manifest.json", json.dumps(BUNDLE))
        archive.writestr("server/index.js", 'console.error("started");\n')
    assert told(tmp_path / "words.mcpb") == [("mcp-bundle", "plugin", "manifest.json")]


def test_a_bundle_whose_server_is_missing_is_told_at_its_key(tmp_path):
    write(tmp_path, **{"manifest.json": json.dumps(BUNDLE, indent=2), "server__main.js": "console.error(1);\n"})
    (review,) = reviews(tmp_path)
    (finding,) = review.findings
    assert (finding.rule, finding.location.path, finding.location.line) == ("REG110", "manifest.json", 11)


@pytest.mark.parametrize(
    ("files", "ecosystem"),
    [
        (
            {"plugin.json": {"id": "org.tides", "name": "Tides", "version": "1.0.0", "main": "a.js"}, "a.js": ""},
            "generic",
        ),
        (
            {"manifest.json": {"manifest_version": 3, "name": "Tides", "background": {}}, "a.js": "let a;"},
            "webextension",
        ),
        ({"hooks__hooks.json": {"hooks": {}}, "plugin.json": {"name": "t", "version": "1", "main": "a.js"}}, "generic"),
    ],
)
def test_neighbours_are_not_taken_for_plugins_of_an_assistant(files, ecosystem, tmp_path):
    assert [found[0] for found in told(write(tmp_path, **files))] == [ecosystem]


def test_a_damaged_manifest_is_told_of_the_plugin_that_it_is_of(tmp_path):
    write(tmp_path, **{".claude-plugin__plugin.json": '{"name": "texts",,}', "commands__count.md": "Count."})
    (review,) = reviews(tmp_path)
    assert (review.subject.ecosystem, review.subject.manifest) == ("assistant", ".claude-plugin/plugin.json")
    assert [one.rule for one in review.findings] == ["FUN080"]


def test_a_comment_in_a_page_silences_a_rule_and_one_in_a_fence_does_not(tmp_path):
    grant = "---\ndescription: Deploys\n{}allowed-tools: Bash\n---\n\nDeploy.\n"
    silent = grant.format("# reviewer: ignore[SEC276] the sandbox is thrown away\n")
    shown = grant.format("") + "\n```\n<!-- reviewer: ignore[SEC276] no -->\n```\n"
    write(tmp_path, **{".claude-plugin__plugin.json": PLUGIN, "commands__a.md": silent, "commands__b.md": shown})
    (review,) = reviews(tmp_path)
    open_ = [(one.rule, one.location.path) for one in review.findings if one.suppressed is None]
    assert open_ == [("SEC276", "commands/b.md")]


def test_the_version_in_a_marketplace_is_held_against_the_plugin_that_it_leads_to(tmp_path):
    market = {**MARKET, "plugins": [{"name": "texts", "source": "./plugins/texts", "version": "2.0.0"}]}
    files = {".claude-plugin__marketplace.json": market, "plugins__texts__.claude-plugin__plugin.json": PLUGIN}
    found = {one.rule for review in reviews(write(tmp_path, **files)) for one in review.findings}
    assert found == {"REG274"}
