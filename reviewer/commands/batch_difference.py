"""The option ``--diff`` of the command ``batch``: what tells two runs of a store apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.commands.command import Reply
from reviewer.commands.rules import options
from reviewer.commands.run_numbers import run_number
from reviewer.core.errors import UsageError
from reviewer.market.difference.comparing import compare
from reviewer.market.difference.json import difference_json
from reviewer.market.difference.text import difference_text
from reviewer.market.reading import MarketReader

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.commands.command import Invocation

_EXAMPLE = "  for example: reviewer batch --store market.db --diff 1,2"


def difference(invocation: Invocation, store: Path) -> Reply:
    """Compare two runs; raises `UsageError` where it is not two, or where something else is asked for, too."""
    given = invocation.arguments
    if given["sources"]:
        raise UsageError(f"--diff compares runs that the store has; review the sources first, then compare\n{_EXAMPLE}")
    if len(given["diff"]) != 2:
        named = ",".join(given["diff"])[:80]
        raise UsageError(f"--diff: found {named!r}, expected two runs, the earlier one first\n{_EXAMPLE}")
    if given["format"] == "html":
        raise UsageError("--diff has no page; take --format text or --format json")
    old, new = (run_number("--diff", text) for text in given["diff"])
    with MarketReader(store) as reader:
        found = compare(reader, old, new)
    if given["format"] == "json":
        return Reply(difference_json(found))
    return Reply(difference_text(found, options(invocation.console)))
