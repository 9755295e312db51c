"""Known findings stay known though lines move and files are renamed, and no more of them than there were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.adoption.conftest import LEAK, SECOND, Repository

FILE = ".reviewer/baseline.json"
OLD = ("LIF001", "plugin.js", 4)


@pytest.fixture
def adopted(gauge: Repository) -> Repository:
    """Return the plugin with its one flaw written to a baseline."""
    assert gauge.review().code == 1
    done = gauge.review("--write-baseline")
    assert (done.code, done.findings(), done.findings("baseline")) == (0, [], [OLD])
    assert "wrote 1 finding to" in done.err
    return gauge


def test_what_is_known_does_not_fail_the_gate_and_the_summary_says_so(adopted: Repository):
    done = adopted.review("--baseline", FILE)
    assert (done.code, done.findings("baseline")) == (0, [OLD])
    assert done.reasons == "no new finding at or above medium; 1 finding known from baseline.json"
    assert adopted.review().code == 1, "without the baseline the flaw is what it was"


def test_it_is_known_though_lines_have_moved_and_been_indented(adopted: Repository):
    adopted.write("plugin.js", "// moved\n\n\n" + LEAK.replace("    context.eventBus", "      context.eventBus"))
    done = adopted.review("--baseline", FILE)
    assert (done.code, done.findings("baseline")) == (0, [("LIF001", "plugin.js", 7)])


def test_it_is_known_though_its_file_was_renamed(adopted: Repository):
    (adopted.folder / "lib").mkdir()
    (adopted.folder / "plugin.js").rename(adopted.folder / "lib/gauge.js")
    manifest = (adopted.folder / "plugin.json").read_text().replace("plugin.js", "lib/gauge.js")
    adopted.write("plugin.json", manifest)
    done = adopted.review("--baseline", FILE)
    assert (done.code, done.findings("baseline")) == (0, [("LIF001", "lib/gauge.js", 4)])


def test_a_new_finding_is_the_only_one_that_fails_the_gate(adopted: Repository):
    adopted.write("plugin.js", LEAK.rstrip().removesuffix("}") + SECOND)
    done = adopted.review("--baseline", FILE)
    assert (done.code, done.findings(), done.findings("baseline")) == (1, [("LIF001", "plugin.js", 9)], [OLD])
    assert done.reasons.startswith(".: 1 medium finding, at or above medium; 1 finding known")


def test_one_known_finding_never_hides_two_of_the_same_content(adopted: Repository):
    line = LEAK.splitlines()[3]
    adopted.write("plugin.js", LEAK.replace(line, f"{line}\n{line}"))
    done = adopted.review("--baseline", FILE)
    assert (done.code, len(done.findings()), len(done.findings("baseline"))) == (1, 1, 1)


def test_a_flaw_beyond_those_that_are_listed_is_not_hidden(gauge: Repository):
    line = LEAK.splitlines()[3]
    gauge.write("plugin.js", LEAK.replace(line, "\n".join([line] * 120)))
    assert gauge.review("--write-baseline").code == 0
    gauge.write("plugin.js", "// moved\n" + LEAK.replace(line, "\n".join([line] * 119)))
    assert gauge.review("--baseline", FILE).code == 0
    gauge.write("plugin.js", LEAK.replace(line, "\n".join([line] * 121)))
    done = gauge.review("--baseline", FILE)
    assert (done.code, len(done.findings())) == (1, 1)
    assert "21 more in this file are not listed" in done.out


def test_a_copy_of_the_flaw_in_another_file_is_new_while_the_old_file_is_there(adopted: Repository):
    adopted.write("plugin.js", "export default class Gauge { async activate(context) {} async deactivate() {} }\n")
    adopted.write("other.js", LEAK)
    done = adopted.review("--baseline", FILE)
    assert (done.code, done.findings()) == (1, [("LIF001", "other.js", 4)])


def test_what_was_mended_is_named_and_pruned_on_request_alone(adopted: Repository):
    adopted.write("plugin.js", "export default class Gauge { async activate(context) {} async deactivate() {} }\n")
    before = (adopted.folder / FILE).read_text()
    done = adopted.review("--baseline", FILE)
    assert done.code == 0
    assert "1 entry finds nothing any more in baseline.json (LIF001 plugin.js); --prune-baseline" in done.reasons
    assert (adopted.folder / FILE).read_text() == before
    pruned = adopted.review("--baseline", FILE, "--prune-baseline")
    assert "took 1 out of" in pruned.err
    assert json.loads((adopted.folder / FILE).read_text())["findings"] == []
    adopted.write("plugin.js", LEAK)
    assert adopted.review("--baseline", FILE).code == 1, "the flaw that came back is new"


def test_entries_of_rules_that_were_not_asked_are_not_stale(adopted: Repository):
    done = adopted.review("--baseline", FILE, "--expert", "security")
    assert (done.code, "nothing any more" in done.reasons) == (0, False)
    adopted.review("--baseline", FILE, "--expert", "security", "--prune-baseline")
    assert len(json.loads((adopted.folder / FILE).read_text())["findings"]) == 1


def test_the_configuration_may_name_it_and_the_reply_is_never_older_than_it(adopted: Repository):
    adopted.write("reviewer.toml", f'baseline = "{FILE}"\nfail-on = "medium"\n')
    assert [adopted.run("review").code for _ in range(2)] == [0, 0]
    adopted.write(FILE, '{"schema": "reviewer/baseline/1", "findings": []}')
    assert adopted.run("review").code == 1


def test_two_runs_write_the_same_bytes(adopted: Repository):
    first = (adopted.folder / FILE).read_bytes()
    adopted.review("--write-baseline")
    assert (adopted.folder / FILE).read_bytes() == first
    assert json.loads(first)["findings"][0]["path"] == "plugin.js"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "--write-baseline writes one"),
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ('{"schema": "reviewer/baseline/2", "findings": []}', "expected 'reviewer/baseline/1'"),
        ('{"schema": "reviewer/baseline/1", "findings": [{"rule": "A"}]}', "entry 1 has no right 'path'"),
        ('{"schema": "reviewer/baseline/1", "findings": [3]}', "entry 1 has no right 'rule'"),
    ],
)
def test_a_baseline_that_is_wrong_is_a_usage_error(gauge: Repository, text: str | None, said: str):
    if text is not None:
        gauge.write(FILE, text)
    done = gauge.review("--baseline", FILE)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_nobody_who_is_not_trusted_brings_a_baseline_along(adopted: Repository):
    adopted.write("reviewer.toml", f'baseline = "{FILE}"\n')
    done = adopted.review("--untrusted")
    assert (done.code, done.findings()) == (1, [OLD])
    assert done.report["reviews"][0]["ignored"] == ["reviewer.toml"]
    named = adopted.review("--untrusted", "--baseline", FILE)
    assert (named.code, named.findings()) == (1, [OLD])
    assert "baseline.json: a baseline inside the subject" in named.report["reviews"][0]["ignored"]


def test_a_baseline_outside_of_an_untrusted_subject_counts(adopted: Repository, tmp_path: Path):
    outside = tmp_path / "known.json"
    assert adopted.review("--baseline", str(outside), "--write-baseline").code == 0
    done = adopted.review("--untrusted", "--baseline", str(outside))
    assert (done.code, done.findings("baseline")) == (0, [OLD])
