"""The comment for a pull request, read by a real Markdown parser: its headings, its fences, and no stranger's markup."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from reviewer.core.location import Location
from reviewer.report.comment import LIMIT, render_comment
from reviewer.report.escape.markdown import code, fenced, inline
from reviewer.report.snippet import visible

PARSER = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table").enable("strikethrough")
OUR_HTML = "<!-- reviewer -->"


def tokens(text: str):
    """Yield every token of a Markdown text, those inside lines too."""
    for block in PARSER.parse(text):
        yield block
        yield from block.children or ()


def test_the_comment_has_verdict_table_and_a_heading_for_each_finding(runs, options):
    text = render_comment(runs["full"], options)
    found = list(tokens(text))
    headings = [found[index + 1].content for index, token in enumerate(found) if token.type == "heading_open"]
    assert headings[0] == "reviewer: fail"
    assert headings[2].startswith("**critical** SEC002 unverified-plugin-import")
    assert len(headings) == 2 + 7
    assert sum(token.type == "tr_open" for token in found) == 3
    assert text.startswith("<!-- reviewer -->\n")  # whoever posts it finds the last one by this


def test_source_and_edit_stand_in_fences(runs, options):
    fences = {
        (token.info, token.content) for token in tokens(render_comment(runs["full"], options)) if token.type == "fence"
    }
    assert ("ts", "   8      const module = await import(path);\n") in fences
    diff = next(content for info, content in fences if info == "diff" and "catch" in content)
    assert [line[0] for line in diff.splitlines()] == ["-", "+"]
    assert "return false" in diff.splitlines()[1]


def test_the_comment_stays_below_what_github_takes(runs, options):
    review = runs["full"].reviews[0]
    many = [
        replace(finding, location=Location("src/host.ts", n % 19 + 1, 1, n % 19 + 1, 5))
        for n in range(400)
        for finding in review.findings
    ]
    text = render_comment(replace(runs["full"], reviews=(replace(review, findings=tuple(many)),)), options)
    assert LIMIT - 2_000 < len(text) < 65_536
    assert "left out" in text


def test_hostile_text_makes_no_markup(runs, evil_options):
    text = render_comment(runs["hostile"], evil_options)
    found = list(tokens(text))
    kinds = {token.type for token in found}
    assert not kinds & {"link_open", "image", "html_inline", "s_open"}
    assert [token.content.strip() for token in found if token.type == "html_block"] == [OUR_HTML]
    assert "@here" not in text.replace("`@here`", "").replace("\\@here", "")
    assert not any(character in text for character in "\x1b\r\x07\u202e\u200b")


SPECIAL = "`*_[]()<>#|~!@$&:\\/-+=.1 \n\t\r\x1b"


@given(st.text(alphabet=st.characters() | st.sampled_from(SPECIAL), max_size=60))
def test_a_text_in_a_line_is_shown_as_it_stands(text):
    shown = inline(text)
    parsed = PARSER.parseInline(f"x{shown}x")[0].children
    assert {token.type for token in parsed} <= {"text", "text_special", "entity"}
    assert "\n" not in shown


@given(st.text(alphabet=st.characters() | st.sampled_from("`\\ \n"), max_size=40))
def test_nothing_ends_a_code_span(text):
    span = str(code(text))
    if span:
        parsed = [token for token in PARSER.parseInline(f"a {span} b")[0].children if token.content]
        assert [token.type for token in parsed] == ["text", "code_inline", "text"]


@given(st.lists(st.text(alphabet=st.characters() | st.sampled_from("`~ \t"), max_size=30), max_size=5))
def test_nothing_ends_a_fence(lines):
    block = str(fenced("ts", *map(visible, lines)))
    parsed = PARSER.parse(f"{block}\n\nafter\n")
    assert [token.type for token in parsed] == ["fence", "paragraph_open", "inline", "paragraph_close"]
