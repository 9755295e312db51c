"""What stands beside the list: a number, a subject, a finding with its source, or a row of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.scale import Severity
from reviewer.market.facets import ECOSYSTEM, RULE, SCORE, SEVERITY, Tally
from reviewer.market.listing import Found, Reviewed
from reviewer.market.report.cards import place_of, source_lines
from reviewer.report.verdict import counted
from reviewer.tui.look import SEVERITY_SIGN, severity_style
from reviewer.tui.review.detail import write_references, write_teaching
from reviewer.tui.review.excerpt import write_excerpt

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.core.rule import Rule
    from reviewer.tui.market.levels import Line, What
    from reviewer.tui.widgets.sheet import Layout

_BEHIND = {
    RULE: "Enter shows the findings, in the order of the entries.",
    SEVERITY: "Enter shows the findings, in the order of the entries.",
    ECOSYSTEM: "Enter shows the subjects, the highest scores first, then the gravest findings.",
    SCORE: "Enter shows the subjects, the highest scores first, then the gravest findings.",
}


def write(layout: Layout, what: What, view: str, page: Callable[[str], Rule | None]) -> None:
    """Write the page of a row; ``page`` looks up that of a rule."""
    if isinstance(what, Tally):
        _write_tally(layout, what, view, page)
    elif isinstance(what, Reviewed):
        _write_subject(layout, what)
    elif isinstance(what, Found):
        _write_finding(layout, what, page)
    else:
        _write_line(layout, what)


def _write_tally(layout: Layout, one: Tally, view: str, page: Callable[[str], Rule | None]) -> None:
    layout.line((one.key, "bold $text-accent"), (f" {one.name}", "bold"))
    if view == SCORE:
        layout.fact("subjects", f"{one.subjects:,}")
        layout.prose("The risk of the permissions that a subject asks for, from 0 to 100.", "$faint")
    else:
        if one.severity:
            layout.fact("gravest", one.severity, severity_style(Severity(one.severity)))
        layout.fact("findings", f"{one.findings:,}")
        layout.fact("entries", f"{one.subjects:,} with a finding")
        if one.out_of:
            layout.fact("subjects", f"{one.out_of:,} in all")
    layout.blank()
    layout.prose(_BEHIND[view], "$faint")
    rule = page(one.key) if view == RULE else None
    if rule is not None:
        layout.heading("How to mend it")
        layout.prose(rule.fix)
        write_teaching(layout, rule)


def _write_subject(layout: Layout, one: Reviewed) -> None:
    layout.line((one.title, "bold"))
    layout.line((f"{one.kind} · {one.ecosystem}", "$faint"))
    layout.blank()
    layout.fact("entry", f"{one.entry_name} {one.entry_version}".rstrip())
    if one.path:
        layout.fact("folder", one.path)
    layout.fact("score", f"{one.score} of 100")
    layout.fact("coverage", f"{one.analysed:,} of {one.files:,} files analysed")
    if not one.complete:
        layout.fact("not complete", "something that matters was not looked at", "$text-warning")
    layout.blank()
    for word, count in one.counts.items():
        severity = Severity(word)
        layout.line((f"{SEVERITY_SIGN[severity]} {counted(count, word + ' finding')}", severity_style(severity)))
    if not one.counts:
        layout.prose("Nothing was found.", "$faint")
    else:
        layout.blank()
        layout.prose("Enter shows the findings.", "$faint")


def _write_finding(layout: Layout, found: Found, page: Callable[[str], Rule | None]) -> None:
    row = found.row
    style = severity_style(Severity(row.severity))
    layout.line(
        (f"{SEVERITY_SIGN[Severity(row.severity)]} {row.severity}", style),
        (f"  {row.confidence} · {row.expert} · ", "$faint"),
        (row.rule, "bold"),
        (f" {row.name}", "$faint"),
    )
    layout.blank()
    layout.prose(row.message, "bold")
    layout.blank()
    layout.line((found.title, "bold"), (f"  {found.ecosystem}, entry {found.entry}", "$faint"))
    inside = f"{found.subject_path}/" if found.subject_path else ""
    layout.line((f"{inside}{row.path}:{row.line}:{row.column}", "$text-primary"))
    if row.excerpt:
        write_excerpt(layout, source_lines(row), place_of(row), style, around=0)
    rule = page(row.rule)
    if rule is not None:
        layout.heading("How to mend it")
        layout.prose(rule.fix)
        write_teaching(layout, rule)
        write_references(layout, rule.references)


def _write_line(layout: Layout, line: Line) -> None:
    section = line.section
    layout.line((section.title, "bold $text-accent"))
    layout.prose(section.about, "$faint")
    layout.blank()
    for label, text in zip(section.columns, line.cells, strict=True):
        if text:
            layout.line((label, "$faint"))
            layout.prose(text, first=("  ",))
    if section.left_out:
        layout.blank()
        layout.prose(f"{section.left_out:,} more rows of this table are not shown.", "$faint")
