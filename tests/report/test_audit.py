"""The audit says what the review found, of the interfaces that are there, and calls nothing held that nobody looked at."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from msgspec.structs import replace
from referencing import Registry

from reviewer.core.checklist import Answer, Status
from reviewer.core.review import Coverage, Interface, Sign, Skipped
from reviewer.core.scale import Confidence, Severity
from reviewer.report.audit.build import audit
from reviewer.report.audit.model import Standing
from reviewer.report.audit.registry import render_audit
from reviewer.report.audit.standing import asked
from reviewer.report.options import RenderOptions

FORMS = ("text", "markdown", "html", "json")
SCHEMA = json.loads(files("reviewer.report").joinpath("schemas/audit-1.schema.json").read_text("utf-8"))


@pytest.fixture
def host(runs, options):
    """The audit of the invented host."""
    return audit(runs["full"].reviews[0], options)


def test_the_risk_is_that_of_the_gravest_finding_and_says_which(host):
    assert host.risk.level == "critical"
    assert host.risk.why.startswith("SEC002 unverified-plugin-import at src/host.ts:8")
    assert "not complete" in host.risk.why
    assert dict(host.risk.counts)[Severity.HIGH] == (2, 0, 0)


def test_what_is_only_possible_weighs_one_step_less(runs, options):
    review = runs["full"].reviews[0]
    doubted = tuple(replace(finding, confidence=Confidence.POSSIBLE) for finding in review.findings)
    made = audit(replace(review, findings=doubted), options)
    assert made.risk.level == "high"
    assert "only possible" in made.risk.why


def test_a_subject_without_findings_is_graded_by_what_was_looked_at(runs, options):
    review = runs["clean"].reviews[0]
    assert audit(review, options).risk.level == "none found"
    unseen = replace(review, coverage=Coverage(3, 0))
    assert audit(unseen, options).risk.level == "not assessed"
    assert audit(review, options).steps == ()


def test_findings_without_bearing_on_security_are_counted_alone(host):
    rules = [one.finding.rule for one in host.findings]
    assert rules == ["SEC002", "SEC009", "SEC014", "LIF003"]
    assert host.others == 0
    harmless = tuple(replace(one, rule="FUN013", expert="fundamentals") for one in host.review.findings)
    made = audit(replace(host.review, findings=harmless), RenderOptions())
    assert (made.findings, made.others, made.risk.level) == ((), 4, "none found")


def test_a_finding_stands_in_the_section_that_names_its_rule_or_asks_its_question(runs, options, rules):
    review = runs["full"].reviews[0]
    unnamed = replace(review.findings[1], rule="SEC900")
    asking = replace(rules["SEC014"], id="SEC900", checklist=("COM12",))

    def section_with(page):
        pages = replace(options, rules=lambda rule: page if rule == "SEC900" else None)
        made = audit(replace(review, findings=(unnamed,)), pages)
        return [section.id for section in made.sections if section.findings]

    assert section_with(asking) == ["communication"]
    assert section_with(None) == ["vulnerabilities"]


def test_accepted_findings_stand_in_the_audit_with_their_reason(runs, options):
    review = runs["full"].reviews[0]
    silenced = replace(review.findings[3], suppressed=review.findings[4].suppressed)
    made = audit(replace(review, findings=(silenced,)), options)
    assert [one.finding.rule for one in made.accepted] == ["SEC014"]
    run = replace(runs["full"], reviews=(replace(review, findings=(silenced,)),))
    for form in FORMS:
        assert "the context is frozen before it is handed out" in " ".join(render_audit(run, form, options).split())


def test_the_threat_model_has_the_interfaces_that_were_seen(host):
    loader = next(view for view in host.interfaces if view.interface.id == "loader")
    assert [sign.text for sign in loader.interface.signs] == ["import()"]
    assert {threat.stride for threat in loader.threats} <= set("STRIDE")
    assert "Logs, metrics, audit" in host.unseen


def test_an_interface_that_only_its_flaws_show_has_the_threats_that_they_show(runs, options):
    review = runs["full"].reviews[0]
    flaw = replace(review.findings[1], rule="SEC027", name="run-without-limits")
    made = audit(replace(review, findings=(flaw,)), options)
    process = next(view for view in made.interfaces if view.interface.id == "process")
    assert [sign.text for sign in process.interface.signs] == ["SEC027 run-without-limits"]
    assert [(threat.standing, threat.stride) for threat in process.threats] == [(Standing.SHOWN, "D")]


def passed(identity: str) -> Answer:
    return Answer(identity, "security", "?", Status.PASS, ("SEC027 found nothing",))


def test_a_pass_does_not_count_where_there_was_nothing_to_look_at(runs):
    review = replace(runs["full"].reviews[0], checklist=(passed("SEC8"), passed("SEC11"), passed("SEC9")))
    answers = {answer.id: answer for answer in asked(review, ["SEC8", "SEC11", "SEC9"])}
    assert answers["SEC8"].status is Status.NOT_ASSESSED
    assert "no sign was seen of processes and messages between them" in answers["SEC8"].evidence[0]
    assert "does not show that it is done" in answers["SEC11"].evidence[0]
    assert answers["SEC9"].status is Status.PASS
    worker = Interface("process", "", (Sign("fork()", review.findings[0].location),), 1)
    seen = asked(replace(review, interfaces=(worker,)), ["SEC8"])
    assert seen[0].status is Status.PASS


def test_isolation_says_where_plugin_code_runs(host):
    isolation = next(section for section in host.sections if section.id == "isolation")
    assert isolation.notes == (
        "Code is loaded into the process of the host by import() at src/host.ts:8. What is loaded so has all rights of "
        "the host, whatever it was granted.",
        "No process, worker or engine for plugins was seen.",
    )


def test_every_section_is_there_and_none_is_better_than_its_answers(any_run, options):
    for review in any_run.reviews:
        made = audit(review, options)
        assert [section.title for section in made.sections] == [
            "Authentication",
            "Authorization",
            "Isolation",
            "Resource protection",
            "Secure communication",
            "Vulnerability prevention",
            "Compliance",
        ]
        for section in made.sections:
            if section.standing is Standing.QUIET:
                assert not section.findings
                assert {answer.status for answer in section.answers} == {Status.PASS}


def test_the_hardening_guide_goes_from_much_to_little_and_shows_right_code(host):
    shares = [step.share for step in host.steps]
    assert shares == sorted(shares, reverse=True)
    assert 95 <= sum(shares) <= 105
    assert host.steps[0].rule == "SEC002"
    assert {one.finding.rule for step in host.steps for one in step.found} == {
        one.finding.rule for one in host.findings
    }


def test_the_json_holds_against_its_schema(any_run, options):
    Draft202012Validator.check_schema(SCHEMA)
    data = json.loads(render_audit(any_run, "json", options))
    errors = Draft202012Validator(SCHEMA, registry=Registry()).iter_errors(data)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff]")


@pytest.mark.parametrize("form", FORMS)
def test_no_text_of_a_subject_acts_in_any_form(runs, evil_options, form):
    text = render_audit(runs["hostile"], form, evil_options)
    assert text.endswith("\n")
    assert not ACTING.search(text)
    assert not re.search(r"^\s*::[a-z]", text, re.MULTILINE)
    if form == "html":
        assert "<b>" not in text
        assert not re.search(r"<(?:script|img|iframe)", text)
    if form == "markdown":
        tokens = [
            child
            for block in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
            for child in block.children or ()
        ]
        assert {token.type for token in tokens} & {"link_open", "image"} == set()
        assert {token.content for token in tokens if token.type == "html_inline"} <= {"<br>"}


def test_a_markdown_audit_is_read_as_it_was_meant(runs, options):
    tokens = MarkdownIt("commonmark").enable("table").parse(render_audit(runs["full"], "markdown", options))
    headings = [
        tokens[index + 1].content
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag in ("h1", "h2")
    ]
    assert headings[0] == "Security audit of hosts/desktop"
    assert headings[1:13] == [
        "1 Findings",
        "2 Threat model",
        "3 Permissions",
        "4 Authentication",
        "5 Authorization",
        "6 Isolation",
        "7 Resource protection",
        "8 Secure communication",
        "9 Vulnerability prevention",
        "10 Compliance",
        "11 Hardening guide, in order of effect",
        "12 What was looked at",
    ]
    tables = sum(token.type == "table_open" for token in tokens)
    assert tables >= 3


def test_what_needs_no_analysis_is_counted_by_its_reason(runs, options):
    plain = Skipped("a.txt", "no source code")
    skipped = (plain, plain, *(Skipped(f"{word}.js", word) for word in ("one", "two", "three", "four")))
    run = replace(runs["clean"], reviews=(replace(runs["clean"].reviews[0], coverage=Coverage(9, 3, skipped)),))
    said = render_audit(run, "markdown", options)
    assert "3 of 9 files analysed, 6 skipped that need no analysis: no source code (2); one (1);" in said
    assert "for other reasons (1)." in said


def test_the_text_keeps_to_its_width(runs, options):
    text = render_audit(runs["full"], "text", replace(options, width=80))
    prose = [line for line in text.splitlines() if not line.startswith("      ")]
    assert max(map(len, prose)) <= 80
