"""The page of a design in a real browser: nothing is fetched or refused, all is drawn, links lead, small screens do."""

from __future__ import annotations

import base64

import pytest
from browser import Browser
from designs import EXAMPLES, example

from reviewer.blueprint.decide import decide
from reviewer.design.documents.render import PAGE, documents

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """One browser for all tests of the module."""
    with Browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """The page of a design with waivers, overrides and every pattern."""
    file = tmp_path_factory.mktemp("page") / "design.html"
    file.write_text(documents(decide(example("cms-extensions")))[PAGE], "utf-8")
    return file


def test_nothing_is_fetched_and_nothing_is_refused_by_the_policy(browser, path):
    browser.events.clear()
    browser.open(path)
    asked = [one for one in browser.events if one.get("method") == "Network.requestWillBeSent"]
    assert [one["params"]["request"]["url"] for one in asked] == [path.as_uri()]
    said = [one for one in browser.events if one.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown")]
    assert said == []


def test_every_drawing_is_seen_and_its_words_stay_inside(browser, path):
    browser.open(path)
    boxes = browser.value(
        "[...document.querySelectorAll('figure.drawn svg')].map(s => { const o = s.getBoundingClientRect();"
        "return [o.width > 100 && o.height > 100, ...[...s.querySelectorAll('text')].map(t => {"
        "const i = t.getBoundingClientRect(); return i.left >= o.left - 1 && i.right <= o.right + 1 &&"
        " i.top >= o.top - 1 && i.bottom <= o.bottom + 1; })]; })"
    )
    assert len(boxes) == 6
    assert all(len(one) > 3 and all(one) for one in boxes)
    covered = browser.value(
        "[...document.querySelectorAll('figure.drawn svg rect[height=\"36.0\"]')].filter(r => {"
        "const t = r.nextElementSibling.tagName === 'text' ? r.nextElementSibling : r.nextElementSibling.nextElementSibling;"
        "return t.getBoundingClientRect().width > r.getBoundingClientRect().width; }).length"
    )
    assert covered == 0, "a label is wider than its box"


def test_the_contents_and_the_sources_lead_to_what_they_name(browser, path):
    browser.open(path)
    broken = "[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.getElementById(a.hash.slice(1)))"
    assert browser.value(f"{broken}.length") == 0
    assert browser.value("document.querySelectorAll('a.from[href^=\"#IN-\"]').length") > 20
    browser.value("document.querySelector('a[href=\"#DEC-boundary\"]').click()")
    assert browser.value("document.querySelector('tr:target code').textContent") == "DEC-boundary"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_drawings_follow_the_colours_of_the_page(browser, path, theme):
    browser.open(path)
    browser.value(f"document.querySelector('#theme-{theme}').click()")
    ink = browser.value("getComputedStyle(document.querySelector('#life-cycle ~ figure text')).fill")
    card = browser.value("getComputedStyle(document.querySelector('.drawn rect')).fill")
    assert ink == browser.value("getComputedStyle(document.body).color")
    assert ink != card


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_nothing_is_wider_than_the_screen(browser, path, width):
    browser.open(path, width)
    assert browser.value("document.documentElement.scrollWidth") <= width


def test_it_prints(browser, path):
    browser.open(path)
    paper = base64.b64decode(browser.call("Page.printToPDF")["data"])
    assert paper.startswith(b"%PDF-")
    assert len(paper) > 100_000


def test_every_example_has_a_page_that_fits(browser, tmp_path):
    for one in EXAMPLES:
        file = tmp_path / f"{one.stem}.html"
        file.write_text(documents(decide(example(one.stem)))[PAGE], "utf-8")
        browser.open(file, 1024)
        assert browser.value("document.documentElement.scrollWidth") <= 1024, one.stem
