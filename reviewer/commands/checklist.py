"""The command ``checklist``: the questions of the experts, and what a review answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.commands.command import Reply
from reviewer.commands.rules import library_here, options
from reviewer.report.checklist import Sheet, answered, blank, render

if TYPE_CHECKING:
    from reviewer.commands.command import Invocation
    from reviewer.core.errors import ExitCode


def run(invocation: Invocation) -> Reply:
    """Answer the checklist for the named paths; without any, show it blank."""
    given = invocation.arguments
    if given["paths"]:
        sheets, code = _reviewed(invocation)
    else:
        sheets, code = (_blank(invocation),), Reply("").code
    return Reply(render(sheets, given["format"], options(invocation.console)), code)


def _reviewed(invocation: Invocation) -> tuple[tuple[Sheet, ...], ExitCode]:
    """Review, and return a sheet for each subject with the verdict of the gate."""
    from reviewer.commands.planning import plan_of
    from reviewer.engine.plan import jobs_of
    from reviewer.engine.remembering.dependence import key_of
    from reviewer.engine.session import review
    from reviewer.report.verdict import exit_code

    plan = plan_of(invocation)
    jobs = jobs_of(plan)
    outcome = review(plan, jobs, [key_of(job) if plan.use_cache else "" for job in jobs])
    return tuple(answered(reviewed) for reviewed in outcome.run.reviews), exit_code(outcome.run.gate)


def _blank(invocation: Invocation) -> Sheet:
    """Return the questions for the kind and the experts that were named."""
    given = invocation.arguments
    questions = library_here(given["configuration"]).questions.values()
    return blank(
        [
            question
            for question in questions
            if (not given["kind"] or given["kind"] in question.kinds)
            and (not given["experts"] or question.expert in given["experts"])
        ]
    )
