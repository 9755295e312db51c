"""A messy plugin adopted with a baseline is green in every form, and a new flaw is red in every form, alone, on its line."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from reviewer.commands.command import Console, Invocation
from reviewer.commands.parsing import parse
from reviewer.commands.registry import find

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FORMS = ("text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html")
NEW = "\n\nexport function calculate(text: string): unknown {\n  return eval(text);\n}\n"


@pytest.fixture
def review(tmp_path, monkeypatch):
    """Return a function that reviews the adopted plugin in a form, as the command line does."""
    shutil.copytree(EXAMPLES / "flawed-ts", tmp_path / "plugin")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REVIEWER_CACHE_DIR", str(tmp_path / "cache"))
    command = find("review")

    def run(*words: str) -> tuple[int, str]:
        arguments = parse(command, ["plugin", "--baseline", "known.json", *words])
        reply = command(Invocation(arguments, Console()))
        return int(reply.code), reply.text

    return run


def test_green_before_and_red_with_the_new_flaw_alone(review, tmp_path):
    assert review("--write-baseline")[0] == 0
    for form in FORMS:
        code, text = review("--format", form)
        assert (form, code, SEEN[form](text)) == (form, 0, [])
    path = tmp_path / "plugin" / "src" / "label-printer.ts"
    source = "// a line above moves everything that is known\n" + path.read_text() + NEW
    path.write_text(source)
    line = source.split("\n").index("  return eval(text);") + 1
    for form in FORMS:
        code, text = review("--format", form)
        assert (form, code, SEEN[form](text)) == (form, 1, [("SEC048", line)])


def of_json(text: str) -> list[tuple[str, int]]:
    findings = [one for review in json.loads(text)["reviews"] for one in review["findings"]]
    return [(one["rule"], one["line"]) for one in findings if one["suppressed"] is None]


def of_sarif(text: str) -> list[tuple[str, int]]:
    results = [one for one in json.loads(text)["runs"][0]["results"] if not one.get("suppressions")]
    return [(one["ruleId"], one["locations"][0]["physicalLocation"]["region"]["startLine"]) for one in results]


def of_gitlab(text: str) -> list[tuple[str, int]]:
    return [(one["check_name"], one["location"]["lines"]["begin"]) for one in json.loads(text)]


def of_junit(text: str) -> list[tuple[str, int]]:
    cases = [case for case in fromstring(text.encode()).iter("testcase") if case.find("failure") is not None]
    return [(case.get("name").split()[0], int(case.get("name").rsplit(":", 2)[1])) for case in cases]


def matches(pattern: str):
    """Return a reader that finds rule and line by a pattern."""
    return lambda text: [(rule, int(line)) for rule, line in re.findall(pattern, text, re.DOTALL | re.MULTILINE)]


def of_github(text: str) -> list[tuple[str, int]]:
    commands = re.findall(r"^::(?:error|warning|notice) file=[^,]*,line=(\d+),.*?title=(\w+)", text, re.MULTILINE)
    return [(rule, int(line)) for line, rule in commands]


def of_html(text: str) -> list[tuple[str, int]]:
    shown = text.split('<details class="accepted"', maxsplit=1)[0]
    return matches(r'<h4 id="finding-\d+-title"><a href="[^"]*">(\w+)</a>.*?<p class="place"><code>[^:]*:(\d+):')(shown)


SEEN = {
    "text": matches(r"^(?:critical|high|medium|low) (\w+) .*?╭─ [^:\n]*:(\d+):"),
    "json": of_json,
    "sarif": of_sarif,
    "github": of_github,
    "gitlab": of_gitlab,
    "junit": of_junit,
    "markdown": matches(r"### \*\*\w+\*\* (\w+) [^\n]*\n+`[^`]*:(\d+):\d+`"),
    "html": of_html,
}
