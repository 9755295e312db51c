"""The command ``batch``: a whole marketplace in one run, kept in a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.commands.command import Reply
from reviewer.commands.rules import options
from reviewer.core.errors import NothingToReviewError, UsageError
from reviewer.engine.request import Request
from reviewer.market.export.write import exporter
from reviewer.market.reading import MarketReader
from reviewer.market.records import EMPTY
from reviewer.market.running.plan import MarketPlan
from reviewer.market.running.run import carry_out
from reviewer.market.summary import summary_json, summary_of, summary_text

if TYPE_CHECKING:
    from reviewer.commands.command import Invocation


def run(invocation: Invocation) -> Reply:
    """Review the sources, or go on where that was interrupted; without sources, tell of the last run."""
    given, console = invocation.arguments, invocation.console
    store = Path(given["store"])
    export = exporter(given["export_format"]) if given["export"] else None  # what is missing is told before the work
    number = carry_out(_plan(invocation, store)) if given["sources"] else 0
    if not number:
        _refuse_what_runs(invocation)
    with MarketReader(store) as reader:
        summary = summary_of(reader, number)
        if export is not None:
            export(reader, summary.run.id, Path(given["export"]))
    if summary.numbers.states.keys() == {EMPTY}:
        raise NothingToReviewError(f"{', '.join(summary.run.sources)}: there is nothing to review in any entry")
    text = summary_json(summary) if given["format"] == "json" else summary_text(summary, options(console))
    return Reply(text, summary.verdict.code)


def _plan(invocation: Invocation, store: Path) -> MarketPlan:
    given, console = invocation.arguments, invocation.console
    if given["ship"] and not given["cluster"]:
        raise UsageError("--ship sends files to the workers of a cluster; name its scheduler with --cluster")
    return MarketPlan(
        sources=tuple(given["sources"]),
        store=store,
        request=Request(
            kind=given["kind"],
            ecosystem=given["ecosystem"],
            experts=tuple(given["experts"]),
            words=given["words"],
            select=tuple(given["select"]),
            ignore=tuple(given["ignore"]),
            fail_on=given["fail_on"],
            strictness=given["strictness"] or "",
        ),
        configuration=given["configuration"],
        jobs=given["jobs"],
        anew=given["no_cache"],
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
