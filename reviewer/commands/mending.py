"""``--fix`` and ``--diff``: the edits of a review applied, or shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer.commands.command import Reply
from reviewer.core.errors import ExitCode, UsageError
from reviewer.engine.fixing import fixes, write
from reviewer.engine.session import review

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.engine.job import Job
    from reviewer.engine.plan import Plan
    from reviewer.engine.session import Outcome

_ROUNDS: Final = 5
"""Reviews after which edits that wait for one another are given up."""


def refuse_what_cannot_change(jobs: Sequence[Job], purpose: str) -> None:
    """Raise `UsageError` for an archive, and for a subject that nobody trusts."""
    for job in jobs:
        if job.request.untrusted:
            raise UsageError(f"--{purpose} and --untrusted exclude each other: what nobody trusts nobody mends")
        if purpose == "fix" and Path(job.path).is_file() and not _is_source(job.path):
            raise UsageError(f"--fix: {job.name} is an archive, and archives are only read; unpack it first")


def _is_source(path: str) -> bool:
    from reviewer.code.text.languages import analysable

    return analysable(path)


def show(outcome: Outcome) -> Reply:
    """Return a diff of all edits; there being any is exit code 1."""
    text = "".join(fix.diff() for fix in fixes(outcome))
    return Reply(text, ExitCode.FINDINGS if text else ExitCode.PASSED)


def mend(plan: Plan, jobs: Sequence[Job], outcome: Outcome) -> tuple[Outcome, str]:
    """Apply the edits, review again, and return what is left and what was done.

    Raises `UsageError` where a file can't be written.
    """
    mended = 0
    files: set[str] = set()
    for _ in range(_ROUNDS):
        found = fixes(outcome)
        if not found:
            break
        for fix in found:
            try:
                write(fix)
            except OSError as error:
                raise UsageError(f"--fix: {fix.shown} can't be written: {error.strerror}") from error
            mended += fix.findings
            files.add(fix.shown)
        outcome = review(plan, jobs, [""] * len(jobs))
    if not mended:
        return outcome, "nothing can be mended by an edit that is surely safe"
    plural, more = "s" if mended > 1 else "", "s" if len(files) > 1 else ""
    return outcome, f"mended {mended} finding{plural} in {len(files)} file{more}"
