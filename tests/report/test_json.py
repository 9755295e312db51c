"""The JSON is the contract: every field of its schema, nothing else, in a fixed order."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry

from reviewer.core.checklist import Status
from reviewer.core.scale import Confidence, Severity
from reviewer.report.json import SCHEMA, render_json


@pytest.fixture(scope="module")
def schema():
    text = files("reviewer.report").joinpath("schemas/review-1.schema.json").read_text("utf-8")
    return json.loads(text)


def validator(schema) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, registry=Registry())


def test_real_output_holds_the_schema(any_run, options, schema):
    data = json.loads(render_json(any_run, options))
    assert [f"{error.json_path}: {error.message}" for error in validator(schema).iter_errors(data)] == []


def objects(schema):
    """Yield every object schema in a schema."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


def test_the_schema_is_strict_everywhere(schema):
    found = list(objects(schema))
    assert len(found) > 10
    for part in found:
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])


def test_the_schema_knows_the_words_of_the_core(schema):
    definitions = schema["$defs"]
    assert set(definitions["severity"]["enum"]) == set(Severity)
    assert set(definitions["confidence"]["enum"]) == set(Confidence)
    status = definitions["review"]["properties"]["checklist"]["items"]["properties"]["status"]
    assert status["enum"] == list(Status)
    assert schema["properties"]["schema"]["const"] == SCHEMA


def test_an_unknown_field_breaks_the_schema(runs, options, schema):
    data = json.loads(render_json(runs["full"], options))
    data["reviews"][0]["findings"][0]["extra"] = 1
    assert not validator(schema).is_valid(data)


def test_the_fields_of_a_finding_are_those_of_the_contract(runs, options):
    data = json.loads(render_json(runs["full"], options))
    assert list(data) == ["schema", "tool", "reviews", "gate"]
    assert list(data["reviews"][0]["findings"][0]) == [
        "rule", "name", "expert", "severity", "confidence", "message", "path", "line", "column", "end_line",
        "end_column", "related", "fix", "references", "fingerprint", "suppressed",
    ]  # fmt: skip
    assert data["reviews"][0]["findings"][4]["suppressed"] == {
        "kind": "inline",
        "reason": "the context is frozen before it is handed out",
        "path": "src/host.ts",
        "line": 8,
    }
    assert data["gate"] == {
        "result": "fail",
        "threshold": "high",
        "reasons": ["5 findings at or above high", "the review of hosts/desktop is incomplete"],
    }


def test_a_threshold_of_none_is_null(runs, options):
    assert json.loads(render_json(runs["hostile"], options))["gate"]["threshold"] is None


def test_suppressed_findings_stay_in_the_report(runs, options):
    findings = json.loads(render_json(runs["full"], options))["reviews"][0]["findings"]
    assert [finding["rule"] for finding in findings if finding["suppressed"]] == ["API005"]


def test_the_output_is_ascii_ends_with_a_line_feed_and_holds_no_control_character(any_run, options):
    text = render_json(any_run, options)
    assert text.isascii()
    assert text.endswith("}\n")
    assert text.replace("\n", "").isprintable()


def test_what_a_program_acts_on_is_never_cut(runs, options, evil):
    finding = json.loads(render_json(runs["hostile"], options))["reviews"][0]["findings"][0]
    whole = evil.replace("\udcff", "<U+DCFF>")
    assert finding["path"] == f"src/{whole}/../../../etc/passwd"
    assert finding["fix"]["edits"][0]["replacement"] == whole
    assert finding["message"].endswith("more characters)")
