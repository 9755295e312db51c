"""Only findings on changed lines gate; the others are listed as unchanged."""

from __future__ import annotations

import pytest

from reviewer.engine.adoption.changes import changed_lines
from tests.adoption.conftest import LEAK, SECOND, Repository

OLD = ("LIF001", "plugin.js", 4)


def test_an_old_finding_does_not_gate_and_a_new_one_does(gauge: Repository):
    done = gauge.review("--changed-since", "main")
    assert (done.code, done.findings("unchanged")) == (0, [OLD])
    assert "1 finding on lines unchanged since main" in done.reasons
    gauge.write("plugin.js", "// moved\n" + LEAK.rstrip().removesuffix("}") + SECOND)
    done = gauge.review("--changed-since", "main")
    assert (done.code, done.findings(), done.findings("unchanged")) == (
        1,
        [("LIF001", "plugin.js", 10)],
        [("LIF001", "plugin.js", 5)],
    )


def test_a_file_that_was_only_moved_has_no_changed_lines(gauge: Repository):
    (gauge.folder / "plugin.js").rename(gauge.folder / "gauge.js")
    manifest = (gauge.folder / "plugin.json").read_text()
    gauge.write("plugin.json", manifest.replace("plugin.js", "gauge.js"))
    assert gauge.review("--changed-since", "main").findings("unchanged") == [("LIF001", "gauge.js", 4)]
    gauge.write("gauge.js", LEAK.replace("async deactivate() {}", "async deactivate() { this.done = true; }"))
    assert gauge.review("--changed-since", "main").code == 0


def test_a_new_file_has_nothing_but_changed_lines(gauge: Repository):
    gauge.write("other.js", LEAK)
    done = gauge.review("--changed-since", "main")
    assert (done.code, done.findings()) == (1, [("LIF001", "other.js", 4)])


def test_carriage_returns_are_no_change(gauge: Repository):
    (gauge.folder / "plugin.js").write_bytes(LEAK.replace("\n", "\r\n").encode())
    assert gauge.review("--changed-since", "main").findings("unchanged") == [OLD]


def test_without_a_history_it_is_a_usage_error(gauge: Repository):
    done = gauge.review("--changed-since", "nowhere")
    assert (done.code, "neither a path nor a revision" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("abc", "abc", []),
        ("abc", "aXc", [(2, 2)]),
        ("abc", "ac", []),
        ("", "ab", [(1, 2)]),
        ("abcdef", "abXYcdeZ", [(3, 4), (8, 8)]),
        ("a" * 30_000 + "b" * 30_000, "c" + "b" * 30_000 + "a" * 30_000 + "d", [(1, 60_002)]),
    ],
)
def test_changed_lines_are_those_that_were_not_there_in_order(before: str, after: str, changed: list[tuple[int, int]]):
    assert changed_lines(before, after) == changed
