"""One finding as a page: what, where, why, how to mend it, and what the rule says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.tui.look import SEVERITY_SIGN, severity_style
from reviewer.tui.review.excerpt import write_excerpt
from reviewer.tui.widgets.writing import write_code, write_diff, write_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.core.rule import Example, Rule
    from reviewer.tui.review.index import Entry
    from reviewer.tui.review.result import Result
    from reviewer.tui.widgets.sheet import Layout

_MOST_RELATED: Final = 10
_WHY: Final = "Why it matters"
_NOT: Final = "When not to apply"


def write_finding(layout: Layout, entry: Entry, result: Result) -> None:
    """Write everything that is known of a finding."""
    finding = entry.finding
    style = severity_style(finding.severity)
    layout.line(
        (f"{SEVERITY_SIGN[finding.severity]} {finding.severity.value}", style),
        (f"  {finding.confidence.value} · {finding.expert} · ", "$faint"),
        (finding.rule, "bold"),
        (f" {finding.name}", "$faint"),
    )
    layout.blank()
    layout.prose(finding.message, "bold")
    _write_suppression(layout, entry)
    layout.blank()
    place = finding.location
    layout.line((f"{place.path}:{place.line}:{place.column}", "$text-primary"))
    lines = result.outcome.sources(entry.subject, place.path)
    if lines is not None:
        write_excerpt(layout, lines, place, style)
    _write_related(layout, entry, result)
    page = result.page(finding.rule)
    _write_fix(layout, entry, result)
    if page is not None:
        write_teaching(layout, page)
    write_references(layout, finding.references)


def write_teaching(layout: Layout, page: Rule) -> None:
    """Write what a rule says of each of its findings: why it matters, bad and good, and when not to heed it."""
    if page.sections.get(_WHY):
        layout.heading(_WHY)
        write_markdown(layout, page.sections[_WHY])
    _write_examples(layout, page)
    if page.sections.get(_NOT):
        layout.heading(_NOT)
        write_markdown(layout, page.sections[_NOT])


def write_references(layout: Layout, references: Iterable[str]) -> None:
    """Write what a finding or a rule refers to, if anything."""
    known = tuple(references)
    if known:
        layout.heading("References")
    for reference in known:
        layout.item("·", reference)


def _write_suppression(layout: Layout, entry: Entry) -> None:
    known = entry.finding.suppressed
    if known is not None:
        where = f"{known.path}:{known.line}" if known.path else "the baseline"
        layout.prose(f"accepted: {known.reason} ({known.kind}, {where})", "$text-success", first=("✓ ",))


def _write_related(layout: Layout, entry: Entry, result: Result) -> None:
    related = entry.finding.related
    for one in related[:_MOST_RELATED]:
        place = one.location
        layout.blank()
        layout.prose(one.message, first=((f"{place.path}:{place.line} ", "$text-primary"),))
        lines = result.outcome.sources(entry.subject, place.path)
        if lines is not None:
            write_excerpt(layout, lines, place, "$text-primary", around=1)
    if len(related) > _MOST_RELATED:
        layout.line((f"{len(related) - _MOST_RELATED} more places", "$faint"))


def _write_fix(layout: Layout, entry: Entry, result: Result) -> None:
    layout.heading("How to mend it")
    layout.prose(entry.finding.fix.text)
    found = result.fixes(entry)
    for fix in found:
        layout.blank()
        write_diff(layout, fix.diff())
    if found:
        layout.line(("x", "bold $text-accent"), (" applies this edit, ", "$faint"), ("u", "bold $text-accent"),
                    (" takes it back", "$faint"))  # fmt: skip


def _write_examples(layout: Layout, page: Rule) -> None:
    """Write the first bad and the first good example that speak the same language, if there are such."""
    bad = next((one for one in page.examples if not one.good), None)
    if bad is None:
        return
    good = next((one for one in page.examples if one.good and one.language == bad.language), None)
    for title, first in (("Bad", bad), ("Good", good)):
        if first is None:
            continue
        layout.heading(title)
        for one in _whole_case(page, first):
            write_code(layout, one.text, one.language, caption=one.path)


def _whole_case(page: Rule, first: Example) -> list[Example]:
    return [one for one in page.examples if one.good == first.good and one.case == first.case]
