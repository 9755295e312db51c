"""An audit for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.checklist import Status
from reviewer.report.audit.model import Standing
from reviewer.report.colour import BY_SEVERITY, Style
from reviewer.report.escape.terminal import shorten
from reviewer.report.excerpt import Excerpts
from reviewer.report.page import Page
from reviewer.report.permissions import permission_rows
from reviewer.report.text import gutter_of, write_finding
from reviewer.report.text_summary import write_coverage, write_run_summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.core.review import ReviewRun
    from reviewer.report.audit.model import Audit, InterfaceView, SectionView, Step
    from reviewer.report.options import RenderOptions

_STYLES: Final = {
    Standing.SHOWN: Style.HIGH,
    Standing.DOUBT: Style.MEDIUM,
    Standing.PARTLY: Style.LOW,
    Standing.QUIET: Style.GOOD,
    Standing.UNKNOWN: Style.STRONG,
    Standing.NOT_APPLICABLE: Style.FAINT,
}
_ANSWERS: Final = {
    Status.PASS: Style.GOOD,
    Status.FAIL: Style.HIGH,
    Status.WAIVED: Style.MEDIUM,
    Status.NOT_ASSESSED: Style.STRONG,
}
_EVIDENCE: Final = 3
_PLACES: Final = 5


def render_text(run: ReviewRun, audits: Sequence[Audit], options: RenderOptions) -> str:
    """Return the audits as text, the verdict last."""
    page = Page(options)
    for audit in audits:
        _write(page, audit)
    write_run_summary(page, run)
    return page.text()


def _write(page: Page, audit: Audit) -> None:
    subject = audit.review.subject
    _heading(page, f"Security audit of {shorten(subject.path or '.')}", rule=True)
    facts = (subject.kind, subject.ecosystem, subject.id, subject.version)
    page.wrapped(f" {page.glyphs.dot} ".join(shorten(fact, 120) for fact in facts if fact))
    page.blank()
    _write_risk(page, audit)
    _heading(page, "1 Findings")
    excerpts = Excerpts(page, subject.path, gutter_of([one.finding for one in audit.findings]))
    for one in audit.findings:
        page.blank()
        write_finding(page, excerpts, one.finding)
    if not audit.findings:
        page.line("nothing that bears on security")
    for one in audit.accepted:
        known = one.finding.suppressed
        reason = f"{known.kind}: {known.reason}" if known is not None else ""
        text = f"{one.finding.rule} {one.finding.name} at {one.spot}: {shorten(reason)}"
        page.wrapped(text, first=(("accepted ", Style.MEDIUM),), rest=("  ",))
    _heading(page, "2 Threat model")
    for view in audit.interfaces:
        _write_interface(page, view)
    if audit.unseen:
        page.wrapped(f"no sign was seen of: {', '.join(audit.unseen)}")
    elif not audit.interfaces:
        page.line((Standing.UNKNOWN.value, _STYLES[Standing.UNKNOWN]))
    _heading(page, "3 Permissions")
    _write_permissions(page, audit)
    for number, section in enumerate(audit.sections, 4):
        _write_section(page, number, section)
    _heading(page, f"{4 + len(audit.sections)} Hardening guide, in order of effect")
    for number, step in enumerate(audit.steps, 1):
        _write_step(page, number, step)
    if not audit.steps:
        page.line("nothing to mend was found; what was not assessed above is the next step")
    _heading(page, f"{5 + len(audit.sections)} What was looked at")
    write_coverage(page, audit.review)
    for problem in audit.review.errors:
        page.wrapped(f"{problem.rule}: {shorten(problem.message)}", first=(("error ", Style.HIGH),))
    page.blank()


def _heading(page: Page, text: str, *, rule: bool = False) -> None:
    page.blank()
    if rule:
        page.line((page.glyphs.rule * page.width, Style.FRAME))
    page.line((text, Style.STRONG))


def _write_risk(page: Page, audit: Audit) -> None:
    risk = audit.risk
    style = next((style for severity, style in BY_SEVERITY.items() if severity.value == risk.level), Style.STRONG)
    page.line("risk: ", (risk.level, style))
    page.wrapped(shorten(risk.why), first=("  ",), rest=("  ",))
    page.blank()
    page.line((f"  {'severity':<12}{'certain':>9}{'likely':>9}{'possible':>10}", Style.FAINT))
    for severity, counts in risk.counts:
        certain, likely, possible = counts
        page.line("  ", (f"{severity.value:<12}", BY_SEVERITY[severity]), f"{certain:>9}{likely:>9}{possible:>10}")
    if audit.besides:
        page.blank()
        page.wrapped(audit.besides, first=("  ",))


def _write_permissions(page: Page, audit: Audit) -> None:
    permissions = audit.review.permissions
    rows = permission_rows(permissions)
    if not rows:
        page.line("none are asked for, and none were seen in use")
        return
    if permissions.declared:
        page.wrapped(f"risk {permissions.score} of 100, from what the manifest asks for")
    else:
        page.line("nothing is asked for; the code uses")
    for row in rows:
        style = Style.HIGH if row.flag else Style.PLAIN
        page.line("  ", (shorten(row.name, 60), Style.STRONG), f"  risk {row.risk} of 10, ", (row.state, style))
        for text in (*row.declared, *row.used):
            page.wrapped(shorten(text), first=("    ",), rest=("    ",))


def _write_interface(page: Page, view: InterfaceView) -> None:
    page.line((view.interface.title, Style.STRONG), f": {view.about}")
    signs = [f"{sign.text} at {sign.location.path}:{sign.location.line}" for sign in view.interface.signs]
    page.wrapped(f"seen: {'; '.join(map(shorten, signs))}", first=("  ",), rest=("  ",))
    for threat in view.threats:
        page.line("  ", (f"{threat.standing.value:<15} ", _STYLES[threat.standing]), (threat.name, Style.STRONG))
        for text in (threat.threat, *threat.evidence):
            page.wrapped(shorten(text), first=(" " * 18,), rest=(" " * 18,))
        if threat.standing is not Standing.QUIET:
            page.wrapped(threat.control, first=(" " * 18, ("control: ", Style.GOOD)), rest=(" " * 18,))
    page.blank()


def _write_section(page: Page, number: int, section: SectionView) -> None:
    _heading(page, f"{number} {section.title}")
    page.line((section.standing.value, _STYLES[section.standing]))
    page.wrapped(section.about)
    for note in section.notes:
        page.wrapped(note, first=("  ",), rest=("  ",))
    for one in section.findings:
        lead = ("  ", (f"{one.finding.severity.value:<15}", BY_SEVERITY[one.finding.severity]), " ")
        page.wrapped(f"{one.finding.rule} {one.finding.name} at {one.spot}", first=lead, rest=(" " * 18,))
    for answer in section.answers:
        lead = ("  ", (f"{answer.status.value:<15}", _ANSWERS.get(answer.status, Style.PLAIN)), " ")
        page.wrapped(f"{answer.id} {answer.question}", first=lead, rest=(" " * 18,))
        shown = 1 if answer.status is Status.PASS else _EVIDENCE
        for text in answer.evidence[:shown]:
            page.wrapped(shorten(text), first=(" " * 18,), rest=(" " * 18,))
        if answer.status is not Status.PASS and len(answer.evidence) > shown:
            page.line(" " * 18, f"{len(answer.evidence) - shown} more")


def _write_step(page: Page, number: int, step: Step) -> None:
    page.blank()
    page.line(
        (f"step {number}: {step.rule} {step.name}", Style.STRONG), "  ", (step.severity, BY_SEVERITY[step.severity]),
        f", {step.share} % of the risk",
    )  # fmt: skip
    page.wrapped(shorten(step.fix), first=("  ",), rest=("  ",))
    places = [one.spot for one in step.found]
    more = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
    page.wrapped(f"where: {', '.join(map(shorten, places[:_PLACES]))}{more}", first=("  ",), rest=("  ",))
    if step.example is not None:
        page.line("  right, for example ", (step.example.path, Style.FAINT), ":")
        for line in step.example.text.rstrip("\n").split("\n"):
            page.line("      ", line.expandtabs(4))
