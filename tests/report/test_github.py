"""Annotations for GitHub: within its limits, gravest first, and no text of a subject is a command."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reviewer.core.location import Location
from reviewer.core.scale import Severity
from reviewer.report.escape.github import data, line, prop
from reviewer.report.github import LIMIT, render_github

# As the runner reads a line: a name, properties, and the message after the second pair of colons.
_COMMAND = re.compile(r"^\s*::(?P<name>[a-z-]+)(?: (?P<properties>[^:]*(?::(?!:)[^:]*)*))?::(?P<message>.*)$")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read the commands of a log as the runner does."""
    found = []
    for one in re.split(r"\r\n|\r|\n", text):
        match = _COMMAND.match(one)
        if match:
            pairs = (pair.split("=", 1) for pair in (match["properties"] or "").split(",") if "=" in pair)
            properties = {name.strip(): decoded(value) for name, value in pairs}
            found.append((match["name"], properties, decoded(match["message"])))
    return found


def decoded(text: str) -> str:
    for sign, code in ((":", "%3A"), (",", "%2C"), ("\r", "%0D"), ("\n", "%0A"), ("%", "%25")):
        text = text.replace(code, sign)
    return text


def test_every_open_finding_has_an_annotation_at_its_file_and_line(runs, options):
    found = commands(render_github(runs["full"], options))
    placed = {
        (words["file"], int(words["line"]), words["title"].split()[0]): kind
        for kind, words, _ in found
        if words.get("file")
    }
    assert placed == {
        ("hosts/desktop/src/host.ts", 7, "LIF003"): "warning",
        ("hosts/desktop/src/host.ts", 8, "SEC002"): "error",
        ("hosts/desktop/src/host.ts", 16, "SEC009"): "error",
        ("hosts/desktop/src/permissions.ts", 8, "SEC014"): "error",
        ("plugins/weather/plugin.json", 3, "FUN005"): "notice",
        ("plugins/weather/plugin.json", 5, "SEC001"): "error",
        ("plugins/weather/plugin.json", 6, "SEC003"): "error",
    }


def test_the_message_carries_the_fix_on_a_line_of_its_own(runs, options):
    message = next(
        text for _, words, text in commands(render_github(runs["full"], options)) if "SEC002" in words["title"]
    )
    assert message.split("\n")[1].startswith("Fix: Resolve the path")


def test_an_incomplete_review_is_the_first_error_and_the_verdict_the_last_line(runs, options):
    text = render_github(runs["full"], options)
    kind, words, message = commands(text)[0]
    assert (kind, words) == ("error", {"title": "The review is not complete"})
    assert "REG004: the check crashed" in message
    assert "src/broken.ts: not analysed" in message
    assert text.splitlines()[-1].startswith("reviewer: FAIL: 5 findings at or above high")


def test_no_more_than_github_keeps_and_the_rest_is_told_as_log(runs, options):
    review = runs["full"].reviews[1]
    many = [
        replace(review.findings[number % 3], location=Location("plugin.json", number + 1, 1, number + 1, 2))
        for number in range(60)
    ]
    text = render_github(replace(runs["full"], reviews=(replace(review, findings=tuple(many)),)), options)
    kinds = [kind for kind, _, _ in commands(text)]
    assert kinds.count("error") == LIMIT == 10
    assert kinds.count("notice") == LIMIT
    assert kinds[-2:] == ["group", "endgroup"]
    assert "::group::40 findings more than GitHub annotates" in text
    assert all(f"plugin.json:{number + 1}:" in text or f"line={number + 1}," in text for number in range(60))


def test_the_gravest_come_first_whatever_their_order(runs, options):
    review = runs["full"].reviews[1]
    low = replace(review.findings[0], severity=Severity.HIGH)
    grave = replace(review.findings[0], severity=Severity.CRITICAL, rule="SEC999")
    run = replace(runs["full"], reviews=(replace(review, findings=(low,) * 12 + (grave,)),))
    assert commands(render_github(run, options))[0][1]["title"].startswith("SEC999")


def test_a_hostile_subject_adds_no_command(runs, evil_options):
    found = commands(render_github(runs["hostile"], evil_options))
    assert [kind for kind, _, _ in found] == ["error", "error"]
    assert found[1][1]["line"] == "1"
    assert set(found[1][1]) == {"file", "line", "endLine", "col", "endColumn", "title"}


@given(st.text(alphabet=st.characters() | st.sampled_from("::%,\r\n#[]"), max_size=80))
def test_no_text_leaves_its_place_in_a_command(text):
    built = f"::error file={prop(text)},line=1::{data(text, text)}"
    found = commands(built)
    assert len(found) == 1
    assert found[0][1]["line"] == "1"
    assert commands(line(text)) == []
