"""The command ``checklist``: the questions of the experts, and what a review answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.commands.command import Reply
from reviewer.commands.rules import library_here, options
from reviewer.core.checklist import Status
from reviewer.report.colour import Style
from reviewer.report.page import Page

if TYPE_CHECKING:
    from reviewer.commands.command import Invocation
    from reviewer.core.checklist import Answer

_STYLES: Final = {
    Status.PASS: Style.GOOD,
    Status.FAIL: Style.HIGH,
    Status.WAIVED: Style.MEDIUM,
    Status.NOT_APPLICABLE: Style.FAINT,
    Status.NOT_ASSESSED: Style.PLAIN,
}
_STATUS: Final = 16


def run(invocation: Invocation) -> Reply:
    """Answer the checklist for the named paths; without any, show it blank."""
    if not invocation.arguments["paths"]:
        return Reply(_blank(invocation))
    from reviewer.commands.planning import plan_of
    from reviewer.engine.dependence import key_of
    from reviewer.engine.plan import jobs_of
    from reviewer.engine.session import review
    from reviewer.report.verdict import exit_code

    plan = plan_of(invocation)
    jobs = jobs_of(plan)
    outcome = review(plan, jobs, [key_of(job) if plan.use_cache else "" for job in jobs])
    page = Page(options(invocation.console))
    for reviewed in outcome.run.reviews:
        page.blank()
        page.line((reviewed.subject.path, Style.STRONG))
        expert = ""
        for answer in reviewed.checklist:
            if answer.expert != expert:
                expert = answer.expert
                page.blank()
                page.line((expert, Style.STRONG))
            _write(page, answer)
    return Reply(page.text(), exit_code(outcome.run.gate))


def _write(page: Page, answer: Answer) -> None:
    lead = f"  {answer.status:<{_STATUS}}"
    page.wrapped(f"{answer.id} {answer.question}", first=((lead, _STYLES[answer.status]),))
    for evidence in answer.evidence:
        page.wrapped(evidence, first=(" " * (len(lead) + 2),), rest=(" " * (len(lead) + 2),))


def _blank(invocation: Invocation) -> str:
    """Return the questions without answers, for the kind and the experts that were named."""
    given = invocation.arguments
    page = Page(options(invocation.console))
    expert = ""
    for question in library_here(given["configuration"]).questions.values():
        if given["kind"] and given["kind"] not in question.kinds:
            continue
        if given["experts"] and question.expert not in given["experts"]:
            continue
        if question.expert != expert:
            expert = question.expert
            page.blank()
            page.line((expert, Style.STRONG))
        kinds = ", ".join(question.kinds)
        page.wrapped(f"{question.id} {question.question}", first=("  [ ] ",), rest=("      ",))
        page.wrapped(f"{kinds}; {question.evidence}", first=("      ",), rest=("      ",))
    return page.text()
