"""The JUnit report holds against the schema that Jenkins uses, and its colours are those of the gate."""

from __future__ import annotations

from pathlib import Path

import pytest
import xmlschema
from defusedxml.ElementTree import fromstring
from msgspec.structs import replace

from reviewer.core.review import Gate
from reviewer.core.scale import Severity
from reviewer.report.junit import render_junit


@pytest.fixture(scope="module")
def schema():
    """The official schema."""
    return xmlschema.XMLSchema(Path(__file__).with_name("schemas") / "junit-10.xsd")


def cases(text: str) -> dict[str, list[str]]:
    """Return what stands in each case, by the first word of its name."""
    root = fromstring(text.encode())
    return {case.get("name").split()[0]: [child.tag for child in case] for case in root.iter("testcase")}


def test_every_report_holds_against_the_schema(any_run, evil_options, schema):
    schema.validate(render_junit(any_run, evil_options))


def test_the_numbers_are_those_of_the_cases(any_run, evil_options):
    root = fromstring(render_junit(any_run, evil_options).encode())
    for suite in root.iter("testsuite"):
        tags = [child.tag for case in suite.iter("testcase") for child in case]
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(attribute)) == tags.count(tag)
    for attribute in ("tests", "failures", "errors"):
        assert int(root.get(attribute)) == sum(int(suite.get(attribute)) for suite in root.iter("testsuite"))


def test_findings_at_the_threshold_fail_and_others_pass_with_their_text(runs, options):
    found = cases(render_junit(runs["full"], options))
    assert found["SEC014"] == ["failure"]
    assert found["LIF003"] == ["system-out"]
    assert found["API005"] == ["skipped"]
    assert found["not"] == ["error"]


def test_nothing_is_red_where_the_gate_passed(runs, options):
    run = replace(runs["full"], reviews=runs["full"].reviews[1:], gate=Gate("pass", None))
    assert not fromstring(render_junit(run, options).encode()).findall(".//failure")
    strict = replace(run, gate=Gate("fail", Severity.LOW, ("x",)))
    assert len(fromstring(render_junit(strict, options).encode()).findall(".//failure")) == 3


def test_a_clean_review_has_a_green_case_for_each_expert(runs, options):
    found = cases(render_junit(runs["clean"], options))
    assert len(found) == 7
    assert found["security:"] == []


def test_hostile_text_stays_text(runs, evil_options):
    root = fromstring(render_junit(runs["hostile"], evil_options).encode())
    tags = {element.tag for element in root.iter()}
    assert tags <= {
        "testsuites",
        "testsuite",
        "properties",
        "property",
        "testcase",
        "failure",
        "error",
        "skipped",
        "system-out",
    }
    told = "".join(element.get("message", "") for element in root.iter("error"))
    assert "<b>&amp;" in told
    assert "\x1b" not in told
