"""The command ``audit``: the security audit of each subject as one report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from reviewer.commands.command import Reply
from reviewer.commands.planning import plan_of
from reviewer.commands.review import options_for
from reviewer.core.scale import Strictness
from reviewer.engine.plan import jobs_of
from reviewer.engine.remembering.dependence import key_of

if TYPE_CHECKING:
    from reviewer.commands.command import Invocation


def run(invocation: Invocation) -> Reply:
    """Review as an auditor, find the interfaces, and report; the verdict is that of the gate."""
    from reviewer.engine.session import review
    from reviewer.report.audit.registry import render_audit
    from reviewer.report.verdict import exit_code

    given = invocation.arguments
    plan = plan_of(invocation)
    plan = plan._replace(request=replace(plan.request, strictness=Strictness.AUDITOR.value), survey=True)
    jobs = jobs_of(plan)
    outcome = review(plan, jobs, [key_of(job) if plan.use_cache else "" for job in jobs])
    text = render_audit(outcome.run, given["format"], options_for(invocation.console, outcome))
    return Reply(text, exit_code(outcome.run.gate), outcome.note)
