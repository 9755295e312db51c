"""LIF057, of a reload: the new plugin takes the place of the old in the table, and nobody stops the old one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.tables import tables
from reviewer.code.walk import calls_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost, with_helpers
from reviewer.experts.lifecycle.bringing.unloading import swaps
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, kind_of_name, uses_in

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.lifecycle.hooks.hooks import HookUse


@module_check("LIF057", words=HOOK_WORDS)
def replaced_while_running(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the entry that a reload writes over the one that runs, in a host that stops plugins elsewhere."""
    if module.is_test:
        return
    stops = uses_in(inquiry, module, "stop")
    starts = {id(home) for use in uses_in(inquiry, module, "start") if (home := outermost(use.site)) is not None}
    for table in tables(module) if stops and starts else ():
        reads = {id(access.function) for access in table.of("read", "iterate")}
        for write in table.of("write"):
            function = write.function
            if function is None or table.kind != "map" or id(function) not in starts & reads:
                continue
            alone = swaps(function.name) and not any(True for _ in callers(function))
            if alone and not _ends_something(function, stops):
                yield Match(
                    write.node,
                    f"'{function.name}' puts the new plugin in the place of the old in '{table.name}' and never calls "
                    f"the '{stops[0].name}' of the old one: it goes on working, and nobody can reach it to stop it.",
                    related=((stops[0].site, "here a plugin is stopped"),),
                )
                break


def _ends_something(function: Function, stops: list[HookUse]) -> bool:
    """Tell whether a function, or a helper of it, calls anything that may end a plugin."""
    reached = with_helpers(function)
    if any(outermost(use.site) is one for use in stops for one in reached):
        return True
    return any(kind_of_name(call.name) == "stop" for one in reached for call in calls_in(one.body))
