"""The command ``review``: paths in, a report and a verdict out."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.commands.command import Reply
from reviewer.commands.planning import plan_of
from reviewer.core.errors import ExitCode
from reviewer.engine.adoption.adopted import is_plain
from reviewer.engine.plan import jobs_of
from reviewer.engine.remembering.cache import ReplyCache
from reviewer.engine.remembering.dependence import key_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.commands.command import Console, Invocation
    from reviewer.core.rule import Rule
    from reviewer.engine.job import Job
    from reviewer.engine.plan import Plan
    from reviewer.engine.session import Outcome
    from reviewer.report.options import RenderOptions


def run(invocation: Invocation) -> Reply:
    """Review, or show settings or files where the invocation asks for them instead."""
    given, console = invocation.arguments, invocation.console
    plan = plan_of(invocation)
    jobs = jobs_of(plan)
    purpose = given["purpose"]
    if purpose in ("settings", "files"):
        from reviewer.commands.showing import show

        return show(jobs, purpose, console)
    if purpose:
        return _mending(invocation, plan, jobs)
    keys = [key_of(job) if plan.use_cache else "" for job in jobs]
    replies = ReplyCache()
    reply_key = _reply_key(keys, given["format"], console) if is_plain(plan, jobs) else ""
    kept = replies.get(reply_key)
    if kept is not None:
        return Reply(kept[1], ExitCode(kept[0]))
    from reviewer.engine.session import review
    from reviewer.report.registry import renderer
    from reviewer.report.verdict import exit_code

    render = renderer(given["format"])  # what is wrong with it is told before the work, not after it
    outcome = review(plan, jobs, keys)
    text = render(outcome.run, options_for(console, outcome))
    code = exit_code(outcome.run.gate)
    if outcome.lasting:
        replies.put(reply_key, int(code), text, outcome.skills)
    return Reply(text, code, outcome.note)


def _mending(invocation: Invocation, plan: Plan, jobs: tuple[Job, ...]) -> Reply:
    """Review, and show or apply the edits that are safe."""
    from reviewer.commands.mending import mend, refuse_what_cannot_change, show
    from reviewer.engine.session import review
    from reviewer.report.registry import renderer
    from reviewer.report.verdict import exit_code

    given, console = invocation.arguments, invocation.console
    refuse_what_cannot_change(jobs, given["purpose"])
    render = renderer(given["format"])
    outcome = review(plan, jobs, [""] * len(jobs))
    if given["purpose"] == "diff":
        return show(outcome)
    outcome, note = mend(plan, jobs, outcome)
    return Reply(render(outcome.run, options_for(console, outcome)), exit_code(outcome.run.gate), note)


def _reply_key(keys: list[str], form: str, console: Console) -> str:
    """Return a key of everything that a report depends on; empty where one of the paths has none."""
    if not all(keys):
        return ""
    parts = [*keys, form, str(console.colour), str(console.width), str(console.unicode), here()]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def here() -> str:
    """Return the folder that addresses in a report are relative to; empty where it is gone."""
    try:
        return str(Path.cwd())
    except OSError:
        return ""


def options_for(console: Console, outcome: Outcome) -> RenderOptions:
    """Return what a format may ask for besides the result."""
    from reviewer.report.options import RenderOptions

    return RenderOptions(
        colour=console.colour,
        width=console.width,
        unicode=console.unicode,
        sources=outcome.sources,
        rules=_pages(outcome),
        root=here(),
    )


def _pages(outcome: Outcome) -> Callable[[str], Rule | None]:
    """Return the look-up of rule pages; the library is loaded at the first question."""

    def page(rule_id: str) -> Rule | None:
        from reviewer.engine.knowledge import library_of

        library = library_of(outcome.skills)
        rule = library.rules.get(rule_id)
        return None if rule is None else library.page(rule)

    return page
