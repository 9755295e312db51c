"""The command ``batch``: a whole marketplace in one run, kept in a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.commands.command import Reply
from reviewer.commands.planning import request_of
from reviewer.commands.rules import library_here, options
from reviewer.commands.run_numbers import run_number
from reviewer.core.errors import NothingToReviewError, UsageError
from reviewer.market.export.write import exporter
from reviewer.market.reading import MarketReader
from reviewer.market.records import EMPTY
from reviewer.market.running.plan import MarketPlan
from reviewer.market.running.run import carry_out
from reviewer.market.summary import summary_json, summary_of, summary_text

if TYPE_CHECKING:
    from reviewer.commands.command import Invocation
    from reviewer.core.rule import Rule
    from reviewer.market.report.sections import Section
    from reviewer.market.summary import Summary
    from reviewer.report.options import Rules


def run(invocation: Invocation) -> Reply:
    """Review the sources, or go on where that was interrupted; without sources, tell of a run that was."""
    given = invocation.arguments
    store = Path(given["store"])
    if given["diff"]:
        from reviewer.commands.batch_difference import difference

        return difference(invocation, store)
    export = exporter(given["export_format"]) if given["export"] else None  # what is missing is told before the work
    number = run_number("--run", given["run"]) if given["run"] else 0
    if number and given["sources"]:
        raise UsageError("--run tells of a run that was; leave the sources out, or leave --run out to review them")
    if given["sources"]:
        number = carry_out(_plan(invocation, store))
    else:
        _refuse_what_runs(invocation)
    with MarketReader(store) as reader:
        summary = summary_of(reader, number)
        if export is not None:
            export(reader, summary.run.id, Path(given["export"]))
        if summary.numbers.states.keys() == {EMPTY}:
            raise NothingToReviewError(f"{', '.join(summary.run.sources)}: there is nothing to review in any entry")
        text = _told(reader, summary, invocation)
    return Reply(text, summary.verdict.code)


def _told(reader: MarketReader, summary: Summary, invocation: Invocation) -> str:
    """Return what is told of a run, in the form that was asked for."""
    given = invocation.arguments
    if given["format"] == "html":
        from reviewer.market.report.gathering import gather
        from reviewer.market.report.html import market_html

        return market_html(gather(reader, summary.run), rule_pages())
    tables: list[Section] = []
    if given["whole"]:
        from reviewer.market.report.sections import sections
        from reviewer.market.whole.picture import whole

        tables = sections(whole(reader, summary.run.id))
    if given["format"] == "json":
        return summary_json(summary, tables)
    return summary_text(summary, options(invocation.console), tables)


def rule_pages() -> Rules:
    """Return the look-up of the pages of the rules that ship."""
    library = library_here("")

    def page(rule_id: str) -> Rule | None:
        rule = library.rules.get(rule_id)
        return None if rule is None else library.page(rule)

    return page


def _plan(invocation: Invocation, store: Path) -> MarketPlan:
    given, console = invocation.arguments, invocation.console
    if given["ship"] and not given["cluster"]:
        raise UsageError("--ship sends files to the workers of a cluster; name its scheduler with --cluster")
    return MarketPlan(
        sources=tuple(given["sources"]),
        store=store,
        request=request_of(given),
        configuration=given["configuration"],
        jobs=given["jobs"],
        anew=given["no_cache"],
        keep=given["keep"],
        cluster=given["cluster"],
        ship=given["ship"],
        progress=console.course,
        news=console.news,
    )


def _refuse_what_runs(invocation: Invocation) -> None:
    """Raise `UsageError` for wishes about a run where there is nothing to run."""
    given = invocation.arguments
    if given["cluster"] or given["select"] or given["ignore"] or given["experts"] or given["configuration"]:
        raise UsageError(
            "name what is to be reviewed: folders of subjects, archives, lists, registry documents\n"
            "  for example: reviewer batch packages --store market.db"
        )
