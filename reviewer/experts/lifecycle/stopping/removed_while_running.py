"""LIF057: a plugin that runs is taken out of the table of those that run, and nobody stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import in_handler
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    ExprStatement,
    Function,
    If,
    Member,
    Name,
    Node,
    Throw,
    Unary,
)
from reviewer.code.tables import tables
from reviewer.code.text.ideas import TAKES_OUT
from reviewer.code.text.words import words
from reviewer.code.walk import find, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost, with_helpers
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, kind_of_name, uses_in
from reviewer.experts.lifecycle.vocabulary import ACTIVE_WORDS, PENDING_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry
    from reviewer.experts.lifecycle.hooks.hooks import HookUse

_ENDS: Final = TAKES_OUT
_STATES: Final = ACTIVE_WORDS | PENDING_WORDS | frozenset("state status phase stage open opened idle stopped".split())
_ENDING_CALLS: Final = frozenset("terminate kill abort cancel close dispose destroy release emit publish".split())
"""What ends a plugin, or tells somebody who may, besides its own hook."""


@module_check("LIF057", words=HOOK_WORDS)
def removed_while_running(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where plugins are entered as they start, and a function that ends one only forgets it."""
    if module.is_test:
        return
    stops = uses_in(inquiry, module, "stop")
    if not stops:
        return
    starts = uses_in(inquiry, module, "start")
    for table in tables(module):
        if table.kind != "map":
            continue
        entered = any(_starts(write, starts) for write in table.of("write"))
        if not entered and not (_looks_up(table, starts) and _looks_up(table, stops)):
            continue
        for removal in table.of("delete"):
            function = removal.function
            if function is None:
                continue
            forgets = _forgets(function, removal, stops) and (entered or not _asks_state(function))
            if forgets or (entered and _cuts_off(function, removal, [*starts, *stops])):
                which = "a running plugin" if entered else "a plugin, whether it runs or not,"
                yield Match(
                    removal.node,
                    f"'{function.name}' takes {which} out of '{table.name}' and never calls its "
                    f"'{stops[0].name}': it goes on working, and nobody can reach it to stop it.",
                    related=((stops[0].site, "here it is stopped"),),
                )
                break


def _starts(write: Access, starts: list[HookUse]) -> bool:
    """Tell whether an entry is made by the function that starts the plugin."""
    return write.function is not None and any(outermost(use.site) is outermost(write.node) for use in starts)


def _looks_up(table: Table, uses: list[HookUse]) -> bool:
    """Tell whether what begins or ends a plugin takes it out of a table of all that are known."""
    reached = {id(one) for use in uses if (home := outermost(use.site)) is not None for one in with_helpers(home, 1)}
    return any(id(read.function) in reached for read in table.of("read"))


def _asks_state(function: Function) -> bool:
    """Tell whether a function asks how far something is, or whether it stands among others, before it forgets it."""
    said = [
        word
        for one in with_helpers(function, 1)
        for test in find(one.body, If)
        for part in walk(test.test)
        if isinstance(part, Member | Name)
        for word in words(part.name if isinstance(part, Member) else part.id)
    ]
    return not _STATES.isdisjoint(said) or any(True for _ in find(function.body, Throw))


def _forgets(function: Function, removal: Access, stops: list[HookUse]) -> bool:
    """Tell whether a function that nobody calls first ends a plugin by forgetting it alone."""
    name = words(function.name)
    if not name or name[0] not in _ENDS or not function.params or any(True for _ in callers(function)):
        return False
    if isinstance(removal.node, Call) and not _unused(removal.node, function):
        return False
    reached = with_helpers(function)
    if any(inside(use.site, one) for use in stops for one in reached):
        return False
    return not _ends_otherwise(reached)


def _cuts_off(function: Function, removal: Access, hooks: list[HookUse]) -> bool:
    """Tell whether a plugin that fails at its work is only forgotten: in a handler of what it threw."""
    if not isinstance(removal.node, Node) or in_handler(removal.node) is None:
        return False
    home = outermost(removal.node) or function
    reached = with_helpers(home)
    if any(inside(use.site, one) for use in hooks for one in reached):
        return False  # the start itself failed, or the end is called as well
    return not _ends_otherwise(reached)


def _ends_otherwise(reached: list[Function]) -> bool:
    calls = [call for one in reached for call in find(one.body, Call)]
    return any(kind_of_name(call.name) == "stop" or set(words(call.name)) & _ENDING_CALLS for call in calls)


def _unused(call: Call, function: Function) -> bool:
    """Tell whether nothing is done with what is taken out, but to ask whether there was anything."""
    around = _whole(call).parent
    if isinstance(around, ExprStatement):
        return True
    if not isinstance(around, Assign) or not isinstance(around.target, Name):
        return False
    uses = [n for n in find(function.body, Name) if n.id == around.target.id and n is not around.target]
    return all(isinstance(n.parent, If | Binary | Unary) for n in uses)


def _whole(call: Call) -> Call | Await:
    return call.parent if isinstance(call.parent, Await) else call
