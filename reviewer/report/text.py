"""The result as a person reads it in a terminal, one subject after the other, the verdict last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.scale import Confidence
from reviewer.report.colour import BY_SEVERITY, UNDER_SPAN, Style
from reviewer.report.escape.terminal import shorten
from reviewer.report.excerpt import Excerpts
from reviewer.report.page import Page
from reviewer.report.text_summary import write_run_summary, write_subject_summary
from reviewer.report.verdict import open_findings
from reviewer.report.width import columns

if TYPE_CHECKING:
    from reviewer.core.finding import Finding
    from reviewer.core.location import Location
    from reviewer.core.review import Review, ReviewRun
    from reviewer.report.options import RenderOptions

_SHOWN_RELATED = 10
_SHOWN_EDITS = 3
_HEADER_FIELD = 120
"""Characters of a name in the header of a subject."""


def render_text(run: ReviewRun, options: RenderOptions) -> str:
    """Return the whole result as text; the same result and options give the same bytes."""
    page = Page(options)
    for review in run.reviews:
        _write_review(page, review)
    write_run_summary(page, run)
    return page.text()


def _write_review(page: Page, review: Review) -> None:
    """Write one subject: what it is, its findings, and what was looked at."""
    _write_header(page, review)
    findings = open_findings([review])
    excerpts = Excerpts(page, review.subject.path, gutter_of(findings))
    for finding in findings:
        page.blank()
        write_finding(page, excerpts, finding)
    page.blank()
    write_subject_summary(page, review)
    page.blank()


def gutter_of(findings: list[Finding]) -> int:
    """Return the digits of the largest line number, so that all frames of a subject stand in line."""
    places = [place for finding in findings for place in _places(finding)]
    return max([3, *(len(str(max(place.line, place.end_line))) for place in places)])


def _places(finding: Finding) -> list[Location]:
    return [finding.location, *(related.location for related in finding.related)]


def _write_header(page: Page, review: Review) -> None:
    subject = review.subject
    glyphs = page.glyphs
    name = page.safe(shorten(subject.path or "."))
    room = max(page.width - columns(name) - 4, 2)
    page.blank()
    page.line((glyphs.rule * 2, Style.FRAME), " ", (name, Style.STRONG), " ", (glyphs.rule * room, Style.FRAME))
    named = " ".join(word for word in (subject.id, subject.version) if word)
    facts = [subject.kind, subject.ecosystem, named, subject.manifest or "no manifest"]
    page.wrapped(f" {glyphs.dot} ".join(shorten(fact, _HEADER_FIELD) for fact in facts if fact))
    if review.route:
        page.wrapped(_route(review), first=(("experts: ", Style.FAINT),), rest=("  ",))


def _route(review: Review) -> str:
    """Name the experts of the route, those with the same reason together."""
    by_reason: dict[str, list[str]] = {}
    for step in review.route:
        by_reason.setdefault(shorten(step.why), []).append(step.expert)
    everyone = 7
    parts = []
    for why, experts in by_reason.items():
        names = "all seven" if len(experts) == everyone else ", ".join(experts)
        parts.append(f"{names} ({why})" if why else names)
    return "; ".join(parts)


def write_finding(page: Page, excerpts: Excerpts, finding: Finding) -> None:
    """Write one finding as a frame: place, source, related places, fix."""
    glyphs = page.glyphs
    style = BY_SEVERITY[finding.severity]
    doubt = "" if finding.confidence is Confidence.CERTAIN else f" ({finding.confidence})"
    page.line((finding.severity, style), " ", (f"{finding.rule} {finding.name}", Style.STRONG), doubt)
    page.wrapped(shorten(finding.message), first=("  ",), rest=("  ",))
    page.line(excerpts.margin(glyphs.place), (_at(finding.location), Style.STRONG))
    excerpts.show(finding.location, "^", UNDER_SPAN[finding.severity])
    for related in finding.related[:_SHOWN_RELATED]:
        _write_related(page, excerpts, related.location, related.message)
    if len(finding.related) > _SHOWN_RELATED:
        left = len(finding.related) - _SHOWN_RELATED
        page.line(excerpts.margin(glyphs.other), f"{left} more places")
    if finding.fix.text:
        _write_fix(page, excerpts, finding)


def _write_related(page: Page, excerpts: Excerpts, place: Location, message: str) -> None:
    margin = excerpts.margin(page.glyphs.other)
    beside = columns(page.safe(f"{_at(place)}: {message}")) + excerpts.gutter + 4 <= page.prose_width
    if beside or not message:
        page.line(margin, (_at(place), Style.STRONG), f": {message}" if message else "")
    else:
        bar = excerpts.margin(page.glyphs.bar + " ")
        page.line(margin, (_at(place), Style.STRONG))
        page.wrapped(shorten(message), first=(bar,), rest=(bar,))
    excerpts.show(place, "-", Style.FRAME)


def _write_fix(page: Page, excerpts: Excerpts, finding: Finding) -> None:
    page.wrapped(
        shorten(finding.fix.text),
        first=(excerpts.margin(page.glyphs.close), ("fix: ", Style.GOOD)),
    )
    for edit in finding.fix.edits[:_SHOWN_EDITS]:
        excerpts.preview(edit)


def _at(place: Location) -> str:
    return f"{shorten(place.path)}:{place.line}:{place.column}"
