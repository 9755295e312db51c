"""The way into a review for programs: ``import reviewer; reviewer.review("plugin")``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias, TypedDict, Unpack

from reviewer.core.errors import NothingToReviewError, ReviewerError, UnreadableError, UsageError
from reviewer.core.finding import Finding, Suppression
from reviewer.core.location import Edit, Fix, Location, Related
from reviewer.core.nearest import did_you_mean
from reviewer.core.review import Coverage, Gate, Permissions, Review, ReviewRun
from reviewer.core.scale import Confidence, Severity

__all__ = [
    "Confidence",
    "Coverage",
    "Edit",
    "Finding",
    "Fix",
    "Gate",
    "Location",
    "NothingToReviewError",
    "Permissions",
    "Related",
    "Review",
    "ReviewRun",
    "ReviewerError",
    "Severity",
    "Suppression",
    "UnreadableError",
    "UsageError",
    "Wishes",
    "review",
]

Kind: TypeAlias = Literal["", "plugin", "host", "registry", "design"]
Threshold: TypeAlias = Literal["", "critical", "high", "medium", "low", "info", "none"]
Strictness: TypeAlias = Literal["", "regular", "pedantic", "auditor"]


class Wishes(TypedDict, total=False):
    """How to review; what is absent or empty is left to the configuration."""

    kind: Kind
    """What the subject is; recognised where nobody says."""
    ecosystem: str
    """The plugin system that it is for."""
    experts: Sequence[str]
    """Experts to ask; all seven by default."""
    select: Sequence[str]
    """Rules to ask alone: ids, prefixes or names."""
    ignore: Sequence[str]
    """Rules to leave out."""
    strictness: Strictness
    """How much is told: what is sure, matters of style besides, or what is only possible, too."""
    fail_on: Threshold
    """The mildest severity that fails the gate; high by default."""
    untrusted: bool
    """Let nothing inside the subject change its review; archives are always reviewed so."""
    configuration: str | Path
    """A configuration file in place of the nearest one."""
    against: str | Path
    """An earlier version to compare with: a path, or a revision of the repository."""
    baseline: str | Path
    """A file with findings that are known."""
    changed_since: str
    """A revision: only findings on lines changed since fail the gate."""
    require_signoff: bool
    """Fail where a question of the checklist has no answer."""
    require_maturity: int
    """Fail where a host has not reached this level, 1 to 3."""
    jobs: int
    """The most processes at once."""
    no_cache: bool
    """Review anew even if nothing has changed."""


def review(*paths: str | Path, **wishes: Unpack[Wishes]) -> ReviewRun:
    """Review folders, archives or files, and return every review with the verdict of the gate.

    Without a path the current folder is reviewed. Nothing of what is reviewed runs: it is read in
    processes of its own that can be stopped.

    ``run.gate.result`` is ``pass``, ``fail`` or ``incomplete``; ``run.reviews`` has one review
    for each subject that was found, with findings whose lines and columns count from 1.

    Raises `UsageError` for a path, an argument or a configuration that is wrong,
    `NothingToReviewError` where no path holds anything to review, and `UnreadableError` where
    a history that was asked for can't be read. All are `ReviewerError`.

    >>> import reviewer
    >>> run = reviewer.review("examples/good-py", experts=["security"])
    >>> run.gate.result
    'pass'
    """
    from reviewer.commands.command import Invocation
    from reviewer.commands.parsing import checked, parse
    from reviewer.commands.planning import plan_of
    from reviewer.commands.registry import REVIEW
    from reviewer.engine.plan import jobs_of
    from reviewer.engine.remembering.dependence import key_of
    from reviewer.engine.session import review as reviewed

    given = parse(REVIEW, ())
    by_field = {argument.field: argument for argument in reversed(REVIEW.arguments)}
    unknown = next((name for name in wishes if name not in by_field), None)
    if unknown is not None:
        raise UsageError(f"there is no wish {unknown!r}{did_you_mean(unknown, Wishes.__annotations__)}")
    for field, value in wishes.items():
        plain = list(value) if isinstance(value, list | tuple) else value if isinstance(value, bool) else str(value)
        given[field] = checked(by_field[field], plain)
    given["paths"] = tuple(str(path) for path in paths)
    plan = plan_of(Invocation(given))
    work = jobs_of(plan)
    return reviewed(plan, work, [key_of(job) if plan.use_cache else "" for job in work]).run
