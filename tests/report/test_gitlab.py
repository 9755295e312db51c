"""The code quality report for GitLab holds against GitLab's own schema, and no entry hides another."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from msgspec.structs import replace

from reviewer.report.gitlab import render_gitlab

SCHEMA = json.loads(Path(__file__).with_name("schemas").joinpath("gitlab-codeclimate.schema.json").read_text("utf-8"))
SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


@pytest.fixture
def issues(any_run, evil_options):
    """The entries of each invented run."""
    return json.loads(render_gitlab(any_run, evil_options))


def test_each_entry_holds_against_the_schema_and_the_documentation(issues):
    for issue in issues:
        jsonschema.validate(issue, SCHEMA)
        assert issue["severity"] in SEVERITIES
        assert issue["check_name"]
        assert issue["location"]["lines"]["begin"] >= 1
        path = issue["location"]["path"]
        assert not path.startswith(("/", "./"))
        assert ".." not in path.split("/")


def test_what_is_suppressed_is_left_out_and_what_was_missed_is_told(runs, options):
    names = [issue["check_name"] for issue in json.loads(render_gitlab(runs["full"], options))]
    assert names[:2] == ["reviewer-incomplete", "reviewer-incomplete"]
    assert "API005" not in names
    assert len(names) == 2 + 7


def test_a_clean_review_is_an_empty_list(runs, options):
    assert json.loads(render_gitlab(runs["clean"], options)) == []


def test_two_copies_of_a_plugin_keep_all_their_findings(runs, options):
    review = runs["full"].reviews[1]
    copy = replace(review, subject=replace(review.subject, path="plugins/copy"))
    run = replace(runs["full"], reviews=(review, copy))
    first = json.loads(render_gitlab(replace(run, reviews=(review,)), options))
    both = json.loads(render_gitlab(run, options))
    marks = [issue["fingerprint"] for issue in both]
    assert len(set(marks)) == len(marks) == 2 * len(first)
    assert {issue["fingerprint"] for issue in first} < set(marks)


def test_addresses_are_relative_to_where_the_program_was_started(runs, options):
    review = runs["full"].reviews[1]
    moved = replace(review, subject=replace(review.subject, path="/srv/market/plugins/weather"))
    run = replace(runs["full"], reviews=(moved,))
    issues = json.loads(render_gitlab(run, replace(options, root="/srv/market")))
    assert {issue["location"]["path"] for issue in issues} == {"plugins/weather/plugin.json"}
