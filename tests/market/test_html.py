"""The page of a market: whole, bounded, from each number down to the source, and no stranger's markup."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from market_rows import finding, subject, write_run
from page_reading import Reading

from reviewer.commands.rules import library_here
from reviewer.market.reading import MarketReader
from reviewer.market.records import FAILED, Entry, Outcome
from reviewer.market.report.gathering import gather
from reviewer.market.report.html import market_html
from reviewer.market.writing import MarketWriter

EVIL = "\"><script>alert(1)</script><b>'&{{7*7}}\x1b[31m\N{RIGHT-TO-LEFT OVERRIDE}"


@cache
def library():
    return library_here("")


def rule_page(identity: str):
    rule = library().rules.get(identity)
    return None if rule is None else library().page(rule)


def page(store: Path, run: int = 0) -> str:
    with MarketReader(store) as reader:
        return market_html(gather(reader, reader.run(run)), rule_page)


@pytest.fixture
def store(tmp_path):
    return tmp_path / "market.db"


def small(store: Path) -> str:
    """The page of a market with something in every part."""
    shell = finding("SEC041", "a shell gets what a stranger wrote", severity="critical", column=3, end_column=6)
    library = {"path": "vendor/parse.js", "severity": "high"}
    write_run(
        store,
        [
            subject("gauge", score=95, findings=(shell, finding("LIF003", "b", severity="medium")), may=[("process.exec", "used")],
                    needs=[("tides", "^9.0.0"), ("nowhere", "")]),
            subject("harbour-tools", findings=(finding("SEC014", **library),), files_with=[("vendor/parse.js", "aa")]),
            subject("harbour-t0ols", findings=(finding("SEC014", **library),), files_with=[("vendor/parse.js", "aa")]),
            subject("tides", ecosystem="vscode", complete=False),
        ],
    )  # fmt: skip
    return page(store)


def test_every_number_leads_down_to_findings_and_their_source(store):
    text = small(store)
    reading = Reading(text)
    assert reading.faults == []
    places = [attributes["id"] for _, attributes in reading.elements if "id" in attributes]
    assert len(places) == len(set(places))
    for attributes in reading.all("a"):
        address = attributes["href"]
        assert address[1:] in places if address.startswith("#") else address.startswith("https://")
    for anchor in (
        "severity-critical",
        "rule-SEC041",
        "ecosystem-1",
        "score-1",
        "alike",
        "shared",
        "unmet",
        "permissions",
    ):
        assert anchor in places
    assert "4 findings in 4 entries" in text
    assert '<span class="number">3</span><span class="text">if<mark> (o</mark>k) {</span>' in text
    assert "gauge 1.0.0 · src/main.js:3:3" in text
    assert "harbour-t0ols, harbour-tools" in text
    assert "the review of 1 subject is not complete" in text


def test_the_page_loads_and_runs_nothing(store):
    reading = Reading(small(store))
    assert not reading.all("script", "link", "img", "iframe", "object", "embed", "base")
    names = {name for _, attributes in reading.elements for name in attributes}
    assert not {name for name in names if name.startswith("on") or name in ("style", "src")}


def test_nothing_of_a_stranger_is_markup_wherever_it_stands(store):
    evil = finding("SEC041", EVIL, path=f"src/{EVIL}.js", excerpt=EVIL, name="shell")
    write_run(
        store,
        [
            subject(f"{EVIL}one", version=EVIL, path=EVIL, findings=(evil,), may=[(EVIL, "used")], needs=[(EVIL, EVIL)],
                    files_with=[(evil.path, "aa")]),
            subject(f"{EVIL}0ne", version=EVIL, findings=(evil,), files_with=[(evil.path, "aa")]),
        ],
    )  # fmt: skip
    with MarketWriter(store) as writer:
        last = writer.begin([Entry(EVIL, EVIL, EVIL, EVIL)], EVIL, {}, [EVIL])
        writer.keep(last, 1, "", Outcome(FAILED, error=EVIL))
    for run in (1, last):
        text = page(store, run)
        reading = Reading(text)
        assert reading.faults == []
        assert not reading.all("script", "b")
        assert "\x1b" not in text
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text
        assert "{{7*7}}" in text
        assert "&lt;script&gt;" in text


def test_a_place_in_a_cut_line_is_shown_without_a_mark_that_would_be_wrong(store):
    cut = finding("SEC041", line=1, end_line=1, column=90_000, end_column=90_004, excerpt="…x=1;run(name);y=2")
    write_run(store, [subject("gauge", findings=(cut,))])
    text = page(store)
    assert "…x=1;run(name);y=2" in text
    assert "<mark>" not in text


def test_the_size_is_bounded_and_what_is_left_out_is_said(store):
    many = tuple(finding("SEC041", f"shell {n}", line=n, end_line=n) for n in range(1, 301))
    write_run(
        store,
        [
            subject(f"plugin-{n:04d}-{'abcdefghij'[n % 10]}", findings=many[: 3 + n % 5], score=n % 90)
            for n in range(400)
        ],
    )
    text = page(store)
    assert len(text) < 600_000
    total = sum(3 + n % 5 for n in range(400))
    assert f"{total} findings in 400 entries" in text
    assert f"{total - 6} more of this rule not shown." in text
    assert text.count('class="finding ') == 6
    assert len(set(re.findall('<p class="place"><code>(plugin-[^ ]+) ', text))) == 6, "from six entries"
    assert "375 more with lower scores or milder findings not shown." in text


def test_a_run_without_findings_or_under_way_says_so(store):
    write_run(store, [subject("gauge")])
    assert "0 findings in 1 entry" in page(store)
    with MarketWriter(store) as writer:
        writer.begin([Entry("m", "a", "/a"), Entry("m", "b", "/b")], "r", {}, ["m"])
    text = page(store)
    assert ", not finished" in text
    assert "2 entries not reviewed yet" in text


def test_the_same_store_gives_the_same_bytes(store):
    assert small(store) == page(store)
