"""The HTML page as text: whole, self-contained, with headings and labels in order, and no stranger's markup."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape
from page_reading import Reading

from reviewer.report.audit.registry import render_audit
from reviewer.report.escape.html import link, text
from reviewer.report.html.prose import prose
from reviewer.report.html.render import render_html


@pytest.fixture(params=["review", "audit"])
def page(any_run, evil_options, request) -> str:
    """The pages of each invented run, with hostile source lines."""
    if request.param == "audit":
        return render_audit(any_run, "html", evil_options)
    return render_html(any_run, evil_options)


def test_every_element_is_closed_where_it_was_opened(page):
    assert Reading(page).faults == []


def test_the_page_loads_and_runs_nothing(page):
    reading = Reading(page)
    assert not reading.all("script", "link", "img", "iframe", "object", "embed", "video", "audio", "base")
    assert not [
        name
        for _, attributes in reading.elements
        for name in attributes
        if name.startswith("on") or name in ("style", "src")
    ]
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style
    policy = reading.all("meta")[1]["content"]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")


def test_links_lead_to_places_of_the_page_or_to_https(page):
    reading = Reading(page)
    places = [attributes["id"] for _, attributes in reading.elements if "id" in attributes]
    assert len(places) == len(set(places))
    for attributes in reading.all("a"):
        address = attributes["href"]
        assert address[1:] in places if address.startswith("#") else address.startswith("https://")


def test_a_reader_without_eyes_finds_headings_labels_and_names(page):
    reading = Reading(page)
    levels = [int(tag[1]) for tag, _ in reading.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert len(reading.all("main")) == len(reading.all("nav")) == 1
    assert all("scope" in attributes for attributes in reading.all("th"))
    assert all("aria-label" in attributes for attributes in reading.all("svg", "nav", "form", "meter"))
    assert dict(reading.elements)["html"] == {"lang": "en"}


def test_the_page_holds_what_a_result_holds(runs, options):
    page = render_html(runs["full"], options)
    for words in (
        "src/permissions.ts:8:4",
        "child_process.exec runs a shell command",
        "the context is frozen before it is handed out",
        "the answer decides here whether a process is started",
        "REG004: the check crashed",
        "dist/bundle.min.js",
        "reviewer.toml: the subject is not trusted",
        "Level 1 of 3: basic",
        "network.fetch",
        "a full disk",
    ):
        assert str(escape(words)) in page
    assert '<span class="out">-     } catch (error) { return true; }</span>' in page
    assert "<mark>return granted.has" not in page


def test_source_lines_mark_what_was_found(runs, options):
    page = render_html(runs["full"], options)
    assert "const module = await <mark>import(path)</mark>;" in page


def test_hostile_text_is_seen_and_does_nothing(runs, evil_options):
    page = render_html(runs["hostile"], evil_options)
    assert not Reading(page).all("b")
    assert "&lt;b&gt;&amp;amp;" in page
    assert "evil.example" not in " ".join(attributes["href"] for attributes in Reading(page).all("a"))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)


@given(st.text(max_size=60))
def test_a_text_never_brings_a_control_character(value):
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", text(value))


@pytest.mark.parametrize(
    ("address", "followed"),
    [
        ("https://cwe.mitre.org/data/definitions/89.html", True),
        ("https://example.org:8443/a?b=c#d", True),
        ("javascript:alert(1)", False),
        ("http://example.org", False),
        ('https://example.org/" onclick="x', False),
        ("https://user@evil.example/", False),
        ("data:text/html,x", False),
        ("//evil.example", False),
        ("", False),
    ],
)
def test_only_an_https_address_becomes_a_link(address, followed):
    assert (link(address) == address and bool(address)) is followed


def test_a_rule_page_is_read_without_raw_markup_pictures_and_other_links():
    shown = prose(
        '<script>x</script> ![p](https://e.example/p.png) [l](javascript:x) [k](https://e.example/)\n\n```ts a"><b>.ts\nx < y\n```\n'
    )
    reading = Reading(shown)
    assert reading.faults == []
    assert not reading.all("script", "img", "b")
    assert [attributes["href"] for attributes in reading.all("a") if "href" in attributes][-1] == "https://e.example/"
    assert not [attributes for attributes in reading.all("a") if "javascript" in attributes["href"]]
    assert "x &lt; y" in shown
