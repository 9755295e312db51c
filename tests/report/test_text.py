"""The text says what, where, how grave, how to mend it and why the gate is as it is, in any terminal."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reviewer.core.location import Fix, Location, Related
from reviewer.core.review import Coverage, Gate, Problem, ReviewRun, Skipped
from reviewer.core.scale import Severity
from reviewer.report.options import RenderOptions
from reviewer.report.text import render_text
from reviewer.report.verdict import exit_code
from reviewer.report.width import columns

SGR = re.compile(r"\x1b\[[0-9;]*m")
# Words that must stay whole so that a terminal can open them.
PLACE = re.compile(r"[^ ]+:\d+:\d+")


def test_every_finding_shows_place_severity_rule_message_source_and_fix(runs, options):
    text = render_text(runs["full"], options)
    assert "high SEC014 fail-open-permission-check\n" in text
    assert "  allowed() returns true where the grants can't be read" in text
    assert "╭─ src/permissions.ts:8:4\n" in text
    assert "  8 │     } catch (error) { return true; }\n    │       ^^^^^" in text
    assert "├─ src/host.ts:15:15" in text
    assert "╰─ fix: Return false, and record the error" in text
    assert "  8 +     } catch (error) { return false; }" in text


def test_doubt_is_said_and_certainty_is_not(runs, options):
    text = render_text(runs["full"], options)
    assert "LIF003 activation-without-deactivation (likely)\n" in text
    assert "(certain)" not in text


def test_suppressed_findings_are_counted_and_not_shown(runs, options):
    text = render_text(runs["full"], options)
    assert "API005" not in text
    assert "1 suppressed (1 inline)" in text


def test_the_verdict_with_its_reasons_is_the_last_line(runs, options):
    last = render_text(runs["full"], options).splitlines()[-1]
    assert last == "FAIL: 5 findings at or above high; the review of hosts/desktop is incomplete"
    assert render_text(runs["clean"], options).splitlines()[-1] == "PASS: no finding at or above high"


@pytest.mark.parametrize(
    ("gate", "last", "code"),
    [
        (Gate("pass", None), "PASS: no severity is set to fail the gate", 0),
        (Gate("fail", Severity.HIGH), "FAIL: 5 findings at or above high", 1),
        (Gate("incomplete", Severity.HIGH), "INCOMPLETE: not everything that matters could be looked at", 4),
    ],
)
def test_a_verdict_without_reasons_gets_one(runs, options, gate, last, code):
    run = replace(runs["full"], gate=gate)
    assert render_text(run, options).splitlines()[-1] == last
    assert exit_code(gate) == code


def test_a_verdict_nobody_knows_is_never_a_pass():
    assert exit_code(Gate("passed", None)) == 4


def test_files_that_matter_are_named_and_others_counted(runs, options):
    text = render_text(runs["full"], options)
    assert "! src/broken.ts: can't be parsed" in text
    assert "3 skipped that need no analysis" in text
    assert "icon.png" not in text


def test_a_crash_and_what_was_not_honoured_are_said(runs, options):
    text = render_text(runs["full"], options)
    assert "error        REG004: the check crashed: KeyError: 'entries' (src/host.ts)" in text
    assert "not honoured reviewer.toml" in text


def test_the_route_groups_experts_by_reason(runs, options):
    text = render_text(runs["full"], options)
    assert "experts: all seven (nobody named an expert)\n" in text
    assert "experts: security, lifecycle (named on the command line); fundamentals (the" in text


def test_long_lists_are_cut_and_the_rest_counted(runs, options):
    review = runs["full"].reviews[0]
    place = Location("a", 1, 1, 1, 2)
    finding = replace(review.findings[0], related=(Related(place, "x"),) * 30)
    review = replace(
        review,
        findings=(finding,),
        coverage=Coverage(50, 0, tuple(Skipped(f"f{number}", "r", matters=True) for number in range(50))),
        errors=tuple(Problem("R", f"e{number}") for number in range(50)),
    )
    text = render_text(replace(runs["full"], reviews=(review,)), options)
    assert "20 more places" in text
    assert "30 more\n" in text
    assert "30 more errors" in text
    assert "f19: r" in text
    assert "f20: r" not in text


def test_a_run_without_subjects_still_has_a_verdict(options):
    text = render_text(ReviewRun((), Gate("incomplete", None, ("nothing was read",)), ""), options)
    assert text.endswith("0 findings in 0 subjects\nINCOMPLETE: nothing was read\n")


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("unicode", [True, False])
def test_no_line_but_a_place_is_wider_than_the_terminal(runs, options, width, unicode):
    text = render_text(runs["full"], replace(options, width=width, unicode=unicode))
    wide = [line for line in text.splitlines() if columns(line) > width and not PLACE.search(line)]
    # The title of a finding stays whole: it is what people search for.
    assert [line for line in wide if not re.match(r"(critical|high|medium|low|info) [A-Z]+\d+ ", line)] == []


def test_a_terminal_narrower_than_any_is_served_as_forty_columns(runs, options):
    assert render_text(runs["full"], replace(options, width=1)) == render_text(runs["full"], replace(options, width=40))


def test_colour_adds_nothing_but_colour(any_run, options):
    plain = render_text(any_run, options)
    coloured = render_text(any_run, replace(options, colour=True))
    assert SGR.sub("", coloured) == plain
    assert coloured != plain


def test_without_unicode_every_byte_is_ascii(any_run, evil_options):
    assert render_text(any_run, replace(evil_options, unicode=False)).isascii()


def test_hostile_text_reaches_the_terminal_as_visible_text_alone(runs, evil_options):
    text = render_text(runs["hostile"], evil_options)
    kinds = {unicodedata.category(character) for character in text if character != "\n"}
    assert not kinds & {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
    assert "<U+001B>[2J" in text
    assert "gnp.exe<U+2069>" in text


def test_hostile_text_cannot_start_a_line_with_a_command(runs, options):
    message = "x " * 37 + "::error file=a::b ::stop-commands::x " * 20
    finding = replace(
        runs["full"].reviews[0].findings[0],
        message=message,
        related=(Related(Location("::add-mask::", 1, 1, 1, 1), message),),
        fix=Fix(message),
    )
    review = replace(runs["full"].reviews[0], findings=(finding,), ignored=(message,))
    for unicode in (True, False):
        text = render_text(replace(runs["full"], reviews=(review,)), replace(options, unicode=unicode))
        assert "::error" in text
        assert [line for line in text.splitlines() if line.lstrip().startswith("::")] == []


@given(st.text(alphabet=st.characters(), max_size=80))
def test_a_hostile_name_never_adds_a_line_and_never_leaves_its_place(name):
    finding_of = _run_named
    harmless = render_text(finding_of("x"), RenderOptions(width=10_000))
    text = render_text(finding_of(name), RenderOptions(width=10_000))
    # A name of many code points may wrap, but only inside the prose lines.
    assert len([line for line in text.splitlines() if "╭─" in line]) >= 1
    assert text.splitlines()[-1].startswith("FAIL: ")
    assert harmless.splitlines()[-1] == text.splitlines()[-1]
    assert not {unicodedata.category(one) for one in text if one != "\n"} & {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def test_what_is_only_possible_is_said_to_be_left_out(runs, options):
    (clean,) = runs["clean"].reviews
    text = render_text(replace(runs["clean"], reviews=(replace(clean, unshown=3),)), options)
    assert "findings     none; 3 more that are only possible (--auditor)" in text.splitlines()
    assert "only possible" not in render_text(runs["clean"], options)


def _run_named(name: str) -> ReviewRun:
    from reviewer.core.finding import Finding
    from reviewer.core.review import Review, SubjectIdentity
    from reviewer.core.scale import Confidence

    finding = Finding(
        "SEC001", "a-rule", "security", Severity.HIGH, Confidence.CERTAIN, "Message.", Location(name, 1, 1, 1, 2)
    )
    identity = SubjectIdentity("subject", "plugin", "generic", "id", "1", "plugin.json")
    return ReviewRun((Review(identity, findings=(finding,)),), Gate("fail", Severity.HIGH), "")
