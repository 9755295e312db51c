"""The HTML page in a real browser: filters without script, colours, print, small screens, no network, no complaint."""

from __future__ import annotations

import base64

import pytest
from browser import CONTRAST, Browser

from reviewer.report.audit.registry import render_audit
from reviewer.report.html.render import render_html

pytestmark = pytest.mark.needs("chromium")

VISIBLE = "[...document.querySelectorAll('.finding')].filter(e => e.checkVisibility()).map(e => e.querySelector('h4').innerText)"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """One browser for all tests of the module."""
    with Browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture
def shown(browser, runs, options, tmp_path):
    """The browser with the page of an ordinary run."""
    return show(browser, render_html(runs["full"], options), tmp_path)


def show(browser, page, folder, width=1280):
    path = folder / "report.html"
    path.write_text(page, "utf-8")
    browser.open(path, width)
    return browser


def test_nothing_is_fetched_and_nothing_is_refused_by_the_policy(shown):
    requests = [
        event["params"]["request"]["url"]
        for event in shown.events
        if event.get("method") == "Network.requestWillBeSent"
    ]
    assert len(requests) == 1
    assert requests[0].startswith("file://")
    assert [
        event for event in shown.events if event.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown")
    ] == []
    assert shown.value("getComputedStyle(document.querySelector('.page')).display") == "grid"


def test_the_filters_hide_findings_and_say_how_many_are_left(shown):
    everything = shown.value(VISIBLE)
    assert len(everything) == 7
    shown.value("document.querySelector('#show-high').click()")
    assert [name.split()[0] for name in shown.value(VISIBLE)] == ["SEC002", "LIF003", "FUN005"]
    shown.value("document.querySelector('#show-security').click()")
    assert [name.split()[0] for name in shown.value(VISIBLE)] == ["LIF003", "FUN005"]
    assert shown.value("document.querySelector('.shown').checkVisibility()")
    shown.value("document.querySelector('.filters button').click()")
    assert shown.value(VISIBLE) == everything
    assert not shown.value("document.querySelector('.shown').checkVisibility()")


def test_contents_lead_to_what_they_name(shown):
    broken = (
        "[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.querySelector(a.getAttribute('href')))"
    )
    assert shown.value(f"{broken}.length") == 0
    shown.value("document.querySelector('.contents a[href$=\"-checklist\"]').click()")
    assert shown.value("location.hash") == "#subject-1-checklist"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_word_stands_out_from_what_is_behind_it(shown, theme):
    shown.value(f"document.querySelector('#theme-{theme}').click()")
    paper = shown.value("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 28)"}[theme]
    assert shown.value(CONTRAST) == []


def test_the_page_follows_the_colours_of_the_system(shown):
    shown.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    assert shown.value("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 28)"
    shown.call("Emulation.setEmulatedMedia", features=[])


def test_print_shows_everything_without_the_controls(shown):
    shown.call("Emulation.setEmulatedMedia", media="print")
    hidden = "['.filters', '.theme', '.contents'].filter(s => document.querySelector(s).checkVisibility())"
    assert shown.value(hidden) == []
    assert shown.value(
        "[...document.querySelectorAll('details.rule')].every(e => e.getBoundingClientRect().height > 100)"
    )
    shown.call("Emulation.setEmulatedMedia", media="")
    paper = base64.b64decode(shown.call("Page.printToPDF")["data"])
    assert paper.startswith(b"%PDF-")
    assert len(paper) > 20_000


@pytest.mark.parametrize("width", [320, 700, 1280])
def test_nothing_is_wider_than_the_screen(browser, runs, evil_options, tmp_path, width):
    for run in runs.values():
        for page in (render_html(run, evil_options), render_audit(run, "html", evil_options)):
            shown = show(browser, page, tmp_path, width)
            assert shown.value("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_audit_stands_out_loads_nothing_and_prints(browser, runs, options, tmp_path, theme):
    shown = show(browser, render_audit(runs["full"], "html", options), tmp_path)
    assert len([event for event in shown.events if event.get("method") == "Network.requestWillBeSent"]) == 1
    assert [event for event in shown.events if event.get("method") == "Log.entryAdded"] == []
    shown.value(f"document.querySelector('#theme-{theme}').click()")
    assert shown.value(CONTRAST) == []
    assert base64.b64decode(shown.call("Page.printToPDF")["data"]).startswith(b"%PDF-")


def test_every_control_has_a_name_and_can_be_reached_by_keyboard(shown):
    unnamed = "[...document.querySelectorAll('input, button, summary, a')].filter(e => !(e.labels?.length || e.textContent.trim()))"
    assert shown.value(f"{unnamed}.length") == 0
    scrolling = "[...document.querySelectorAll('main *')].filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'auto' && e.tabIndex < 0)"
    assert shown.value(f"{scrolling}.length") == 0


def test_hostile_text_runs_nothing_and_asks_for_nothing(browser, runs, evil_options, tmp_path):
    shown = show(browser, render_html(runs["hostile"], evil_options), tmp_path)
    assert shown.value("document.title") == "reviewer: incomplete"
    assert shown.value("document.querySelectorAll('b, script, img').length") == 0
    assert len([event for event in shown.events if event.get("method") == "Network.requestWillBeSent"]) == 1
