"""Formats are found by name, and loaded when they are asked for."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from reviewer.core.errors import ExitCode, UsageError
from reviewer.report.registry import format_names, render, renderer


def test_every_format_renders_every_result_and_ends_with_a_line_feed(any_run, evil_options):
    for name in format_names():
        text = render(any_run, name, evil_options)
        assert text.endswith("\n")
        text.encode("utf-8")


def test_an_unknown_format_is_a_usage_error_with_the_nearest_name():
    with pytest.raises(
        UsageError, match=r"unknown format 'jason'; did you mean 'json'\? \(known: text, json,"
    ) as error:
        renderer("jason")
    assert error.value.code is ExitCode.USAGE


def test_the_text_format_loads_neither_the_others_nor_anything_heavy():
    program = (
        "import sys, json; from reviewer.report.registry import renderer; renderer('text');"
        "print(json.dumps(sorted(sys.modules)))"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True, check=True
    ).stdout
    loaded = set(json.loads(output))
    assert "reviewer.report.text" in loaded
    assert not loaded & {
        "reviewer.report.sarif",
        "reviewer.report.json",
        "jsonschema",
        "jinja2",
        "pydantic",
        "textual",
    }
