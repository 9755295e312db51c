"""From the arguments of a command to what is to be reviewed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from reviewer.engine.plan import Plan
from reviewer.engine.request import Request
from reviewer.report.registry import context_of

if TYPE_CHECKING:
    from reviewer.commands.command import Invocation


def plan_of(invocation: Invocation) -> Plan:
    """Return the plan that an invocation asks for."""
    given = invocation.arguments
    request = Request(
        kind=given["kind"],
        ecosystem=given["ecosystem"],
        experts=tuple(given["experts"]),
        words=given["words"],
        select=tuple(given["select"]),
        ignore=tuple(given["ignore"]),
        fail_on=given.get("fail_on", ""),
        strictness=given["strictness"] or "",
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
        context=context_of(given.get("format", "")),
    )
