"""LIF011, in a host: an exchange puts a new instance in the place of one that nobody ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Name
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost, with_helpers
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hooks_of
from reviewer.experts.lifecycle.vocabulary import starts as begin
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_CLOSES: Final = frozenset("close aclose dispose release stop end destroy terminate shutdown unload exit".split())
_EXCHANGES: Final = word_set("swap exchange replace reload upgrade update refresh renew hot hotswap hotreload switch")


@module_check("LIF011", words=HOOK_WORDS)
def replaced_unended(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that exchanges a plugin and enters the new one for the end of the old one."""
    if module.is_test:
        return
    uses = hooks_of(module)
    starts = {id(outermost(use.site)) for use in uses if use.kind == "start"}
    ends = [use for use in uses if use.kind == "stop"]
    named = {use.name for use in ends}
    stopping = {id(outermost(use.site)) for use in ends}
    for table in tables(module) if starts and ends else ():
        for write in table.of("write"):
            function = outermost(write.node)
            if function is None or table.kind != "map" or _EXCHANGES.isdisjoint(words(function.name)):
                continue
            reached = with_helpers(function)
            ended = any(call.name in named and not call.args for one in reached for call in calls_in(one.body))
            if begin(function.name) or ended or _closes_old(module, function, table):
                continue
            begins = any(id(one) in starts for one in reached)
            if begins and not any(id(one) in stopping for one in reached) and not _ended_by_caller(function, stopping):
                yield Match(
                    write.node,
                    f"'{function.name}' puts the new instance in the place of the old one, which it never ends: both "
                    "run, and nobody can reach the old one any more.",
                    related=((ends[0].call, "ended only here"),),
                )


def _closes_old(module: Module, function: Function, table: Table) -> bool:
    """Tell whether what was read from the table before is closed, or a part of it: ``await old.stack.aclose()``."""
    read = {
        made.target.id
        for access in table.of("read")
        for made in ancestors(access.node)
        if isinstance(made, Assign) and isinstance(made.target, Name)
    }
    return any(
        not _CLOSES.isdisjoint(words(call.name)) and not names_in(call.receiver).isdisjoint(read)
        for call in calls_in(function.body)
        if call.receiver is not None
    )


def _ended_by_caller(function: Function, stopping: set[int]) -> bool:
    """Tell whether a function that comes here ends the old one itself."""
    around = [outermost(call) for call in callers(function)]
    return any(id(one) in stopping for caller in around if caller is not None for one in with_helpers(caller))
