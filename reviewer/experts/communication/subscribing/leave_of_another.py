"""COM442: the right to run a command is asked for the one that offers it, and not for the one that calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import caller_params
from reviewer.experts.communication.executing import command_executions
from reviewer.experts.communication.sources import sources
from reviewer.experts.communication.vocabulary import ASKED_BY, CALLERS, EXECUTES, GRANTS, PLUGINS
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = GRANTS | frozenset({"can", "holds", "has", "owns", "covers", "check", "require", "demand"})
"""Words of a call that asks whether somebody may."""
_REFUSALS: Final = frozenset("error exception refuse refused refusal deny denied forbidden rejected".split())
"""Words of a call that says no, and asks nothing."""
_OWNERS: Final = (CALLERS | PLUGINS) - frozenset("from by source session component".split())


@module_check("COM442", words=EXECUTES | ASKED_BY)
def leave_of_another(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that runs a command by name for whom it asks whether that one may."""
    if module.is_test:
        return
    seen: set[int] = set()
    for execution in command_executions(inquiry, module):
        function, table = execution.function, execution.table
        callers = {param.name for param in caller_params(function, plugins=False)}
        if id(function) in seen or table is None or not callers:
            continue
        seen.add(id(function))
        known = sources(inquiry, module)
        asked = [call for call in calls_in(function.body) if _asks(call)]
        if any(names_in(call.args) & callers for call in asked):
            continue
        for call in asked:
            owner = next((arg for arg in call.args if _owner(arg)), None)
            held = known.of(owner.object) if isinstance(owner, Member) else None
            if owner is not None and held is not None and held.table is table and held.looked_up:
                yield Match(
                    call,
                    f"'{short(module.text_of(call))}' asks for '{module.text_of(owner)}', who offers the command: the "
                    f"one that calls it ('{min(callers)}') may have no such right, and gets it done with another's.",
                    related=((execution.at, "runs for whoever called"),),
                )
                break


def _asks(call: Call) -> bool:
    said = words(call.name)
    return not _ASKS.isdisjoint(said) and _REFUSALS.isdisjoint(said)


def _owner(argument: Expr) -> bool:
    """Tell whether an argument is the part of an entry that says whose it is: ``entry.owner``."""
    inner = strip(argument)
    return (
        isinstance(inner, Member) and isinstance(inner.object, Name) and not _OWNERS.isdisjoint(words(inner.name)[:1])
    )
