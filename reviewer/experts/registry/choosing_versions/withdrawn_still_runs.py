"""REG395: entries can be withdrawn, and what starts them never asks whether one is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Literal, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in, word_set
from reviewer.experts.registry.entering import reached
from reviewer.experts.registry.entry_files import RUNS, callers, entry_of, path_of, type_of
from reviewer.experts.registry.sql_statements import runs_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_WITHDRAWN: Final = frozenset({"revoked", "yanked", "withdrawn", "quarantined", "recalled", "retracted", "blocklisted"})
_STATES: Final = _WITHDRAWN | {"status", "state", "blocked", "disabled"}
_ASKS: Final = _STATES | word_set("active enabled usable available allowed stable published approved loadable runnable")
_SELECTS: Final = regex(r"\bselect\b(.{0,600}?)\bfrom\b(.*)", re.IGNORECASE | re.DOTALL)
_MOST: Final = 6
"""Functions of one name that are looked at."""


@module_check("REG395", words={"import", "require", "worker", "fork", "spec", "run"})
def withdrawn_still_runs(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what runs the files of entries that carry a state, in subjects that withdraw some of them."""
    if module.is_test or not any(True for _one in inquiry.project.paths(naming=_WITHDRAWN, tests=False)):
        return
    for call in module.calls(RUNS):
        function = function_of(call)
        if function is None or not call.args or isinstance(call.args[0], Literal):
            continue
        entry = _entry(module, call)
        state = _state(inquiry, module, entry) if entry is not None else ""
        if not state or entry is None or _asked(inquiry, module, function):
            continue
        made = _made(module, entry)
        yield Match(
            made if made is not None else call,
            f"'{entry.id}' says in '{state}' whether it was withdrawn, and '{function.name}' runs it without a look at "
            "that: what was withdrawn for a hole goes on running.",
            related=((call, "run here"),),
        )


def _entry(module: Module, call: Call) -> Name | None:
    """Return the entry whose file a call runs, or whose file was read for it."""
    found = entry_of(module, path_of(call))
    return found[0] if found is not None else None


def _made(module: Module, entry: Name) -> Call | None:
    bound = module.scopes.lookup(entry.id, entry)
    only = bound[0] if len(bound) == 1 else None
    value = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    return value if isinstance(value, Call) else None


def _state(inquiry: Inquiry, module: Module, entry: Name) -> str:
    """Return the field with the state of an entry, by its type or by the statement that reads it; else nothing."""
    declared = type_of(module, entry)
    if declared is not None:
        return next((one.name for one in declared.fields if set(words(one.name)) & _STATES), "")
    made = _made(module, entry)
    if made is None or not made.name:
        return ""
    others = inquiry.project.modules(naming={made.name}, tests=False)
    named = [one for other in (module, *others) for one in other.functions if one.name == made.name]
    return next((state for one in named[:_MOST] if (state := _selected(one))), "")


def _selected(function: Function) -> str:
    """Return the column with the state that a function selects and does not ask for."""
    for run in runs_in(function):
        hit = _SELECTS.search(run.text)
        if hit is None:
            continue
        state = next((word for word in re.findall(r"\w+", hit.group(1).lower()) if word in _STATES), "")
        if state and state not in re.findall(r"\w+", hit.group(2).lower()):
            return state
    return ""


def _asked(inquiry: Inquiry, module: Module, function: Function) -> bool:
    """Tell whether what runs an entry, what it calls, or what calls it speaks of states."""
    near = (*reached(module, function), *callers(inquiry, module, function))
    return any(said_in(one) & _ASKS for one in near if not _reads_rows(one))


def _reads_rows(function: Function) -> bool:
    """Tell whether a function only reads the row, whose statement names the state."""
    return any(run.verb == "select" for run in runs_in(function))
