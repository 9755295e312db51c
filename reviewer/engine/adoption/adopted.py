"""What adoption makes of the results of a run, and whether there is any to be thought of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.engine.adoption.wishes import Adoption
from reviewer.engine.signoff.place import signoff_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.engine.job import Job
    from reviewer.engine.plan import Plan
    from reviewer.engine.results import Reviewed


class Adopted(Struct, frozen=True):
    """The results as the gate sees them, and what the gate says besides."""

    reviewed: tuple[Reviewed, ...]
    unmet: tuple[str, ...] = ()
    """Demands that are not met: each fails the gate."""
    remarks: tuple[str, ...] = ()
    """What explains the verdict: findings that are known, waived or on unchanged lines."""
    note: str = ""
    """What was written, for a person."""


def is_plain(plan: Plan, jobs: Sequence[Job]) -> bool:
    """Tell whether nothing but the paths and their configuration can change what the gate says."""
    wished = plan.adoption != Adoption() or plan.request.baseline
    configured = any("baseline" in file.text for job in jobs for file in job.configurations)
    return not wished and not configured and not any(signoff_of(plan, job).is_file() for job in jobs)


def signoff_of(plan: Plan, job: Job) -> Path:
    """Return the sign-off file for a path: the one that a person named, or the nearest."""
    return Path(plan.adoption.signoff) if plan.adoption.signoff else signoff_file(Path(job.path))
