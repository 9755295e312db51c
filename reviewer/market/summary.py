"""A run in one page of text, and as JSON of the schema ``reviewer/batch/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import reviewer
from reviewer.core.scale import Severity
from reviewer.market.facets import ECOSYSTEM, FACETS, RULE, SEVERITY, overview
from reviewer.market.records import DONE, EMPTY, FAILED, REFUSED, WAITING
from reviewer.market.report.text import tables_data, write_tables
from reviewer.market.verdict import verdict
from reviewer.report.colour import BY_SEVERITY, Style
from reviewer.report.escape.plain_json import dump
from reviewer.report.escape.terminal import shorten
from reviewer.report.page import Page
from reviewer.report.verdict import counted
from reviewer.report.width import clip, columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.market.facets import Overview, Tally
    from reviewer.market.reading import MarketReader
    from reviewer.market.records import Run
    from reviewer.market.report.sections import Section
    from reviewer.market.verdict import Verdict
    from reviewer.report.options import RenderOptions

SCHEMA: Final = "reviewer/batch/1"
"""The name of the schema; a change that takes something away gets a new number."""
_LABEL: Final = 13
_RULES: Final = 15
_WITHOUT: Final = 15
_LEFT: Final = "SELECT number, name, version, state, error FROM entry WHERE run = ? AND state IN (?, ?) ORDER BY number"
_VERDICT: Final = {"pass": Style.GOOD, "fail": Style.HIGH}


class Summary(NamedTuple):
    """What a person has to know of a run first."""

    run: Run
    numbers: Overview
    verdict: Verdict
    without: tuple[tuple[int, str, str, str, str], ...]
    """Number, name, version, state and reason of entries that were refused or failed; of many the first."""


def summary_of(reader: MarketReader, number: int = 0) -> Summary:
    """Summarise a run, or the last one; raises `UsageError` where there is none."""
    run = reader.run(number)
    numbers = overview(reader, run.id)
    rows = reader.ask(f"{_LEFT} LIMIT ?", run.id, REFUSED, FAILED, _WITHOUT)
    return Summary(run, numbers, verdict(run, numbers), tuple((row[0], row[1], row[2], row[3], row[4]) for row in rows))


def summary_json(summary: Summary, tables: Sequence[Section] = ()) -> str:
    """Return the summary as JSON, with ``tables`` of the whole; of entries without a result it names the first."""
    run, numbers = summary.run, summary.numbers
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": {"name": "reviewer", "version": reviewer.__version__, "rules": run.rules},
        "run": {"id": run.id, "sources": list(run.sources), "settings": run.settings, "reused": numbers.reused},
        "entries": {state: numbers.states.get(state, 0) for state in (DONE, EMPTY, REFUSED, FAILED, WAITING)},
        "subjects": numbers.subjects,
        "incomplete": numbers.incomplete,
        "coverage": {"files": numbers.files, "analysed": numbers.analysed},
        **{facet: [one._asdict() for one in numbers.facets[facet]] for facet in FACETS},
        "without_result": [
            {"entry": number, "name": shorten(name), "version": shorten(version), "state": state, "why": shorten(why)}
            for number, name, version, state, why in summary.without
        ],
        "gate": {
            "result": summary.verdict.result,
            "threshold": summary.verdict.threshold and summary.verdict.threshold.value,
            "reasons": list(summary.verdict.reasons),
        },
    }
    if tables:
        data["whole"] = tables_data(tables)
    return dump(data)


def summary_text(summary: Summary, options: RenderOptions, tables: Sequence[Section] = ()) -> str:
    """Return the summary as text, with ``tables`` of the whole."""
    page = Page(options)
    run, numbers = summary.run, summary.numbers
    states = [
        f"{count:,} {state}"
        for state in (DONE, EMPTY, REFUSED, FAILED, WAITING)
        if (count := numbers.states.get(state))
    ]
    _entry(page, "run", f"{run.id}, by rules {run.rules[:12]}")
    _entry(page, "entries", f"{numbers.entries:,}: {', '.join(states)}")
    if numbers.reused:
        _entry(page, "unchanged", f"{numbers.reused:,}, taken from an earlier run")
    _entry(page, "ecosystems", _counts(numbers.facets[ECOSYSTEM]))
    _entry(page, "coverage", f"{numbers.analysed:,} of {counted_many(numbers.files, 'file')} analysed")
    found = [f"{one.findings:,} {one.key}" for one in numbers.facets[SEVERITY] if one.findings]
    _entry(page, "findings", ", ".join(found) or "none")
    _rules(page, numbers.facets[RULE])
    _left(page, summary)
    write_tables(page, tables)
    page.blank()
    result = summary.verdict.result
    reasons = "; ".join(summary.verdict.reasons)
    page.wrapped(f"{result}: {reasons}", first=(("gate".ljust(_LABEL), _VERDICT.get(result, Style.MEDIUM)),))
    return page.text()


def counted_many(number: int, noun: str) -> str:
    """Return ``1 file`` or ``12,000 files``."""
    return counted(number, noun) if number == 1 else f"{number:,} {noun}s"


def _entry(page: Page, label: str, text: str) -> None:
    page.wrapped(text, first=((label.ljust(_LABEL), Style.FAINT),), rest=(" " * _LABEL,))


def _counts(tallies: list[Tally]) -> str:
    return ", ".join(f"{one.out_of:,} {one.key}" for one in tallies) or "none"


def _rules(page: Page, rules: list[Tally]) -> None:
    """Write the rules with the most entries."""
    if not rules:
        return
    page.blank()
    identity = max(columns(page.safe(one.key)) for one in rules[:_RULES]) + 2
    name = page.width - identity - 34
    for one in rules[:_RULES]:
        shown = clip(page.safe(one.name), name, page.glyphs.ellipsis)
        page.line(
            page.safe(one.key).ljust(identity),
            shown + " " * (name + 2 - columns(shown)),
            (one.severity.ljust(10), BY_SEVERITY[Severity(one.severity)]),
            f"{one.findings:>8,} in {one.subjects:,}",
        )
    if len(rules) > _RULES:
        page.line((f"{len(rules) - _RULES} more rules; --format json lists all", Style.FAINT))


def _left(page: Page, summary: Summary) -> None:
    """Write which entries have no result, and why."""
    if not summary.without:
        return
    page.blank()
    for _number, name, version, state, why in summary.without:
        title = f"{shorten(name)} {shorten(version)}".rstrip()
        page.wrapped(f"{title}: {shorten(why)}", first=((state.ljust(_LABEL), Style.HIGH),), rest=(" " * _LABEL,))
    states = summary.numbers.states
    more = states.get(REFUSED, 0) + states.get(FAILED, 0) - len(summary.without)
    if more:
        page.line((f"{more:,} more; --export writes all", Style.FAINT))
