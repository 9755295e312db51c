"""What stands below the findings: checklist, permissions, coverage, problems, and the verdict."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reviewer.core.checklist import Status
from reviewer.report.colour import BY_SEVERITY, Style
from reviewer.report.escape.terminal import shorten
from reviewer.report.verdict import (
    GRAVEST_FIRST,
    counted,
    open_findings,
    reasons,
    suppressed_findings,
    tally,
)

if TYPE_CHECKING:
    from reviewer.core.review import Maturity, Review, ReviewRun
    from reviewer.core.scale import Severity
    from reviewer.report.page import Page, Piece

_LABEL = 13
"""Columns of the label that starts a line of the summary."""
_LISTED = 20
_HIGHEST = 3
"""The highest level of maturity."""
"""Entries of a list that are written out; the rest is counted."""
_VERDICT = {"pass": Style.GOOD, "fail": Style.HIGH}


def write_subject_summary(page: Page, review: Review) -> None:
    """Write what was looked at in one subject, and with what outcome."""
    _write_entry(page, "findings", _findings(review))
    if review.checklist:
        _write_entry(page, "checklist", _checklist(review))
    if permissions := _permissions(review):
        _write_entry(page, "permissions", permissions)
    if review.maturity is not None:
        _write_entry(page, "maturity", _maturity(review.maturity))
    write_coverage(page, review)
    for problem in review.errors[:_LISTED]:
        where = f" ({shorten(problem.path)})" if problem.path else ""
        source = f"{problem.rule}: " if problem.rule else ""
        _write_entry(page, "error", f"{source}{shorten(problem.message)}{where}", Style.HIGH)
    if len(review.errors) > _LISTED:
        _write_entry(page, "", f"{len(review.errors) - _LISTED} more errors")
    for ignored in review.ignored[:_LISTED]:
        _write_entry(page, "not honoured", shorten(ignored))


def _write_entry(page: Page, label: str, text: str, style: Style = Style.FAINT) -> None:
    page.wrapped(text, first=((f"{label:<{_LABEL}}", style),), rest=(" " * _LABEL,))


def _findings(review: Review) -> str:
    """Count the findings of a subject, and those that are known and accepted."""
    found = open_findings([review])
    parts = [_counts(tally(found))] if found else ["none"]
    suppressed = suppressed_findings([review])
    if suppressed:
        kinds = Counter(finding.suppressed.kind for finding in suppressed if finding.suppressed)
        by_kind = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        parts.append(f"{len(suppressed)} suppressed ({by_kind})")
    if review.unshown:
        parts.append(f"{review.unshown} more that {'is' if review.unshown == 1 else 'are'} only possible (--auditor)")
    return "; ".join(parts)


def _counts(counts: dict[Severity, int]) -> str:
    return ", ".join(f"{count} {severity}" for severity, count in counts.items())


def _checklist(review: Review) -> str:
    counts = Counter(answer.status for answer in review.checklist)
    return ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])


def _permissions(review: Review) -> str:
    """Describe the permissions; empty where there are none."""
    permissions = review.permissions
    if not (permissions.declared or permissions.used):
        return ""
    parts = [f"{len(permissions.declared)} declared, {len(permissions.used)} used"]
    if permissions.undeclared:
        parts.append(f"used without being declared: {_list(permissions.undeclared)}")
    if permissions.unused:
        parts.append(f"declared and not used: {_list(permissions.unused)}")
    parts.append(f"risk {permissions.score} of 100")
    return "; ".join(parts)


def _maturity(maturity: Maturity) -> str:
    """Say which level a host has reached, and what is missing for the next."""
    text = f"{maturity.level} of {_HIGHEST} ({maturity.title})"
    missing = "; ".join(f"{one.title} ({shorten(one.missing)})" for one in maturity.next)
    return f"{text}; for {maturity.level + 1}: {missing}" if missing else text


def _list(names: tuple[str, ...]) -> str:
    shown = ", ".join(shorten(name, 80) for name in names[:_LISTED])
    left = len(names) - _LISTED
    return f"{shown} and {left} more" if left > 0 else shown


def write_coverage(page: Page, review: Review) -> None:
    """Write how many files were analysed, and name those whose absence matters."""
    coverage = review.coverage
    missing = [file for file in coverage.skipped if file.matters]
    others = len(coverage.skipped) - len(missing)
    text = f"{coverage.analysed} of {counted(coverage.files, 'file')} analysed"
    if others:
        text += f", {others} skipped that need no analysis"
    if missing:
        text += f"; {len(missing)} could not be analysed and should have been:"
    _write_entry(page, "coverage", text, Style.HIGH if missing else Style.FAINT)
    for file in missing[:_LISTED]:
        lead: tuple[Piece, ...] = (" " * _LABEL, ("! ", Style.HIGH))
        page.wrapped(f"{shorten(file.path)}: {shorten(file.reason)}", first=lead, rest=(" " * (_LABEL + 2),))
    if len(missing) > _LISTED:
        _write_entry(page, "", f"{len(missing) - _LISTED} more")


def write_run_summary(page: Page, run: ReviewRun) -> None:
    """Write the totals, where to read on, and last the verdict with its reasons."""
    page.blank()
    page.line((page.glyphs.rule * page.width, Style.FRAME))
    found = open_findings(run.reviews)
    _write_totals(page, run, tally(found))
    if found:
        gravest = next(finding.rule for severity in GRAVEST_FIRST for finding in found if finding.severity is severity)
        page.line(("why: ", Style.FAINT), f"reviewer explain {gravest}")
    result = run.gate.result
    verdict = (f"{result.upper()}: ", _VERDICT.get(result, Style.MEDIUM))
    page.wrapped("; ".join(shorten(reason) for reason in reasons(run)), first=(verdict,))


def _write_totals(page: Page, run: ReviewRun, counts: dict[Severity, int]) -> None:
    """Write how many findings of which severity there are, in colour where it fits into one line."""
    subjects = counted(len(run.reviews), "subject")
    pieces: list[Piece] = [f"{counted(sum(counts.values()), 'finding')} in {subjects}"]
    for number, (severity, count) in enumerate(counts.items()):
        pieces += [", " if number else ": ", f"{count} ", (severity, BY_SEVERITY[severity])]
    if suppressed := len(suppressed_findings(run.reviews)):
        pieces.append(f"; {suppressed} suppressed")
    text = "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces)
    if len(text) <= page.width:
        page.line(*pieces)
    else:
        page.wrapped(text)
