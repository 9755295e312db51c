"""The SARIF log holds the standard's schema, and carries what its readers need."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace
from referencing import Registry

from reviewer.core.finding import Suppression
from reviewer.core.location import Related
from reviewer.core.review import Gate, ReviewRun
from reviewer.core.scale import Severity
from reviewer.report.sarif import RESULT_LIMIT, render_sarif, sarif_data

SCHEMA = Path(__file__).parent / "schemas" / "sarif-2.1.0.schema.json"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    return Draft202012Validator(schema, registry=Registry(), format_checker=Draft202012Validator.FORMAT_CHECKER)


def only_run(text: str) -> dict:
    (run,) = json.loads(text)["runs"]
    return run


def result_of(run: dict, rule: str) -> dict:
    (result,) = [result for result in run["results"] if result["ruleId"] == rule]
    return result


def strings(data):
    """Yield every string in plain data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from strings(value)


def test_the_schema_is_the_published_one():
    digest = hashlib.sha256(SCHEMA.read_bytes()).hexdigest()
    assert digest in (SCHEMA.parent / "README.md").read_text("utf-8")


def test_real_output_holds_the_official_schema(any_run, options, validator):
    data = json.loads(render_sarif(any_run, options))
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)] == []


def test_output_without_sources_and_rule_pages_holds_it_too(any_run, options, validator):
    data = json.loads(render_sarif(any_run, replace(options, sources=None, rules=None)))
    assert validator.is_valid(data)
    assert validator.is_valid(json.loads(render_sarif(ReviewRun((), Gate("pass", None), ""), options)))


def test_a_rule_carries_its_page(runs, options):
    driver = only_run(render_sarif(runs["full"], options))["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == sorted({rule["id"] for rule in driver["rules"]})
    (rule,) = [rule for rule in driver["rules"] if rule["id"] == "SEC014"]
    assert rule["name"] == "fail-open-permission-check"
    assert rule["shortDescription"]["text"] == "A permission check that answers yes when it fails."
    assert rule["fullDescription"]["text"].endswith("grants what nobody granted.")
    assert rule["helpUri"] == "https://cwe.mitre.org/data/definitions/636.html"
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["properties"] == {
        "tags": ["plugin-system", "security", "external/cwe/cwe-636"],
        "precision": "very-high",
        "problem.severity": "error",
        "security-severity": "8.0",
    }
    assert "```ts src/permissions.ts" in rule["help"]["markdown"]
    assert "```" not in rule["help"]["text"]
    assert "## How to mend it\n\nReturn false" in rule["help"]["markdown"]


def test_only_security_has_a_security_severity(runs, options):
    rules = only_run(render_sarif(runs["full"], options))["tool"]["driver"]["rules"]
    with_severity = {rule["id"] for rule in rules if "security-severity" in rule["properties"]}
    assert with_severity == {"SEC001", "SEC002", "SEC003", "SEC009", "SEC014"}


def test_a_changed_severity_is_the_one_that_readers_see(runs, options):
    review = runs["full"].reviews[0]
    findings = tuple(replace(finding, severity=Severity.LOW) for finding in review.findings)
    run = only_run(render_sarif(replace(runs["full"], reviews=(replace(review, findings=findings),)), options))
    (rule,) = [rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "SEC014"]
    assert rule["defaultConfiguration"] == {"level": "note"}
    assert rule["properties"]["security-severity"] == "2.0"


def test_weaknesses_are_taxa_that_rules_and_results_point_to(runs, options):
    run = only_run(render_sarif(runs["full"], options))
    (taxonomy,) = run["taxonomies"]
    identities = [taxon["id"] for taxon in taxonomy["taxa"]]
    assert identities == ["CWE-78", "CWE-250", "CWE-636", "CWE-829"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for taxon in result.get("taxa", []):
            assert identities[taxon["index"]] == taxon["id"]
    for rule in rules:
        for relation in rule.get("relationships", []):
            assert identities[relation["target"]["index"]] == relation["target"]["id"]


def test_a_result_has_place_snippet_related_place_fingerprint_and_fix(runs, options):
    result = result_of(only_run(render_sarif(runs["full"], options)), "SEC014")
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "hosts/desktop/src/permissions.ts", "uriBaseId": "%SRCROOT%"},
        "region": {
            "startLine": 8,
            "startColumn": 4,
            "endLine": 8,
            "endColumn": 34,
            "snippet": {"text": "catch (error) { return true; }"},
        },
    }
    assert result["relatedLocations"][0]["id"] == 1
    assert result["partialFingerprints"] == {"reviewerFinding/v1": runs["full"].reviews[0].findings[3].fingerprint}
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 8, "startColumn": 27, "endLine": 8, "endColumn": 31},
            "insertedContent": {"text": "false"},
        }
    ]


def test_a_suppression_keeps_its_reason(runs, options):
    run = only_run(render_sarif(runs["full"], options))
    (suppression,) = result_of(run, "API005")["suppressions"]
    assert suppression["kind"] == "inSource"
    assert suppression["justification"] == "the context is frozen before it is handed out"
    assert suppression["location"]["physicalLocation"]["region"] == {"startLine": 8}
    assert all("suppressions" not in result for result in run["results"] if result["ruleId"] != "API005")


