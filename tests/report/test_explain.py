"""A rule's page reads well in a terminal, and the list of rules fits into one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reviewer.report.explain import explain
from reviewer.report.options import RenderOptions
from reviewer.report.page import Page
from reviewer.report.prose import inline, write_markdown
from reviewer.report.rules_table import rules_json, rules_text
from reviewer.report.width import columns


def written(markdown: str, width: int = 40) -> list[str]:
    page = Page(RenderOptions(width=width))
    write_markdown(page, markdown)
    return page.text().splitlines()


def test_a_page_has_its_headings_in_order_and_the_fix_before_the_bad_example(rules, options):
    lines = explain(rules["SEC014"], options).splitlines()
    assert lines[:2] == ["SEC014 fail-open-permission-check", "high · certain · security · stable since 0.1.0"]
    headings = [line for line in lines[2:] if line and not line.startswith(" ") and "  " not in line]
    assert headings == [
        "What it finds", "Why it matters", "How to mend it", "Bad", "Good", "When not to apply", "References",
    ]  # fmt: skip


def test_a_page_without_examples_still_says_how_to_mend_it(rules, options):
    assert explain(rules["LIF003"], options).endswith(
        "How to mend it\n  Keep what activate() returns, and release it when the plugin goes.\n"
    )


def test_paragraphs_and_items_are_wrapped_with_their_indentation():
    assert written("One two three four five six seven eight.\nNine.\n\n- first item that is long enough to wrap\n- second\n  goes on\n1. number") == [
        "  One two three four five six seven",
        "  eight. Nine.",
        "",
        "  - first item that is long enough to",
        "    wrap",
        "  - second goes on",
        "  1. number",
    ]  # fmt: skip


def test_code_is_indented_and_never_wrapped_or_changed():
    long = "x = [" + "1, " * 30 + "]"
    assert written(f"Text.\n```py src/a.py case=one\n# *no* [link](x)\n\tif x:\n\n{long}\n```\nMore.") == [
        "  Text.",
        "",
        "    src/a.py case=one",
        "      # *no* [link](x)",
        "          if x:",
        "",
        f"      {long}",
        "",
        "  More.",
    ]


def test_a_fence_that_never_closes_ends_with_the_page():
    assert written("````\n```\na") == ["      ```", "      a"]


def test_tables_and_quotations_stay_as_they_stand():
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n> said"
    assert written(table) == [f"  {line}" for line in table.split("\n")]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**bold** and *soft* and `*code*`", "bold and soft and `*code*`"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
        ("[CWE](https://cwe.example/1)", "CWE <https://cwe.example/1>"),
        ("[https://a.example](https://a.example)", "https://a.example"),
        ("`[a](b)`", "`[a](b)`"),
    ],
)
def test_marks_inside_a_line_are_taken_away_but_not_in_code(markdown, text):
    assert inline(markdown) == text


@given(st.text(alphabet=st.sampled_from("`*[]()<>#-|> \nab~1."), max_size=300))
def test_any_markdown_can_be_written(markdown):
    written(markdown)


def test_the_table_groups_rules_by_expert_and_fits(rules):
    for width in (60, 80, 120):
        text = rules_text(rules.values(), RenderOptions(width=width))
        assert max(columns(line) for line in text.splitlines()) <= width
    assert text.splitlines() == [
        "security",
        "SEC014  fail-open-permission-check       high      certain",
        "",
        "lifecycle",
        "LIF003  activation-without-deactivation  medium    likely    preview",
        "",
        "2 rules; reviewer explain ID shows the page of one",
    ]


def test_a_name_that_is_too_long_for_the_table_is_cut(rules):
    rule = replace(rules["SEC014"], name="a-very-long-name" * 10)
    text = rules_text([rule], RenderOptions(width=60, unicode=False))
    assert max(map(len, text.splitlines())) <= 60
    assert "... high" in " ".join(text.split())


def test_an_empty_list_is_no_error():
    assert rules_text([], RenderOptions()).startswith("0 rules")


def test_the_list_as_json_holds_what_is_known_of_each_rule(rules):
    data = json.loads(rules_json(rules.values()))
    assert data["schema"] == "reviewer/rules/1"
    assert [rule["id"] for rule in data["rules"]] == ["SEC014", "LIF003"]
    assert data["rules"][0]["applies_to"]["kinds"] == ["host"]
    assert next(iter(data["rules"][0]["sections"])) == "What it finds"
