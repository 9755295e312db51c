"""Puts what people know, accept and demand over the results of a run, for the gate to judge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.core.errors import UsageError
from reviewer.engine.adoption.adopted import Adopted, signoff_of
from reviewer.engine.adoption.baseline import entries_of, match
from reviewer.engine.adoption.baseline_file import Baseline, read_baseline, write_baseline
from reviewer.engine.adoption.demands import unmet
from reviewer.engine.adoption.signing import signed
from reviewer.engine.adoption.unchanged import unchanged
from reviewer.engine.signoff.place import home_of, is_inside, signoff_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.engine.job import Job
    from reviewer.engine.plan import Plan
    from reviewer.engine.results import Reviewed

_MOST_NAMED: Final = 5
_BASELINE: Final = "baseline.json"


def adopt(plan: Plan, results: Sequence[tuple[Job, Reviewed]]) -> Adopted:
    """Return the results with known, waived and unchanged findings marked.

    Raises `UsageError` for a baseline, a sign-off file or a revision that is wrong, and
    `UnreadableError` where the history can't be read.
    """
    remarks: list[str] = []
    jobs = [job for job, _ in results]
    reviewed: list[Reviewed] = []
    contradictions: list[str] = []
    for job, one in results:
        file = signoff_of(plan, job)
        under, said = signed(one, file, job) if file.is_file() else (one, [])
        reviewed.append(under)
        contradictions += said
    waived = _count(reviewed, "waiver")
    if waived:
        remarks.append(f"{_findings(waived)} waived in the sign-off")
    reviewed, said, note = _known(plan, jobs, reviewed)
    remarks += said
    if plan.adoption.since:
        reviewed = unchanged(plan, jobs, reviewed)
        if old := _count(reviewed, "unchanged"):
            remarks.append(f"{_findings(old)} on lines unchanged since {plan.adoption.since}")
    return Adopted(tuple(reviewed), (*contradictions, *unmet(reviewed)), tuple(remarks), note)


def _known(plan: Plan, jobs: Sequence[Job], reviewed: list[Reviewed]) -> tuple[list[Reviewed], list[str], str]:
    """Mark what the baselines know; return remarks about them, and what was written to them."""
    remarks: list[str] = []
    notes: list[str] = []
    changing = plan.adoption.write or plan.adoption.prune
    if changing:
        reviewed = [_with_baseline(job, one) for job, one in zip(jobs, reviewed, strict=True)]
    trusted = [_without_own_baseline(job, one) for job, one in zip(jobs, reviewed, strict=True)]
    if changing and trusted != reviewed:
        raise UsageError("nothing is written into a subject that nobody trusts; name a baseline outside of it")
    reviewed = trusted
    for name in sorted({one.demands.baseline for one in reviewed} - {""}):
        file = Path(name)
        mine = [number for number, one in enumerate(reviewed) if one.demands.baseline == name]
        results = [reviewed[number] for number in mine]
        if plan.adoption.write:
            entries = entries_of(home_of(file), results)
            write_baseline(file, entries)
            notes.append(f"wrote {_findings(entries.total())} to {file}")
        baseline = read_baseline(file)
        matched = match(baseline, results)
        if matched.known:
            remarks.append(f"{_findings(matched.known)} known from {file.name}")
        if matched.stale and plan.adoption.prune:
            write_baseline(file, baseline.entries - matched.stale)
            notes.append(f"took {matched.stale.total()} out of {file} that nothing is found for any more")
        elif matched.stale:
            remarks.append(_stale(baseline, [f"{known.rule} {known.path}" for known in sorted(matched.stale)]))
        for number, one in zip(mine, matched.reviewed, strict=True):
            reviewed[number] = one
    return reviewed, remarks, "; ".join(notes)


def _with_baseline(job: Job, one: Reviewed) -> Reviewed:
    """Name a baseline where nobody did: beside the sign-off."""
    if one.demands.baseline:
        return one
    file = signoff_file(Path(job.path)).with_name(_BASELINE)
    return replace(one, demands=replace(one.demands, baseline=str(file)))


def _without_own_baseline(job: Job, one: Reviewed) -> Reviewed:
    """Leave out a baseline that lies inside a subject which nobody trusts, and say so."""
    name = one.demands.baseline
    if not name or not job.request.untrusted or not is_inside(Path(name), Path(job.path)):
        return one
    ignored = (*one.review.ignored, f"{Path(name).name}: a baseline inside the subject")
    review = replace(one.review, ignored=ignored)
    return replace(one, review=review, demands=replace(one.demands, baseline=""))


def _stale(baseline: Baseline, named: list[str]) -> str:
    """Name entries that nothing is found for any more."""
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    plural = "entries find" if len(named) > 1 else "entry finds"
    listed = ", ".join(named[:_MOST_NAMED])
    return f"{len(named)} {plural} nothing any more in {baseline.file.name} ({listed}{more}); --prune-baseline"


def _count(reviewed: Sequence[Reviewed], kind: str) -> int:
    findings = [finding for one in reviewed for finding in one.review.findings]
    return sum(finding.suppressed is not None and finding.suppressed.kind == kind for finding in findings)


def _findings(count: int) -> str:
    return f"{count} finding{'' if count == 1 else 's'}"
