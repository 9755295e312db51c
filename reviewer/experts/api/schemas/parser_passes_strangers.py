"""API016: a check by hand reads the members of a manifest one by one, and never looks at what else came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.api.hand_parsers import hand_parsers, looks_at_others
from reviewer.experts.check import Match, module_check
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("API016", words={"version", "release", "edition"})
def parser_passes_strangers(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that checks the members of a manifest by their names."""
    if module.is_test or is_tooling(module) or inquiry.subject.kind != "host":
        return
    for parser in hand_parsers(module):
        if looks_at_others(module, parser):
            continue
        some = ", ".join(list(parser.reads)[:3])
        yield Match(
            parser.at,
            f"'{parser.function.name or 'this function'}' checks the members that it knows ({some}, …) and never looks "
            "at what else the manifest has: a misspelt permission or bound passes without a word.",
        )
