"""From the arguments of a command to what is to be reviewed."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from reviewer.core.errors import UsageError
from reviewer.engine.adoption.wishes import Adoption
from reviewer.engine.plan import Plan
from reviewer.engine.request import Request
from reviewer.report.registry import context_of

if TYPE_CHECKING:
    from reviewer.commands.command import Invocation
    from reviewer.engine.session import Outcome


def plan_of(invocation: Invocation) -> Plan:
    """Return the plan that an invocation asks for; raises `UsageError` for wishes that exclude each other."""
    given = invocation.arguments
    _refuse(given)
    request = replace(
        request_of(given),
        against=given.get("against", ""),
        against_path=_path(given.get("against", "")),
        design=_absolute(given.get("design", "")),
        baseline=_absolute(given.get("baseline", "")),
        require_signoff=bool(given.get("require_signoff")),
        require_maturity=int(given.get("require_maturity") or 0),
        untrusted=given["untrusted"],
        today=time.strftime("%Y-%m-%d"),
    )
    return Plan(
        paths=tuple(given["paths"]) or (".",),
        request=request,
        configuration=given["configuration"],
        jobs=given["jobs"],
        use_cache=not given["no_cache"],
        progress=invocation.console.progress,
        adoption=Adoption(
            since=given.get("changed_since", ""),
            signoff=given.get("signoff", ""),
            write=bool(given.get("write_baseline")),
            prune=bool(given.get("prune_baseline")),
        ),
        context=context_of(given.get("format", "")),
    )


def request_of(given: Mapping[str, Any]) -> Request:
    """Return what every review is asked for alike: which part of the library, and how strictly."""
    return Request(
        kind=given["kind"],
        ecosystem=given["ecosystem"],
        experts=tuple(given["experts"]),
        words=given["words"],
        select=tuple(given["select"]),
        ignore=tuple(given["ignore"]),
        fail_on=given.get("fail_on", ""),
        strictness=given.get("strictness") or "",
    )


def reviewed_path(path: Path, configuration: str = "", strictness: str = "auditor") -> Outcome:
    """Return the outcome of a review of one path, with everything shown that was found."""
    from reviewer.engine.plan import jobs_of
    from reviewer.engine.remembering.dependence import key_of
    from reviewer.engine.session import review

    request = Request(strictness=strictness, today=time.strftime("%Y-%m-%d"))
    plan = Plan((str(path),), request, configuration)
    jobs = jobs_of(plan)
    return review(plan, jobs, [key_of(job) for job in jobs])


def _absolute(path: str) -> str:
    return str(Path(path).absolute()) if path else ""


def _path(against: str) -> str:
    """Return the absolute path that ``--against`` names; empty where it is a revision."""
    return _absolute(against) if os.path.lexists(against) else ""


def _refuse(given: Mapping[str, Any]) -> None:
    """Raise `UsageError` for wishes that exclude each other."""
    against = given.get("against", "")
    if against and given["untrusted"] and not _path(against):
        raise UsageError(
            "--against with a revision and --untrusted exclude each other: the history is part of the subject\n"
            "  name the earlier version by a path of your own"
        )
    if _path(against) and len(given["paths"]) > 1:
        raise UsageError("--against with a path compares one path; review the others by themselves")
