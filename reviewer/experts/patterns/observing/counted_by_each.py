"""PAT016: counters that the program keeps by itself have one entry for each request, document or person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Expr, Name, Template, strip
from reviewer.code.tables import is_tally, tables
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.observing.metric_label_unbounded import endless_name
from reviewer.experts.patterns.observing.metrics import METRICS
from reviewer.experts.patterns.vocabulary import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("PAT016", words=METRICS | {"counts", "stats", "tallies"})
def counted_by_each(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table of counts from which nothing is ever taken for what its keys are put together of."""
    if module.is_test:
        return
    for table in tables(module):
        named = set(spelled(table.name)) & (METRICS | {"counts", "stats", "tallies"})
        if table.kind != "map" or not named or table.of("delete", "clear") or not is_tally(table):
            continue
        for write in table.of("write"):
            endless = next((part for part in _parts(module, write.key) if endless_name(part)), None)
            if endless is not None:
                yield Match(
                    endless,
                    f"'{short(module.text_of(endless))}' is a part of what is counted in '{table.name}': there is "
                    f"{endless_name(endless)}, and each new one is an entry for ever.",
                )
                break


def _parts(module: Module, key: Expr | None) -> list[Expr]:
    """Return the values that a key is put together of, where it is more than one."""
    given = strip(key) if key is not None else None
    made = module.scopes.origin(given) if isinstance(given, Name) else given
    return [strip(hole) for hole in made.holes] if isinstance(made, Template) and len(made.holes) > 1 else []
