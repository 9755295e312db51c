"""A published package with many findings is adopted; then files move and change, and one flaw more is one finding more."""

from __future__ import annotations

import html
import json
import os
import re
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from reviewer.report.registry import format_names
from tests.adoption.conftest import Repository

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
WHEEL = "datasette_agent-0.4a0-py3-none-any.whl"
STRICT = ("--auditor", "--fail-on", "low")
FLAW = 'API_KEY = "swc-7Qm2vXc9LrTz4HdWb81NpKfA"\n'
RULE = "SEC040"
FILE = "datasette_agent/query_tools.py"


def archive() -> Path:
    """Return the pinned wheel, fetched where it is not in the cache yet; skips where it can't be had."""
    cache = Path(os.environ.get("REVIEWER_CORPUS_CACHE") or CORPUS / "cache")
    place = cache / "pypi" / WHEEL
    if not place.is_file():
        sys.path.insert(0, str(CORPUS))
        from corpus import CorpusError, Pinned, load_list
        from fetch import fetch

        listed = load_list(CORPUS.parent / "market" / "packages.toml", Pinned)
        try:
            fetch(next(one for one in listed if one.file == WHEEL), cache)
        except (CorpusError, OSError) as error:
            pytest.skip(f"{WHEEL} could not be fetched: {error}")
    return place


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Repository, int]:
    """Return the adopted package with a flaw added, one file renamed and one shifted, and the line of the flaw."""
    repository = Repository(tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("home"))
    with zipfile.ZipFile(archive()) as wheel:
        wheel.extractall(repository.folder)
    assert repository.run("init").code == 0
    before = repository.run("review", *STRICT, "--format", "json")
    assert before.code == 1
    assert len(before.findings()) > 15
    assert repository.run("review", *STRICT, "--write-baseline").code == 0
    settings = repository.folder / "reviewer.toml"
    settings.write_text(settings.read_text("utf-8").replace("# baseline =", "baseline ="), "utf-8")
    for form in format_names():
        done = repository.run("review", *STRICT, "--format", form)
        assert done.code == 0, (form, done.err)
    code = repository.folder / "datasette_agent"
    (code / "static" / "agent.js").rename(code / "static" / "conversation.js")
    shifted = code / "cli_chat.py"
    shifted.write_text("# one\n# two\n# three\n" + shifted.read_text("utf-8"), "utf-8")
    flawed = repository.folder / FILE
    text = flawed.read_text("utf-8").rstrip() + "\n\n"
    flawed.write_text(text + FLAW, "utf-8")
    return repository, text.count("\n") + 1


def told(form: str, out: str) -> list[tuple[str, str, int]]:
    """Return rule, path and line of each open finding of a report."""
    if form == "json":
        findings = [one for review in json.loads(out)["reviews"] for one in review["findings"] if not one["suppressed"]]
        return [(one["rule"], one["path"], one["line"]) for one in findings]
    if form == "sarif":
        results = [one for one in json.loads(out)["runs"][0]["results"] if not one.get("suppressions")]
        spots = [(one["ruleId"], one["locations"][0]["physicalLocation"]) for one in results]
        return [(rule, spot["artifactLocation"]["uri"], spot["region"]["startLine"]) for rule, spot in spots]
    if form == "gitlab":
        places = [(one["check_name"], one["location"]) for one in json.loads(out)]
        return [(rule.split()[0], place["path"], place["lines"]["begin"]) for rule, place in places]
    if form == "github":
        lines = re.findall(r"^::(?:error|warning|notice) file=([^,]*),line=(\d+).*?([A-Z]{3}\d{3})", out, re.MULTILINE)
        return [(rule, path, int(line)) for path, line, rule in lines]
    if form == "junit":
        cases = [case for case in ET.fromstring(out).iter("testcase") if case.find("failure") is not None]  # noqa: S314 - our own report
        out = "\n".join(ET.tostring(case, "unicode") for case in cases)
    if form == "html":  # what is known stands apart in it, under "accepted"
        out = out.partition('<details class="accepted"')[0]
        out = html.unescape(re.sub(r"<[^>]*>", " ", out))
    spots = set(re.findall(r"([\w/]+\.(?:py|js)):(\d+)", out))
    return [(rule, path, int(line)) for rule in set(re.findall(RULE, out)) for path, line in spots]


@pytest.mark.parametrize("form", format_names())
def test_the_new_flaw_alone_is_red_though_files_moved(messy: tuple[Repository, int], form: str):
    repository, line = messy
    done = repository.run("review", *STRICT, "--format", form)
    assert done.code == 1
    assert told(form, done.out) == [(RULE, FILE, line)]
