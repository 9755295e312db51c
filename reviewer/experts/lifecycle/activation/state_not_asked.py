"""LIF105: a plugin that was put aside is called all the same, because nobody asks for its state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Expr, For, Function, Literal, Member, Name, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost, with_helpers
from reviewer.experts.lifecycle.hooks.hooks import hooks_of, kind_of_name
from reviewer.experts.lifecycle.hooks.spelled_hooks import spelled_hooks
from reviewer.experts.lifecycle.values import last_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access
    from reviewer.experts.check import Inquiry

_ASIDE: Final = frozenset(
    "quarantined quarantine disabled suspended paused blocked benched banned faulted broken retired crashed".split()
)
"""States in which a plugin is there and must not be asked."""


@module_check("LIF105", words=_ASIDE)
def state_not_asked(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call of a plugin that was looked up for a question about the state that can put it aside."""
    if module.is_test:
        return
    states = _states(module)
    nouns = _held(module) - {"", "this"} if states else set()
    for table in tables(module) if nouns else ():
        for read in table.of("read", "iterate"):
            entry, function = _variable(read), read.function
            if not entry or function is None or not _holds_state(table.accesses, entry, states):
                continue
            call = _plugin_call(module, function, entry, nouns)
            if call is not None and not _asks(function, states):
                name, set_here = next(iter(states.items()))
                yield Match(
                    read.node.iterable or read.node if isinstance(read.node, For) else read.node,
                    f"'{module.text_of(call.callee)}' is called without a look at '{name}': a plugin that was put "
                    f"aside in line {set_here.line} is asked as before.",
                    related=((set_here, "put aside here"), (call, "called here")),
                )


def _held(module: Module) -> set[str]:
    """Return the names of the members that hold what is begun and ended: a plugin, or the host's object around it."""
    found = {last_word(use.receiver) for use in hooks_of(module)}
    begun: dict[str, set[str]] = {}
    for call in module.all(Call):
        callee = strip(call.callee)
        kind = kind_of_name(callee.name) if isinstance(callee, Member) else None
        if isinstance(callee, Member) and isinstance(callee.object, Member) and kind in ("start", "stop"):
            begun.setdefault(callee.object.name, set()).add(kind)
    return found | {name for name, kinds in begun.items() if len(kinds) > 1}


def _states(module: Module) -> dict[str, Assign]:
    """Return the members by which entries are put aside: ``line.state = "quarantined"``, ``slot.disabled = true``."""
    found: dict[str, Assign] = {}
    for assign in module.all(Assign):
        target, value = strip(assign.target), strip(assign.value) if assign.value is not None else None
        if not isinstance(target, Member) or not isinstance(strip(target.object), Name):
            continue
        holder = strip(target.object)
        if isinstance(holder, Name) and holder.id in ("this", "self"):
            continue
        text = value.value if isinstance(value, Literal) else value.name.lower() if isinstance(value, Member) else None
        named = text is True and not _ASIDE.isdisjoint(words(target.name))
        if named or (isinstance(text, str) and not _ASIDE.isdisjoint(words(text))):
            found.setdefault(target.name, assign)
    return found


def _variable(read: Access) -> str:
    """Return the variable that holds an entry: what was looked up, or each of a loop in its turn."""
    around = read.node if isinstance(read.node, For) else read.node.parent
    if isinstance(around, For):
        items = list(find(around.target, Name)) if around.target is not None else []
        return items[-1].id if items else ""
    target = strip(around.target) if isinstance(around, Assign) and around.value is read.node else None
    return target.id if isinstance(target, Name) else ""


def _holds_state(accesses: list[Access], entry: str, states: dict[str, Assign]) -> bool:
    """Tell whether a table holds what is put aside: who does so uses it, or is handed one under the same name."""
    homes = {access.function for access in accesses}
    for place in states.values():
        function = outermost(place)
        if function in homes:
            return True
        names = {param.name for param in function.params} if function is not None else set()
        if entry in names and any(name.id == entry for name in find(place.target, Name)):
            return True
    return False


def _plugin_call(module: Module, function: Function, entry: str, nouns: set[str]) -> Call | None:
    """Return the call of a member of the entry's plugin that is none of its hooks."""
    own = spelled_hooks(module)
    for call in calls_in(function.body):
        callee = strip(call.callee)
        plugin: Expr | None = strip(callee.object) if isinstance(callee, Member) else None
        if not isinstance(callee, Member) or not isinstance(plugin, Member) or plugin.name not in nouns:
            continue
        holder = strip(plugin.object)
        hook = kind_of_name(callee.name) is not None or callee.name in own
        if isinstance(holder, Name) and holder.id == entry and not hook:
            return call
    return None


def _asks(function: Function, states: dict[str, Assign]) -> bool:
    """Tell whether the function, one that it calls, or all that call it, look at the state."""
    if any(_reads(reached, states) for reached in with_helpers(function, 1)):
        return True
    around = [outermost(call) for call in callers(function)]
    return bool(around) and all(caller is not None and _reads(caller, states) for caller in around)


def _reads(function: Function, states: dict[str, Assign]) -> bool:
    return any(
        member.name in states and not (isinstance(member.parent, Assign) and member.parent.target is member)
        for member in find(function.body, Member)
    )
