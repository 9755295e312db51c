"""The tabs that are only read: permissions, coverage, summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.report.verdict import counted, open_findings, reasons, suppressed_findings, tally
from reviewer.tui.look import GATE, INCOMPLETE, SEVERITY_SIGN, meter, severity_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.core.review import Maturity, PermissionPlace, Review
    from reviewer.tui.review.result import Result
    from reviewer.tui.widgets.sheet import Layout

_COMBINATION: Final = "dangerous-combination"
"""In the names of the rules about permissions that are dangerous together."""
_METER: Final = 24
_MOST: Final = 400
_LEVELS: Final = ("basic", "production", "enterprise")


def write_permissions(layout: Layout, result: Result) -> None:
    """Write what each subject asks for and what it uses."""
    for review in result.reviews:
        _title(layout, review, result)
        known = review.permissions
        if not (known.declared or known.used):
            layout.prose("No permission is declared, and no use of one was seen.", "$faint")
            continue
        filled, empty = meter(known.score, 100, _METER)
        style = "$text-error" if known.score >= 70 else "$text-warning" if known.score >= 40 else "$text-success"
        layout.line(("risk ", "$faint"), (filled, style), (empty, "$faint"), (f"  {known.score} of 100", "bold"))
        layout.blank()
        room = max([len(name) for name in {*known.declared, *known.used}] + [12]) + 2
        layout.line((f"{'permission':<{room}}{'declared':<10}{'used':<10}", "$faint"))
        for name in sorted({*known.declared, *known.used}):
            _permission(layout, review, name, room)
        _combinations(layout, review)
        _places(layout, known.places)


def _permission(layout: Layout, review: Review, name: str, room: int) -> None:
    known = review.permissions
    said = ""
    if name in known.undeclared:
        said = "used without being declared"
    elif name in known.unused:
        said = "declared and never used"
    style = "$text-error" if name in known.undeclared else "$text-warning" if said else ""
    declared, used = ("✓" if name in names else "·" for names in (known.declared, known.used))
    layout.line((f"{name:<{room}}", style), f"{declared:<10}{used:<10}", (said, style))


def _combinations(layout: Layout, review: Review) -> None:
    found = [finding for finding in review.findings if _COMBINATION in finding.name]
    if found:
        layout.heading("Dangerous together")
    for finding in found:
        sign = (f"{SEVERITY_SIGN[finding.severity]} ", severity_style(finding.severity))
        layout.prose(finding.message, first=(sign,))


def _places(layout: Layout, places: Sequence[PermissionPlace]) -> None:
    if places:
        layout.heading("Where")
    for place in places[:_MOST]:
        at = f"{place.location.path}:{place.location.line}"
        kind = "asked for" if place.declared else "used" if place.sure else "maybe used"
        layout.line((f"{kind:<11}", "$faint"), (f"{place.permission:<22} ", ""), (f"{at}  ", "$text-primary"),
                    (place.spelled, "$faint"))  # fmt: skip


def write_coverage(layout: Layout, result: Result) -> None:
    """Write what was looked at, and what was not and why."""
    for review in result.reviews:
        _title(layout, review, result)
        covered = review.coverage
        filled, empty = meter(covered.analysed, covered.files, _METER)
        layout.line(
            (filled, "$text-success"),
            (empty, "$faint"),
            (f"  {covered.analysed} of {counted(covered.files, 'file')} analysed", "bold"),
        )
        missed = [one for one in covered.skipped if one.matters]
        others = [one for one in covered.skipped if not one.matters]
        if missed:
            layout.heading("Should have been looked at")
            for one in missed[:_MOST]:
                layout.prose(f"{one.path}: {one.reason}", first=(("✗ ", "$text-error"),))
        if others:
            layout.heading("Needs no analysis")
            for one in others[:_MOST]:
                layout.prose(one.reason, "$faint", first=(f"- {one.path}  ",))
        for problem in review.errors[:_MOST]:
            where = f" ({problem.path})" if problem.path else ""
            layout.prose(f"{problem.rule}: {problem.message}{where}", first=(("✗ ", "$text-error"),))


def write_summary(layout: Layout, result: Result) -> None:
    """Write the verdict, and what it rests on."""
    said, style = GATE.get(result.run.gate.result, INCOMPLETE)
    layout.line(("The gate ", "bold"), (said, f"{style} bold"))
    for reason in reasons(result.run):
        layout.item("·", reason)
    for review in result.reviews:
        _title(layout, review, result)
        subject = review.subject
        layout.fact("subject", f"{subject.path} · {subject.kind} · {subject.ecosystem}")
        if subject.id or subject.version:
            layout.fact("named", f"{subject.id} {subject.version}".strip())
        layout.fact("manifest", subject.manifest or "none")
        counts = tally(open_findings([review]))
        layout.fact("findings", ", ".join(f"{count} {name}" for name, count in counts.items()) or "none")
        accepted = suppressed_findings([review])
        if accepted:
            layout.fact("accepted", str(len(accepted)))
        _route(layout, review)
        if review.maturity is not None:
            _maturity(layout, review.maturity)
        for ignored in review.ignored[:_MOST]:
            layout.fact("not honoured", ignored, "$text-warning")


def _route(layout: Layout, review: Review) -> None:
    by_reason: dict[str, list[str]] = {}
    for step in review.route:
        by_reason.setdefault(step.why, []).append(step.expert)
    for why, experts in by_reason.items():
        layout.fact("experts", f"{', '.join(experts)} ({why})")


def _maturity(layout: Layout, maturity: Maturity) -> None:
    layout.heading(f"Maturity: {maturity.level} of {len(_LEVELS)} ({maturity.title})")
    for level, title in enumerate(_LEVELS, start=1):
        layout.line((f"{level} {title}", "$faint"))
        for feature in maturity.features:
            if feature.level == level:
                sign = ("✗ ", "$text-error") if feature.missing else ("✓ ", "$text-success")
                layout.prose(feature.title + (f": {feature.missing}" if feature.missing else ""), first=("  ", sign))


def _title(layout: Layout, review: Review, result: Result) -> None:
    """Name the subject where there are several."""
    if len(result.reviews) > 1:
        layout.heading(review.subject.path)
