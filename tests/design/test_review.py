"""`reviewer review` of a design: the same contradictions as `reviewer design`, as findings on their lines."""

from __future__ import annotations

import json

import pytest
from designs import EXAMPLES, random_design

from reviewer.blueprint.decide import decide
from reviewer.blueprint.reading import load_design
from reviewer.blueprint.risk import risk_of
from reviewer.cli.main import main
from reviewer.design.saving import design_text
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root

BAD = """\
host: {id: com.example.tides, name: Tides}
inputs: {languages: [typescript], host_runtime: node, data: internal,
  authors: public,
  reload: prod}
interactions:
  - name: tide.predicted
    needs: [reply]
    pattern: event
decisions:
  boundary: {choose: B1, reason: It is fast.}
  cache: {choose: everything, reason: It is faster.}
"""


@pytest.fixture
def review(tmp_path, monkeypatch, capfd):
    """Review a text as a design; return exit code and the one review."""
    monkeypatch.chdir(tmp_path)

    def run(text: str, *words: str):
        (tmp_path / "plugin-design.yaml").write_text(text, encoding="utf-8")
        code = main(["review", "plugin-design.yaml", "--format", "json", "--no-cache", *words])
        (found,) = json.loads(capfd.readouterr().out)["reviews"]
        return code, found

    return run


def test_contradictions_are_findings_of_the_expert_whose_rule_it_is_on_the_line_that_says_so(review):
    code, found = review(BAD)
    assert code == 1
    assert found["subject"]["kind"] == "design"
    told = {(one["rule"], one["message"].partition(":")[0]): one["line"] for one in found["findings"]}
    assert told == {
        ("SEC095", "public-needs-boundary"): 10,
        ("LIF095", "reload-needs-process"): 10,
        ("COM095", "event-not-for-answer (tide.predicted)"): 6,
        ("COM095", "event-schema-versioned (tide.predicted)"): 8,
    }
    severities = {one["message"].partition(":")[0].split()[0]: one["severity"] for one in found["findings"]}
    assert severities["public-needs-boundary"] == "high"
    assert severities["event-schema-versioned"] == "medium"


def test_review_and_design_say_the_same(tmp_path):
    for seed in range(12):
        design = random_design(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        (folder / "plugin-design.yaml").write_text(design_text(design), encoding="utf-8")
        request = Request(strictness="auditor", today="2026-01-01")
        (job,) = jobs_of(Plan((str(folder),), request, use_cache=False))
        (reviewed,) = review_root(job, Quiet()).reviewed
        findings = reviewed.review.findings
        verdicts = [one for one in decide(design, today="2026-01-01").verdicts if one.waiver is None]
        told = sorted(one.message.split(":")[0].split(" (")[0] for one in findings if one.rule.endswith("095"))
        assert told == sorted(one.rule.id for one in verdicts)
        assert {one.rule for one in findings} <= {
            "API095", "COM095", "FUN096", "FUN097", "LIF095", "PAT095", "REG095", "SEC095",
        }  # fmt: skip


class Quiet:
    """Watches nothing."""

    def at(self, path: str) -> None:
        """Say which file comes next."""

    def during(self, rule: str) -> None:
        """Say which check comes next."""


def test_the_worked_examples_are_clean(capfd):
    code = main(["review", str(EXAMPLES[0].parent), "--format", "json", "--no-cache", "--pedantic"])
    reviews = json.loads(capfd.readouterr().out)["reviews"]
    assert code == 0
    assert [one["subject"]["manifest"] for one in reviews] == [path.name for path in EXAMPLES]
    assert [finding for one in reviews for finding in one["findings"]] == []


def test_the_score_of_permissions_is_that_of_the_documents(capfd):
    path = next(path for path in EXAMPLES if path.stem == "ide")
    main(["review", str(path), "--format", "json", "--no-cache"])
    (found,) = json.loads(capfd.readouterr().out)["reviews"]
    assert found["permissions"]["score"] == risk_of(decide(load_design(path)[0])).score > 0
    assert "process.execute" in found["permissions"]["declared"]


def test_mistakes_of_the_file_are_findings_too(review):
    code, found = review("host: {id: com.example.tides, name: Tides}\ninputs:\n  autors: public\n")
    assert code == 1
    (one,) = found["findings"]
    assert (one["rule"], one["line"], one["column"]) == ("FUN095", 3, 3)
    assert "did you mean 'authors'?" in one["message"]


def test_of_a_plugin_for_a_host_that_is_there_nothing_of_a_host_is_asked(review):
    code, found = review(
        "host: {id: md.obsidian, name: Obsidian}\ntarget: obsidian\n", "--pedantic", "--fail-on", "info"
    )
    assert (code, found["findings"]) == (0, [])
    code, found = review("host: {id: com.example.tides, name: Tides}\n", "--pedantic", "--fail-on", "info")
    assert (code, [one["rule"] for one in found["findings"]]) == (1, ["FUN097"])


def test_a_design_that_can_not_be_parsed_is_no_clean_review(review):
    code, found = review("host: {id: [\n")
    assert code == 1
    assert [one["rule"] for one in found["findings"]] == ["FUN080"]
    assert found["coverage"]["skipped"]


def test_a_waiver_silences_until_its_day(review):
    waived = BAD.replace(
        "cache: {choose: everything, reason: It is faster.}", "signing: {choose: none, reason: Later.}"
    )
    waiver = "waivers:\n  - {rule: sign-required-means-required, reason: Soon., owner: Dana, expires: '%s'}\n"
    _, found = review(waived + waiver % "2999-01-01")
    assert not [one for one in found["findings"] if "sign-required" in one["message"]]
    _, found = review(waived + waiver % "2020-01-01")
    said = {one["rule"]: one["message"] for one in found["findings"] if "sign-required" in one["message"]}
    assert "expired on 2020-01-01; Dana answers for it" in said["FUN096"]
    assert "A waiver named it, and has expired." in said["SEC095"]
