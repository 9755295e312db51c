"""The configuration of a review: read, checked, near wins, and every mistake told with what would be right."""

from __future__ import annotations

import pytest


def test_a_rule_is_ignored_where_the_configuration_says_so(leaky, review, rules):
    (leaky / "reviewer.toml").write_text('ignore = ["LIF001"]\n')
    _code, report = review(leaky)
    assert rules(report) == []


def test_pyproject_works_too(leaky, review, rules):
    (leaky / "pyproject.toml").write_text('[tool.reviewer]\nselect = ["SEC"]\n')
    _code, report = review(leaky)
    assert rules(report) == []


def test_severities_and_the_threshold_are_set(leaky, review):
    (leaky / "reviewer.toml").write_text('fail-on = "critical"\n[severity]\nLIF001 = "critical"\n')
    code, report = review(leaky)
    assert report["reviews"][0]["findings"][0]["severity"] == "critical"
    assert code == 1


def test_paths_are_silenced_with_a_reason_until_a_day(leaky, review, rules):
    entry = '[[per-path-ignores]]\npath = "*.js"\nrules = ["LIF001"]\nreason = "goes with 3.0"\n'
    (leaky / "reviewer.toml").write_text(entry + 'until = "2999-12-31"\n')
    _code, report = review(leaky)
    assert (rules(report), [r for r, _p, _l in rules(report, suppressed=True)]) == ([], ["LIF001"])
    (leaky / "reviewer.toml").write_text(entry + 'until = "2001-12-31"\n')
    _code, report = review(leaky)
    assert {rule for rule, _path, _line in rules(report)} == {"LIF001", "FUN092"}


def test_the_nearest_configuration_governs_a_subject(tmp_path, leaky, review, rules):
    other = tmp_path / "repo" / "plugins" / "other"
    other.parent.mkdir(parents=True)
    leaky.rename(tmp_path / "repo" / "plugins" / "gauge")
    other.mkdir()
    for name in ("plugin.json", "plugin.js"):
        (other / name).write_text((tmp_path / "repo" / "plugins" / "gauge" / name).read_text())
    (tmp_path / "repo" / "reviewer.toml").write_text('ignore = ["LIF001"]\n')
    (other / "reviewer.toml").write_text('select = ["LIF"]\nignore = []\n')
    _code, report = review(tmp_path / "repo")
    found = {one["subject"]["path"].rsplit("/", 1)[-1]: len(one["findings"]) for one in report["reviews"]}
    assert found == {"gauge": 0, "other": 1}
    assert rules(report) == [("LIF001", "plugin.js", 4)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('ignor = ["LIF001"]', "did you mean 'ignore'?"),
        ('fail-on = "hgih"', "did you mean 'high'?"),
        ('experts = "security"', "expected a list"),
        ('select = ["LIF999"]', "LIF999"),
        ("trust = 9", "1 (untrusted)"),
        ("ignore = [", "reviewer.toml"),
        ('[[per-path-ignores]]\npath = "*.js"\nrules = ["LIF001"]', "reason"),
    ],
)
def test_a_mistake_is_a_usage_error_that_says_what_would_be_right(leaky, review, text, says):
    (leaky / "reviewer.toml").write_text(text + "\n")
    code, report = review(leaky)
    assert code == 2
    assert says in report["said"]
    assert "reviewer.toml" in report["said"]


def test_settings_are_shown_with_where_each_comes_from(leaky):
    import subprocess
    import sys

    (leaky / "reviewer.toml").write_text('fail-on = "low"\n')
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", "review", "--show-settings", str(leaky), "--ignore", "SEC"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "reviewer.toml" in done.stdout
    assert "command line" in done.stdout
    assert "fail-on" in done.stdout