@pytest.mark.parametrize("kind", ["configuration", "baseline"])
def test_a_suppression_from_outside_the_source_is_external(runs, options, kind):
    review = runs["full"].reviews[0]
    finding = replace(review.findings[0], suppressed=Suppression(kind, "old", "reviewer.toml", 3))
    run = only_run(render_sarif(replace(runs["full"], reviews=(replace(review, findings=(finding,)),)), options))
    (suppression,) = run["results"][0]["suppressions"]
    assert suppression["kind"] == "external"
    assert suppression["properties"] == {"by": kind}
    assert "location" not in suppression


def test_a_gap_makes_the_execution_unsuccessful_and_is_notified(runs, options):
    run = only_run(render_sarif(runs["full"], options))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 1
    notices = invocation["toolExecutionNotifications"]
    assert [notice["descriptor"]["id"] for notice in notices] == ["check-failed", "file-not-analysed"]
    assert notices[0]["associatedRule"] == {"id": "REG004"}
    assert notices[1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "hosts/desktop/src/broken.ts"
    assert [notice["level"] for notice in invocation["toolConfigurationNotifications"]] == ["note"]


def test_a_clean_run_is_successful(runs, options):
    run = only_run(render_sarif(runs["clean"], options))
    assert run["results"] == []
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is True
    assert invocation["exitCode"] == 0
    assert run["columnKind"] == "unicodeCodePoints"
    assert list(run["originalUriBaseIds"]) == ["%SRCROOT%"]


def test_addresses_are_relative_to_the_root_that_was_given(runs, options):
    review = runs["full"].reviews[0]
    for path, root, uri in (
        ("/home/x/repo/hosts/desktop", "/home/x/repo", "hosts/desktop/src/host.ts"),
        ("/home/x/repo", "/home/x/repo/", "src/host.ts"),
        ("/home/x/repository", "/home/x/repo", "home/x/repository/src/host.ts"),
        (".", "", "src/host.ts"),
        ("plugin.zip", "", "plugin.zip/src/host.ts"),
    ):
        moved = replace(review, subject=replace(review.subject, path=path))
        run = only_run(render_sarif(replace(runs["full"], reviews=(moved,)), replace(options, root=root)))
        place = run["results"][0]["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == uri


def test_over_the_limit_the_mildest_results_go_and_a_notification_says_so(runs, options):
    review = runs["full"].reviews[0]
    mild = replace(review.findings[0], severity=Severity.INFO)
    known = replace(review.findings[1], suppressed=Suppression("baseline", "", "", 0))
    findings = (mild,) * 10 + (known,) * 10 + (review.findings[3],) * (RESULT_LIMIT - 5)
    data = sarif_data(replace(runs["full"], reviews=(replace(review, findings=findings),)), options)
    (run,) = data["runs"]
    assert len(run["results"]) == RESULT_LIMIT
    assert [result["level"] for result in run["results"][:6]] == ["note"] * 5 + ["error"]
    assert not any("suppressions" in result for result in run["results"])
    notice = run["invocations"][0]["toolExecutionNotifications"][-1]
    assert notice["descriptor"] == {"id": "results-left-out"}
    assert notice["message"]["text"].startswith("15 results left out")


def test_over_the_limit_related_places_go_and_a_notification_says_so(runs, options):
    review = runs["full"].reviews[0]
    finding = replace(review.findings[0], related=(Related(review.findings[0].location, "x"),) * 1200)
    (run,) = sarif_data(replace(runs["full"], reviews=(replace(review, findings=(finding,)),)), options)["runs"]
    assert len(run["results"][0]["relatedLocations"]) == 999
    assert run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"].startswith("201 related")


def test_a_rule_has_at_most_twenty_tags(runs, rules, options):
    cited = replace(rules["SEC014"], references=tuple(f"CWE-{number}" for number in range(1, 60)))
    run = only_run(render_sarif(runs["full"], replace(options, rules={"SEC014": cited}.get)))
    assert max(len(rule["properties"]["tags"]) for rule in run["tool"]["driver"]["rules"]) == 20


def test_hostile_text_acts_in_no_field(runs, evil_options):
    run = only_run(render_sarif(runs["hostile"], evil_options))
    for rule in run["tool"]["driver"]["rules"]:
        rule.pop("help")
    for result in run["results"]:
        for fix in result.pop("fixes", []):
            assert "](" not in fix["description"]["text"]
        for place in [*result["locations"], *result.get("relatedLocations", [])]:
            uri = place["physicalLocation"]["artifactLocation"]["uri"]
            assert ".." not in uri.split("/")
            assert "://" not in uri
            place["physicalLocation"]["region"].pop("snippet", None)
    for text in strings(run):
        assert "](" not in text
        assert not {unicodedata.category(one) for one in text} & {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def test_snippets_are_visible_text_of_bounded_length(runs, evil_options):
    run = only_run(render_sarif(runs["hostile"], evil_options))
    result = result_of(run, "SEC014")
    for place in [*result["locations"], *result["relatedLocations"]]:
        snippet = place["physicalLocation"]["region"]["snippet"]["text"]
        allowed = set("\n\t")
        assert not {unicodedata.category(one) for one in set(snippet) - allowed} & {"Cc", "Cf", "Co", "Cs"}
        assert len(snippet) < 20 * 450 * 9
