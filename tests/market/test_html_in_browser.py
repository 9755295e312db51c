"""The page of a market in a real browser: nothing is fetched, filters work, it stands out, prints, and fits any screen."""

from __future__ import annotations

import base64

import pytest
from browser import CONTRAST, Browser
from market_rows import finding, subject, write_run

from reviewer.market.reading import MarketReader
from reviewer.market.report.gathering import gather
from reviewer.market.report.html import market_html

pytestmark = pytest.mark.needs("chromium")

VISIBLE = "[...document.querySelectorAll('.finding')].filter(e => e.checkVisibility()).length"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of a market with every part, and with names that are long and have no place to break."""
    folder = tmp_path_factory.mktemp("market")
    library = {"path": f"vendor/{'deep/' * 40}parse.js", "excerpt": "x" * 400}
    long = "harbour" * 30
    write_run(
        folder / "market.db",
        [
            subject("gauge", score=95, findings=(finding("SEC041", severity="critical"), finding("LIF003", expert="lifecycle")),
                    may=[("process.exec", "used")], needs=[("tides", "^9.0.0"), (long, "")]),
            subject(f"{long}-tools", findings=(finding("SEC014", **library),), files_with=[(library["path"], "aa")]),
            subject(f"{long}-t0ols", findings=(finding("SEC014", **library),), files_with=[(library["path"], "aa")]),
            subject("tides", ecosystem="vscode", complete=False),
        ],
    )  # fmt: skip
    with MarketReader(folder / "market.db") as reader:
        (folder / "market.html").write_text(market_html(gather(reader, reader.run()), None), "utf-8")
    return folder / "market.html"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """One browser for all tests of the module."""
    with Browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


def test_nothing_is_fetched_refused_or_complained_of(browser, page):
    browser.open(page)
    requests = [event for event in browser.events if event.get("method") == "Network.requestWillBeSent"]
    assert len(requests) == 1
    assert not [one for one in browser.events if one.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown")]


def test_a_number_leads_to_its_rule_and_filters_leave_what_was_asked_for(browser, page):
    browser.open(page)
    browser.value("document.querySelector('.tally .critical a').click()")
    assert browser.value("location.hash") == "#severity-critical"
    browser.value("document.querySelector('#severity-critical a').click()")
    assert browser.value("document.querySelector(location.hash + ' .finding h4').innerText.startsWith('SEC041')")
    assert browser.value(VISIBLE) == 4
    browser.value("document.querySelector('#show-lifecycle').click()")
    assert browser.value(VISIBLE) == 3
    browser.value("document.querySelector('#show-critical').click()")
    assert browser.value(VISIBLE) == 2


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_word_stands_out_from_what_is_behind_it(browser, page, theme):
    browser.open(page)
    browser.value(f"document.querySelector('#theme-{theme}').click()")
    assert browser.value(CONTRAST) == []


@pytest.mark.parametrize("width", [320, 700, 1280])
def test_nothing_is_wider_than_the_screen(browser, page, width):
    browser.open(page, width)
    assert browser.value("document.documentElement.scrollWidth") <= width


def test_it_prints_all_that_is_folded_and_none_of_the_controls(browser, page):
    browser.open(page)
    browser.call("Emulation.setEmulatedMedia", media="print")
    hidden = "['.filters', '.theme', '.contents'].filter(s => document.querySelector(s).checkVisibility())"
    assert browser.value(hidden) == []
    assert browser.value("[...document.querySelectorAll('details')].every(e => e.getBoundingClientRect().height > 60)")
    browser.call("Emulation.setEmulatedMedia", media="")
    paper = base64.b64decode(browser.call("Page.printToPDF")["data"])
    assert paper.startswith(b"%PDF-")
