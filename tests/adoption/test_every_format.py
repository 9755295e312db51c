"""A repository that was adopted is green, and a flaw that is added is red: that one alone, on its line, in every format."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest

from reviewer.report.registry import format_names
from tests.adoption.conftest import LEAK, MANIFEST, SECOND, Ran, Repository

FILE = ".reviewer/baseline.json"


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return the plugin with its old flaw known, and a new one added in line 9."""
    gauge = Repository(tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("home"))
    gauge.write("plugin.json", json.dumps(MANIFEST, indent=2))
    gauge.write("plugin.js", LEAK)
    gauge.write("reviewer.toml", f'fail-on = "medium"\nbaseline = "{FILE}"\n')
    assert gauge.run("review", "--write-baseline").code == 0
    assert gauge.run("review").code == 0
    gauge.write("plugin.js", LEAK.rstrip().removesuffix("}") + SECOND)
    return gauge


def places(form: str, done: Ran) -> list[tuple[str, int]]:
    """Return rule and line of what a report tells as open."""
    out = done.out
    if form == "json":
        return [(rule, line) for rule, _path, line in done.findings()]
    if form == "sarif":
        results = json.loads(out)["runs"][0]["results"]
        open_ones = [one for one in results if not one.get("suppressions")]
        return [(one["ruleId"], one["locations"][0]["physicalLocation"]["region"]["startLine"]) for one in open_ones]
    if form == "gitlab":
        return [(one["check_name"], one["location"]["lines"]["begin"]) for one in json.loads(out)]
    if form == "github":
        found = re.findall(r"^::(?:error|warning|notice) .*?line=(\d+).*?(LIF\d+)", out, re.MULTILINE)
        return [(rule, int(line)) for line, rule in found]
    if form == "junit":
        cases = [case for case in ET.fromstring(out).iter("testcase") if case.find("failure") is not None]  # noqa: S314 - our own report
        texts = [ET.tostring(case, "unicode") for case in cases]
        return [("LIF001", int(line)) for text in texts for line in re.findall(r"plugin\.js:(\d+)", text)[:1]]
    if form == "html":
        return [("LIF001", int(line)) for line in dict.fromkeys(re.findall(r"plugin\.js:(\d+)", out))]
    return [("LIF001", int(line)) for line in re.findall(r"plugin\.js:(\d+)", out)]


@pytest.mark.parametrize("form", format_names())
def test_the_new_flaw_alone_stands_in_the_report(adopted: Repository, form: str):
    done = adopted.run("review", "--format", form)
    assert done.code == 1
    assert places(form, done)[:1] == [("LIF001", 9)]
    assert {line for _rule, line in places(form, done)} == {9} or form == "html"
