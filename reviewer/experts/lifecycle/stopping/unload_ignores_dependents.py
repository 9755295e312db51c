"""LIF024: a plugin is stopped without a look at the plugins that need it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, in_handler
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, For, Function, Index, Literal, Member, Name, While, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, behind, calls_in, find, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import (
    callers,
    functions_of,
    home,
    is_inner,
    needs_followed,
    only_emptied,
    outermost,
    speaks_of_dependencies,
    with_helpers,
    worked_out_for_one,
)
from reviewer.experts.lifecycle.bringing.followed import brought_first, followed_members
from reviewer.experts.lifecycle.bringing.unloading import STARTING, swaps, unloads
from reviewer.experts.lifecycle.hooks.hooks import hooks_of
from reviewer.experts.lifecycle.stopping.declared_needs import names_needs
from reviewer.experts.lifecycle.stopping.ended_entries import ended_entries
from reviewer.experts.lifecycle.vocabulary import DEPENDENCY_WORDS
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Access

_SAYS: Final = DEPENDENCY_WORDS - {"require", "required", "after", "imports", "uses", "extends"}
"""Words of which a host that knows dependencies has at least one, unless it goes down a list of its own."""
_FAILURES: Final = frozenset("crash crashed failed failure fail died exited error gone lost".split())
"""Words of functions that hear of the end of a plugin which nobody asked for."""
_PUTS_OFF: Final = frozenset({"push_async_callback", "callback", "push_async_exit", "defer", "use", "adopt", "push"})
"""Calls that hand a function to what runs it in the end."""
_MOST_HELPERS: Final = 2
"""Functions between that which is asked to end a plugin and that which does so."""


@module_check("LIF024")
def unload_ignores_dependents(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a host that starts dependencies first ends a plugin without asking who depends on it."""
    if module.is_test:
        return
    ends = {id(unload.function): (unload.function, unload.steps[0]) for unload in unloads(inquiry, module)}
    for ended in ended_entries(module):
        ends.setdefault(id(ended.function), (ended.function, ended.step))
    said = not _SAYS.isdisjoint(module.words)
    for function, first in ends.values():
        own = followed_members(function.module) | brought_first(function.module) | _of_makers(function)
        if (
            not (
                own
                or (said and _host_knows_dependencies(function))
                or _starts_in_order(function)
                or names_needs(function)
            )
            or _asks(function, own - {function.name})
            or _looks_at_others(function)
            or _begins_another(function)
            or _takes_no_request(function)
        ):
            continue
        asked, last = _asked_for(function, first, own)
        place = locate_bytes(module, asked.raw.start_byte, last.raw.end_byte)  # where the question is missing
        yield Match(
            place,
            f"'{function.name}' ends a plugin without looking for others that depend on it; they go on "
            "with a dead dependency.",
            related=((first, "ended here"),),
        )


def _asked_for(function: Function, first: Node, own: frozenset[str]) -> tuple[Function, Node]:
    """Return the function that somebody asks to end one plugin, down to the step by which it does."""
    for _ in range(_MOST_HELPERS if function.private or function.name.startswith("_") or is_inner(function) else 0):
        calls = [call for call in callers(function) if not _is_no_request(call)]
        calls.sort(key=lambda call: _caller_asks(function, call, own))
        around = outermost(calls[0]) if calls else None
        if around is None or not around.params or _passes_on(around):
            break
        function, first = around, calls[0]
    return function, first


def _passes_on(function: Function) -> bool:
    """Tell whether a function only hands its parameters on: ``(key) => inTurn(() => close(key))``."""
    parts = [function, *find(function.body, Function)]
    bodies = [part.raw.child_by_field_name("body") for part in parts]
    return all(body is not None and body.type not in ("statement_block", "block") for body in bodies)


def _host_knows_dependencies(function: Function) -> bool:
    others = [other for other in functions_of(home(function)) if other is not function]
    return any(speaks_of_dependencies(other.body, firm=True) for other in others)


def _of_makers(function: Function) -> frozenset[str]:
    """Return the members that a function of another file follows, whose answer is started one after the other."""
    found: frozenset[str] = frozenset()
    for other in functions_of(home(function)):
        for loop in find(other.body, For) if other is not function else ():
            made = strip(loop.iterable) if loop.iterable is not None else None
            maker = definition(function.module, made.callee) if isinstance(made, Call) else None
            if isinstance(maker, Function) and maker.module is not function.module:
                found |= followed_members(maker.module) | needs_followed(maker)
    return found


def _begins_another(function: Function) -> bool:
    """Tell whether a function starts a plugin, too: what it ends has another in its place."""
    frames = {id(outermost(use.site)) for use in hooks_of(function.module) if use.kind == "start"}
    return any(id(one) in frames for one in with_helpers(function, 1))


def _looks_at_others(function: Function) -> bool:
    """Tell whether the end of one goes through the table that it takes it out of: it asks the others something."""
    names = {
        table.name
        for table in tables(function.module)
        for one in table.of("delete")
        if one.function is not None and outermost(one.node) in with_helpers(function)
    }
    around = [one for call in callers(function) if not _is_no_request(call) and (one := outermost(call)) is not None]
    return any(
        table.name in names and any(access.function is not None and outermost(access.node) is one for one in reached)
        for reached in ([*with_helpers(function)], around)
        for table in tables(function.module)
        for access in table.of("iterate")
    )


