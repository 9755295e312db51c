"""What init writes fits the repository, is understood by the review, and never replaces what a person wrote."""

from __future__ import annotations

import tomllib

import pytest
import yaml

from tests.adoption.conftest import Repository

HOST = """
const { exec } = require("node:child_process");
exports.load = (plugin) => exec(`run ${plugin.main}`);
"""


def test_it_writes_a_configuration_and_a_workflow_that_work(gauge: Repository):
    gauge.write("vendor/big.js", "exports.x = 1;\n")
    done = gauge.call("init")
    assert done.code == 0
    assert "found a plugin (generic) in . org.saltmarsh.gauge" in done.out
    assert "wrote reviewer.toml" in done.out
    text = (gauge.folder / "reviewer.toml").read_text()
    assert tomllib.loads(text) == {"fail-on": "high", "exclude": ["vendor/**"]}
    workflow = yaml.safe_load((gauge.folder / ".github/workflows/reviewer.yml").read_text())
    steps = workflow["jobs"]["review"]["steps"]
    assert steps[-1]["run"] == "reviewer review . --format github"
    assert steps[0]["with"]["fetch-depth"] == 0
    assert workflow["permissions"] == {"contents": "read"}
    assert gauge.run("review").code == 0, "the configuration is understood"


@pytest.mark.parametrize(
    ("beside", "excluded"),
    [
        ({"src/index.ts": "export const a = 1;\n"}, ["dist/**"]),
        ({"eslint.config.js": "export default [];\n", "test/a.test.js": "it('is', () => {});\n"}, []),
    ],
    ids=["with its source", "nothing else"],
)
def test_built_code_is_left_out_only_where_its_source_is_beside_it(repository: Repository, beside, excluded):
    for path, text in {
        "package.json": '{"name": "a", "main": "dist/index.js"}\n',
        "dist/index.js": HOST,
        **beside,
    }.items():
        repository.write(path, text)
    repository.call("init", "--ci", "none")
    settings = tomllib.loads((repository.folder / "reviewer.toml").read_text())
    assert settings.get("exclude", []) == excluded
    assert repository.run("review").code in {0, 1}, "there is something to review"


def test_what_is_there_stays_as_it_is(gauge: Repository):
    gauge.write("reviewer.toml", "# ours\n")
    gauge.write(".github/workflows/reviewer.yml", "# ours\n")
    done = gauge.call("init")
    assert "left reviewer.toml as it is" in done.out
    assert "left .github/workflows/reviewer.yml as it is" in done.out
    assert (gauge.folder / "reviewer.toml").read_text() == "# ours\n"
    assert (gauge.folder / ".github/workflows/reviewer.yml").read_text() == "# ours\n"


def test_a_table_in_pyproject_is_configuration_enough(repository: Repository):
    repository.write("pyproject.toml", '[tool.reviewer]\nfail-on = "low"\n')
    repository.write("plugin.py", "def activate(context):\n    pass\n")
    repository.call("init", "--ci", "none")
    assert not (repository.folder / "reviewer.toml").exists()
    assert not (repository.folder / ".github").exists()


def test_a_pipeline_that_is_there_is_told_how_to_include_the_job(gauge: Repository):
    gauge.write(".gitlab-ci.yml", "stages: [test]\n")
    done = gauge.call("init")
    assert "add to .gitlab-ci.yml:  include: [{local: .gitlab/reviewer.yml}]" in done.out
    job = yaml.safe_load((gauge.folder / ".gitlab/reviewer.yml").read_text())["reviewer"]
    assert job["artifacts"]["reports"] == {"codequality": "gl-code-quality-report.json"}
    assert (gauge.folder / ".gitlab-ci.yml").read_text() == "stages: [test]\n"


def test_grave_findings_are_counted_and_the_way_to_a_baseline_is_named(repository: Repository):
    repository.write("host.js", HOST)
    repository.write("vendor/other.js", HOST)
    done = repository.call("init", "--ci", "none")
    grave = repository.review("--fail-on", "high").findings()
    assert grave, "the example has grave findings"
    assert "reviewer review . --write-baseline" in done.out
    text = (repository.folder / "reviewer.toml").read_text()
    assert "at or above high today" in text
    assert '# baseline = ".reviewer/baseline.json"' in text
    repository.write("reviewer.toml", text.replace("# baseline", "baseline"))
    assert repository.review("--write-baseline", "--fail-on", "high").code == 0
    assert repository.review("--fail-on", "high").code == 0


@pytest.mark.parametrize("words", [("init", "--dry-run"), ("init", "nowhere"), ("init", "--ci", "jenkins")])
def test_nothing_is_written_where_nothing_should_be(gauge: Repository, words: tuple[str, ...]):
    done = gauge.call(*words)
    assert done.code == (0 if "--dry-run" in words else 2)
    assert gauge.git("status", "--porcelain") == ""


def test_what_a_manifest_says_stays_inside_its_comment(repository: Repository):
    repository.write(
        "plugin.json", '{"id": "x\\nfail-on = \\"none\\"", "version": "1.0.0", "main": "a.js", "name": "n"}'
    )
    repository.write("a.js", "export const a = 1;\n")
    repository.call("init", "--ci", "none")
    assert tomllib.loads((repository.folder / "reviewer.toml").read_text()) == {"fail-on": "high"}
