"""The command ``review``: paths in, a report and a verdict out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.commands.command import Reply
from reviewer.commands.planning import plan_of
from reviewer.report.options import RenderOptions
from reviewer.report.registry import renderer
from reviewer.report.verdict import exit_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.commands.command import Console, Invocation
    from reviewer.core.rule import Rule
    from reviewer.engine.session import Outcome


def run(invocation: Invocation) -> Reply:
    """Review, or show settings or files where the invocation asks for them instead."""
    given = invocation.arguments
    if given["purpose"]:
        from reviewer.commands.showing import show

        return show(plan_of(invocation), given["purpose"], invocation.console)
    from reviewer.engine.session import review

    render = renderer(given["format"])  # an unknown format is told before the work, not after it
    outcome = review(plan_of(invocation))
    text = render(outcome.run, options_for(invocation.console, outcome))
    return Reply(text, exit_code(outcome.run.gate))


def options_for(console: Console, outcome: Outcome) -> RenderOptions:
    """Return what a format may ask for besides the result."""
    return RenderOptions(
        colour=console.colour,
        width=console.width,
        unicode=console.unicode,
        sources=outcome.sources,
        rules=_pages(outcome),
    )


def _pages(outcome: Outcome) -> Callable[[str], Rule | None]:
    """Return the look-up of rule pages; the library is loaded at the first question."""

    def page(rule_id: str) -> Rule | None:
        from reviewer.engine.knowledge import library_of

        library = library_of(outcome.skills)
        rule = library.rules.get(rule_id)
        return None if rule is None else library.page(rule)

    return page
