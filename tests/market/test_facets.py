"""A run in numbers, and page by page: what is counted is what can be listed."""

from __future__ import annotations

import pytest
from market_rows import finding, subject, write_run

from reviewer.market.facets import ECOSYSTEM, RULE, SCORE, SEVERITY, overview
from reviewer.market.listing import BEFORE_ALL, SUBJECT, findings, subjects
from reviewer.market.reading import MarketReader
from reviewer.market.records import EMPTY, FAILED, WAITING, Entry, Outcome
from reviewer.market.writing import MarketWriter


@pytest.fixture
def reader(tmp_path):
    """A store with a market of three kinds of plugins."""
    store = tmp_path / "market.db"
    shell = finding("SEC041", "shell", severity="critical")
    write_run(store, [subject("earlier", findings=(shell,))], rules="older")
    write_run(
        store,
        [
            subject(
                "gauge",
                score=90,
                findings=(shell, finding("LIF003", severity="medium"), finding("LIF003", "b", severity="high")),
            ),
            subject("lamp", score=20, findings=(shell, finding("SEC014", suppressed="inline"))),
            subject("tides", score=0, ecosystem="vscode", complete=False, files=9, analysed=4),
            subject("tides", score=100, ecosystem="vscode", findings=(shell,)),
        ],
    )
    with MarketReader(store) as opened:
        yield opened


def test_numbers_are_of_the_run_alone_and_accepted_findings_are_not_counted(reader):
    found = overview(reader, 2)
    assert (found.entries, found.subjects, found.findings, found.incomplete) == (4, 4, 5, 1)
    assert (found.files, found.analysed, found.reused) == (15, 10, 0)
    assert [(one.key, one.findings, one.subjects) for one in found.facets[SEVERITY]] == [
        ("critical", 3, 3), ("high", 1, 1), ("medium", 1, 1), ("low", 0, 0), ("info", 0, 0),
    ]  # fmt: skip
    assert [(one.key, one.severity, one.findings, one.subjects) for one in found.facets[RULE]] == [
        ("SEC041", "critical", 3, 3), ("LIF003", "high", 2, 1),
    ]  # fmt: skip
    assert [(one.key, one.findings, one.subjects, one.out_of) for one in found.facets[ECOSYSTEM]] == [
        ("generic", 4, 2, 2), ("vscode", 1, 1, 2),
    ]  # fmt: skip
    assert {one.key: one.subjects for one in found.facets[SCORE]} == {
        "81-100": 2, "61-80": 0, "41-60": 0, "21-40": 0, "1-20": 1, "0": 1,
    }  # fmt: skip


def test_what_is_counted_can_be_listed_and_pages_join_without_a_gap(reader):
    found = overview(reader, 2)
    for by in (SEVERITY, RULE, ECOSYSTEM):
        for tally in found.facets[by]:
            listed, after = [], (0, 0, 0)
            while page := findings(reader, 2, by, tally.key, 2, after):
                listed += page
                after = page[-1].mark
            assert len(listed) == tally.findings
            assert len({one.entry for one in listed}) == tally.subjects
            assert len({one.mark for one in listed}) == len(listed)
    for by in (ECOSYSTEM, SCORE):
        for tally in found.facets[by]:
            seen, after = [], BEFORE_ALL
            while rows := subjects(reader, 2, by, tally.key, 1, after):
                seen += rows
                after = rows[-1].mark
            assert len(seen) == (tally.out_of or tally.subjects)
            assert [one.score for one in seen] == sorted((one.score for one in seen), reverse=True)


def test_a_subject_leads_to_its_own_findings(reader):
    (first, _second) = subjects(reader, 2, SCORE, "81-100", 9)
    assert (first.title, first.counts) == ("tides 1.0.0", {"critical": 1})
    assert [one.row.rule for one in findings(reader, 2, SUBJECT, "1/1", 9)] == ["SEC041", "LIF003", "LIF003"]
    (one,) = findings(reader, 2, SUBJECT, f"{first.entry}/{first.number}", 9)
    assert (one.entry_name, one.row.excerpt.split("\n")[0]) == ("tides-4", "if (ok) {")


def test_a_run_that_is_under_way_is_counted_as_far_as_it_has_come(tmp_path):
    with MarketWriter(tmp_path / "market.db") as writer:
        run = writer.begin([Entry("m", str(n), f"/{n}") for n in range(4)], "r", {}, ["m"])
        writer.keep(run, 1, "k", Outcome(FAILED, error="ended"))
        writer.keep(run, 2, "k", Outcome(EMPTY))
        with MarketReader(tmp_path / "market.db") as opened:
            found = overview(opened, run)
    assert found.states == {FAILED: 1, EMPTY: 1, WAITING: 2}
    assert (found.subjects, found.files, found.findings) == (0, 0, 0)
