"""The checklist by itself, blank and answered, in each of its forms."""

from __future__ import annotations

import json

import pytest
from jinja2 import UndefinedError

from reviewer.core.checklist import Answer, Question, Status
from reviewer.core.review import Review, SubjectIdentity
from reviewer.report.checklist import FORMATS, SCHEMA, answered, blank, render
from reviewer.report.escape.markdown import inline
from reviewer.report.options import RenderOptions
from reviewer.report.templates import markdown

OPTIONS = RenderOptions(colour=False, width=80, unicode=True)
QUESTION = Question("SEC4", "security", "Is the answer no?", ("host",), True, "every path of the decision")


def sheet_of(question: str, evidence: str):
    """Return the sheet of a review with one failed item."""
    answer = Answer("SEC4", "security", question, Status.FAIL, (evidence,))
    identity = SubjectIdentity("hosts/one", "host", "generic", "", "", "")
    return answered(Review(identity, checklist=(answer,)))


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_holds_question_status_and_evidence(form):
    text = render([sheet_of("Is the answer no?", "SEC003 at src/a.ts:3")], form, OPTIONS)
    for part in ("SEC4", "Is the answer no?", "fail", "SEC003 at src/a.ts:3", "hosts/one"):
        assert part in text
    assert text.endswith("\n")


def test_a_blank_sheet_says_where_to_look_and_has_no_status():
    assert "[ ] SEC4 Is the answer no?" in render([blank([QUESTION])], "text", OPTIONS)
    (item,) = json.loads(render([blank([QUESTION])], "json", OPTIONS))["checklists"][0]["items"]
    assert item["status"] is None
    assert item["evidence"] == ["host; every path of the decision"]


def test_the_data_names_its_schema():
    assert json.loads(render([], "json", OPTIONS)) == {"schema": SCHEMA, "checklists": []}


def test_markdown_ticks_only_what_passed():
    text = render([sheet_of("Is the answer no?", "x")], "markdown", OPTIONS)
    assert "- [ ] **SEC4** Is the answer no? **fail**" in text
    passed = Answer("SEC5", "security", "Both ways?", Status.PASS, ())
    identity = SubjectIdentity("p", "plugin", "generic", "", "", "")
    assert "- [x] **SEC5**" in render([answered(Review(identity, checklist=(passed,)))], "markdown", OPTIONS)


@pytest.mark.parametrize(
    "text",
    [
        "# heading",
        "[link](https://evil.example)",
        "<img src=x onerror=alert(1)>",
        "`code` **bold** _it_",
        "| a | b |",
        "@everyone",
        "{{ 7 * 7 }}",
        "- item",
        "1. item",
        "12) item",
        "a\n\n## b",
    ],
)
def test_markdown_shows_a_strangers_text_as_it_stands(text):
    shown = inline(text)
    assert "\n" not in shown
    for start in ("#", "[", "<", "`", "*", "|", "@e", "{", "- ", "1. ", "12) "):
        assert not shown.startswith(start)
    assert "](" not in shown.replace("\\](", "")
    rendered = render([sheet_of(text, text)], "markdown", OPTIONS)
    assert "\n## b" not in rendered
    assert "49" not in rendered


def test_a_template_that_asks_for_an_unknown_name_fails():
    with pytest.raises(UndefinedError):
        markdown("checklist.md.j2", {"counts": "", "groups": []})