def _starts_in_order(function: Function) -> bool:
    """Tell whether a function beside this one goes over what another file works out of the needs of one plugin."""
    others = [other for other in functions_of(home(function)) if other is not function]
    return any(
        loop.iterable is not None and worked_out_for_one(function.module, loop.iterable)
        for other in others
        for loop in find(other.body, For)
    )


def _asks(function: Function, own: frozenset[str]) -> bool:
    if any(_names(one, own) for one in with_helpers(function)):
        return True
    if any(speaks_of_dependencies([*f.params, *f.body], read=True) for f in with_helpers(function)):
        return True
    found = list(callers(function))
    asking = [call for call in found if in_handler(call) is None]  # a start that fails looks for what it needs itself
    requests = [call for call in asking if _is_request(call)]
    if requests:
        return all(_caller_asks(function, call, own) for call in requests)
    return any(_caller_asks(function, call, own) for call in asking or found)


def _is_request(call: Call) -> bool:
    """Tell whether somebody asks that a plugin ends, and not that another takes its place."""
    around = outermost(call)
    return around is not None and not swaps(around.name) and not _is_no_request(call)


def _caller_asks(function: Function, call: Call, own: frozenset[str], depth: int = 0) -> bool:
    """Tell whether the function around a call of one that ends a plugin, or who runs that, looks for what needs it."""
    around = outermost(call)
    hidden = around is not None and (around.private or around.name.startswith("_"))
    if around is not None and hidden and depth < _MOST_HELPERS:
        above = [one for one in callers(around) if _is_request(one)]
        if above and all(_caller_asks(function, one, own, depth + 1) for one in above):
            return True
    for one in with_helpers(around, 1) if around is not None else ():
        begins = one is not around and not STARTING.isdisjoint(words(one.name)[:1])
        if one is not function and not begins and (speaks_of_dependencies(one.body) or _names(one, own)):
            return True
    return False


def _names(function: Function, members: frozenset[str]) -> bool:
    """Tell whether a function speaks of such a member, and not only to take something out of it."""
    if not members:
        return False
    held: list[Member | Name] = [member for member in find(function.body, Member) if member.name in members]
    held += [name for name in find(function.body, Name) if name.id in members]
    keyed = (key for key in find(function.body, Literal) if isinstance(key.parent, Index) and key.value in members)
    return any(not only_emptied(one) for one in held) or any(True for _ in keyed)


def _takes_no_request(function: Function) -> bool:
    """Tell whether nobody asks for the end of one plugin here.

    All of them are ended, this one has failed, or a new version has taken its place.
    """
    if _counts_on(function):
        return True
    hidden = function.private or function.name.startswith("_") or is_inner(function)
    calls = list(callers(function)) if hidden else []
    return all(map(_is_no_request, calls)) if calls else hidden and _is_put_off(function)


def _counts_on(function: Function) -> bool:
    """Tell whether a function goes on to the next one by itself: ``const endAt = (at) => … endAt(at - 1)``."""
    counted = {param.name for param in function.params}
    for call in calls_in(function.body):
        step = strip(call.args[0]) if call.name == function.name and call.receiver is None and call.args else None
        if isinstance(step, Binary) and step.op in ("+", "-") and isinstance(strip(step.left), Name):
            return not counted.isdisjoint(names_in(step.left))
    return False


def _is_put_off(function: Function) -> bool:
    """Tell whether a function is only handed to what runs it in the end: ``stack.push_async_callback(self._cool)``."""
    module = function.module
    return any(
        definition(module, arg) is function
        for call in module.calls(_PUTS_OFF)
        for arg in call.args[:1]
        if isinstance(strip(arg), Member | Name)
    )


def _is_no_request(call: Call) -> bool:
    """Tell whether a call ends each of several plugins, one that has failed, or one that another has replaced."""
    around = outermost(call)
    return (
        isinstance(enclosing_loop(call), For)
        or _until_empty(call)
        or in_handler(call) is not None
        or (around is not None and _begins_another(around))
        or (around is not None and not _FAILURES.isdisjoint(words(around.name)))
        or _replaced_before(call)
    )


def _until_empty(call: Call) -> bool:
    """Tell whether a call stands in a loop that takes all out of a table: ``while kits: kits.popitem()``."""
    loop = enclosing_loop(call)
    return isinstance(loop, While) and any(
        one.name in ("popitem", "pop", "shift", "popleft") and not one.args for one in calls_in(loop.body)
    )


def _replaced_before(call: Call) -> bool:
    """Tell whether a table holds another under the same key by the time that what it held is ended."""
    around = outermost(call)
    given = {name.id for arg in call.args for name in find(arg, Name)}
    if around is None or not given:
        return False
    module = around.module
    for table in tables(module):
        reads = [one for one in table.of("read") if one.function is around and _held_as(one, given)]
        puts = [one for one in table.of("write") if one.function is around and behind(call, one.node)]
        texts = {module.text_of(one.key) for one in puts if one.key is not None}
        if any(read.key is not None and module.text_of(read.key) in texts for read in reads):
            return True
    return False


def _held_as(read: Access, names: set[str]) -> bool:
    """Tell whether what a table gave is held in a variable of one of these names."""
    assign = next((one for one in ancestors(read.node) if isinstance(one, Assign)), None)
    return assign is not None and isinstance(assign.target, Name) and assign.target.id in names
