"""Silencing one place needs the rule and a reason, and silence without effect is itself a finding."""

from __future__ import annotations

import pytest

HERE = "    context.eventBus.on("


def comment(folder, text: str, *, above: bool = True) -> None:
    """Write a comment above the flaw, or behind it."""
    path = folder / "plugin.js"
    source = path.read_text()
    if above:
        path.write_text(source.replace(HERE, f"    // {text}\n{HERE}"))
    else:
        path.write_text(source.replace("`));\n", f"`)); // {text}\n"))


def test_the_flaw_is_found_without_a_comment(leaky, review, rules):
    code, report = review(leaky, "--fail-on", "medium")
    assert rules(report) == [("LIF001", "plugin.js", 4)]
    assert code == 1


@pytest.mark.parametrize("above", [True, False])
def test_a_comment_with_rule_and_reason_silences_its_line_and_is_told(leaky, review, rules, above):
    comment(leaky, "reviewer: ignore[LIF001] the bus ends with the plugin", above=above)
    code, report = review(leaky, "--fail-on", "medium")
    assert rules(report) == []
    assert [rule for rule, _path, _line in rules(report, suppressed=True)] == ["LIF001"]
    assert code == 0
    (finding,) = [f for f in report["reviews"][0]["findings"] if f["suppressed"]]
    assert finding["suppressed"]["reason"] == "the bus ends with the plugin"


@pytest.mark.parametrize("text", ["reviewer: ignore[LIF001]", "reviewer: ignore because", "reviewer: ignore[] why"])
def test_a_comment_without_rule_or_reason_silences_nothing_and_is_a_finding(leaky, review, rules, text):
    comment(leaky, text)
    _code, report = review(leaky)
    assert {rule for rule, _path, _line in rules(report)} == {"LIF001", "FUN091"}


def test_a_comment_that_silences_nothing_is_a_finding(leaky, review, rules):
    comment(leaky, "reviewer: ignore[SEC046] there is no shell")
    _code, report = review(leaky)
    assert {rule for rule, _path, _line in rules(report)} == {"LIF001", "FUN090"}


def test_a_comment_in_a_string_is_none(leaky, review, rules):
    path = leaky / "plugin.js"
    path.write_text(path.read_text().replace("`height ${height}`", "'// reviewer: ignore[LIF001] not a comment'"))
    _code, report = review(leaky)
    assert rules(report) == [("LIF001", "plugin.js", 4)]


def test_the_untrusted_silence_nothing_and_what_they_tried_is_listed(leaky, review, rules):
    comment(leaky, "reviewer: ignore[LIF001] trust me")
    (leaky / "reviewer.toml").write_text('ignore = ["LIF001"]\nfail-on = "none"\n')
    code, report = review(leaky, "--untrusted", "--fail-on", "medium")
    assert ("LIF001", "plugin.js", 5) in rules(report)
    assert code == 1
    ignored = " ".join(report["reviews"][0]["ignored"])
    assert "reviewer.toml" in ignored
    assert "plugin.js" in ignored
