"""What the process says to whoever started it: exit codes, streams, help, messages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


def test_standard_output_carries_the_report_alone(program):
    ran = program("review", "--format", "json", str(EXAMPLES / "good-ts"))
    assert json.loads(ran.out)["schema"] == "reviewer/review/1"
    assert (ran.code, ran.err) == (0, "")


def test_findings_fail_the_gate_at_the_threshold_and_none_never_fails(program):
    flawed = str(EXAMPLES / "flawed-host")
    assert program("review", flawed).code == 1
    assert program("review", flawed, "--fail-on", "none").code == 0
    assert program("review", flawed, "--fail-on", "critical", "--select", "LIF").code == 0
    assert program("review", flawed, "--fail-on", "medium", "--select", "LIF").code == 1


def test_who_asks_for_a_registry_and_has_code_is_told_what_was_reviewed_instead(program):
    ran = program("review", "--kind", "registry", "--format", "json", str(EXAMPLES / "flawed-host"))
    (review,) = json.loads(ran.out)["reviews"]
    assert review["subject"]["kind"] == "host"
    assert [one for one in review["ignored"] if one.startswith("kind registry:")]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("reveiw", "."), "did you mean 'review'?"),
        (("review", "--formt", "json"), "did you mean '--format'?"),
        (("review", "--format", "jsno"), "did you mean 'json'?"),
        (("review", "--expert", "securty"), "did you mean 'security'?"),
        (("review", "--select", "SEC999", str(EXAMPLES / "good-py")), "SEC999"),
        (("explain", "SEC99"), "SEC99"),
        (("review", "--jobs", "many"), "expected a number"),
    ],
)
def test_a_wrong_word_is_a_usage_error_that_offers_the_nearest(program, words, says):
    ran = program(*words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_a_leading_slash_is_accepted(program):
    assert program("/review-plugin", str(EXAMPLES / "good-py")).code == 0


def test_every_command_has_help_with_examples(program):
    for command in ("review", "explain", "rules", "skills", "checklist"):
        ran = program(command, "--help")
        assert (ran.code, ran.err) == (0, "")
        assert f"usage: reviewer {command}" in ran.out
        assert "examples:" in ran.out
        assert max(map(len, ran.out.splitlines())) <= 100


def test_help_fits_in_80_columns(program):
    for words in (("--help",), ("review", "--help")):
        lines = program(*words, COLUMNS="80").out.splitlines()
        assert [line for line in lines if len(line) > 104] == []


def test_the_report_goes_whole_to_a_file(program, place):
    target = place / "report.sarif"
    ran = program("review", "--format", "sarif", "--output", str(target), str(EXAMPLES / "good-ts"))
    assert (ran.code, ran.out) == (0, "")
    assert json.loads(target.read_text())["version"] == "2.1.0"
    assert [path.name for path in place.iterdir()] == ["report.sarif"]


def test_a_report_is_not_written_through_a_link_or_over_a_folder(program, place):
    (place / "victim").write_text("kept")
    (place / "link").symlink_to(place / "victim")
    assert program("review", "--output", str(place / "link"), str(EXAMPLES / "good-ts")).code == 2
    assert program("review", "--output", str(place), str(EXAMPLES / "good-ts")).code == 2
    assert (place / "victim").read_text() == "kept"


def test_a_reader_that_goes_away_is_no_traceback():
    command = f"{sys.executable} -m reviewer rules --format json | head -c 10"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S602 - a pipe is the point
    assert "Traceback" not in done.stderr


def test_several_paths_are_one_run_with_one_gate(program):
    ran = program("review", "--format", "json", str(EXAMPLES / "good-ts"), str(EXAMPLES / "flawed-ts"))
    assert [Path(one["subject"]["path"]).name for one in ran.report["reviews"]] == ["good-ts", "flawed-ts"]
    assert ran.report["gate"]["result"] == "fail"


def test_a_request_in_words_chooses_experts_and_says_why(program):
    ran = program("review", "--format", "json", "--request", "are the timers cleared?", str(EXAMPLES / "good-ts"))
    (review,) = ran.report["reviews"]
    assert "lifecycle" in [step["expert"] for step in review["route"]]
    assert all(step["why"] for step in review["route"])
    assert {finding["expert"] for finding in review["findings"]} <= {step["expert"] for step in review["route"]}


def test_interrupting_says_so_and_leaves_no_worker_behind(place):
    big = place / "big"
    big.mkdir()
    source = (EXAMPLES / "good-ts" / "src" / "tide-windows.ts").read_text()
    for number in range(300):
        (big / f"f{number}.ts").write_text(source)
    process = subprocess.Popen(
        [sys.executable, "-m", "reviewer", "review", "--no-cache", str(big)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        process.send_signal(2)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (out, err) == (b"", b"")
