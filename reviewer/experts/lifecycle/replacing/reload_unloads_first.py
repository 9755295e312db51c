"""LIF031: a reload ends the working plugin before the new one has proved itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, enclosing_loop, exits, use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Await,
    Call,
    Expr,
    Function,
    Handler,
    If,
    Member,
    Name,
    Node,
    Object,
    Return,
    Try,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, inside, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost, with_helpers
from reviewer.experts.lifecycle.bringing.loading import LOADERS, brings_in
from reviewer.experts.lifecycle.bringing.unloading import swaps
from reviewer.experts.lifecycle.holding.stacks import closings
from reviewer.experts.lifecycle.hooks.hooks import Kind, runs_hook, uses_in
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS, has_word, starts, stops

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

_REMOVES: Final = frozenset({"rm", "rmSync", "rmdir", "rmdirSync", "rmtree", "rimraf", "unlink", "unlinkSync"})
_SPARE: Final = frozenset(
    "staging stage tmp temp temporary cache cached backup bak trash lock partial draft next new fresh download "
    "archive stale leftover".split()
)
"""Words of files that nobody runs."""
_RESTARTS: Final = frozenset({"restart", "reset", "reboot", "recycle", "bounce", "revive"})
"""Words of functions that end what runs, to begin the same once more."""


@module_check("LIF031")
def reload_unloads_first(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the ending of the old plugin where the new one is started later, and nothing brings the old back."""
    if module.is_test:
        return
    for function in exchanges(inquiry, module):
        ends = [call for call in calls_in(function.body) if _ends(inquiry, module, call, function)]
        begins = [call for call in calls_in(function.body) if _begins(inquiry, module, call, function)]
        found = _ended_first(ends, begins) or _made_late(module, function)
        if found is not None and (swaps(function.name) or not _keeps_up(found[0])):
            end, begin = found
            yield Match(
                end,
                f"'{function.name}' ends the working plugin here, before '{module.text_of(begin.callee)}' has brought "
                "up the new one; when that fails nothing is left running, and nothing brings the old one back.",
                related=((begin, "the new one starts here"),),
                confidence=Confidence.POSSIBLE if _same_once_more(module, function, end, begin) else None,
            )


def ends_then_begins(inquiry: Inquiry, module: Module, function: Function) -> bool:
    """Tell whether a function itself ends one plugin and begins one, in whatever order, and no failure makes it."""
    made = list(calls_in(function.body))
    ends = [call for call in made if not _in_recovery(call) and _ends(inquiry, module, call, function)]
    return bool(ends) and any(_begins(inquiry, module, call, function) and call not in ends for call in made)


def _keeps_up(end: Node) -> bool:
    """Tell whether what ends stands in a loop that catches failures: one is kept up there that has fallen."""
    loop = enclosing_loop(end)
    return loop is not None and any(one.handlers for one in find(loop.body, Try, into_functions=False))


def _same_once_more(module: Module, function: Function, end: Node, begin: Call) -> bool:
    """Tell whether what begins is told no more than what ended: the same once more, to take other rights into use."""
    given = [module.text_of(arg) for arg in end.args] if isinstance(end, Call) else []
    own = [param.name for param in function.params]
    told = [module.text_of(arg) for arg in begin.args]
    return not swaps(function.name) and bool(given) and given == told and set(given) <= set(own) and len(own) > 1


def exchanges(inquiry: Inquiry, module: Module) -> list[Function]:
    """Return the functions that put new code in the place of old, by their names or by what they do.

    They give the state of one instance to another, or bring in code between an end and a beginning.
    """
    found = {id(f): f for f in module.functions if swaps(f.name)}
    restored = [outermost(use.site) for use in uses_in(inquiry, module, "restore")]
    found.update({id(f): f for f in restored if f is not None and _takes_state(inquiry, module, f)})
    for use in uses_in(inquiry, module, "save"):
        taker = outermost(use.site)
        if taker is not None and any(_leads_to_hook(inquiry, module, call, "restore") for call in calls_in(taker.body)):
            found[id(taker)] = taker
    if uses_in(inquiry, module, "stop"):
        loading = [outermost(call) for call in module.calls(LOADERS) if brings_in(module, call)]
        makers = {id(f): f for f in loading if f is not None}
        makers |= {id(f): f for one in list(makers.values()) for call in callers(one) if (f := outermost(call))}
        found |= {at: f for at, f in makers.items() if f.params and not starts((*words(f.name), "")[0])}
        found |= {id(f): f for f in (*_in_one_place(inquiry, module), *_by_helpers(inquiry, module))}
    return sorted((f for f in found.values() if not _of_a_method(f)), key=lambda f: f.raw.start_byte)


def _in_one_place(inquiry: Inquiry, module: Module) -> Iterator[Function]:
    """Yield the functions that end what stands under a key, wake another one, and put it under the same key."""
    ended = {id(outermost(use.site)) for use in uses_in(inquiry, module, "stop")}
    woken = {id(outermost(use.site)) for use in uses_in(inquiry, module, "start")}
    for table in tables(module):
        taken = [(outermost(a.node), module.text_of(a.key)) for a in table.of("read", "delete") if a.key is not None]
        for write in table.of("write"):
            function = outermost(write.node)
            if function is None or write.key is None or id(function) not in ended & woken:
                continue
            if (function, module.text_of(write.key)) in taken:
                yield function


def _by_helpers(inquiry: Inquiry, module: Module) -> Iterator[Function]:
    """Yield the functions that hand one and the same name to a function that ends one and to one that makes one."""
    made = [
        home
        for use in uses_in(inquiry, module, "start")
        if isinstance(module.scopes.origin(use.receiver), Call) and (home := outermost(use.site)) is not None
    ]
    ends = {id(home) for use in uses_in(inquiry, module, "stop") if (home := outermost(use.site)) is not None}
    for maker in made:
        for call in callers(maker) if id(maker) not in ends else ():
            around = outermost(call)
            if around is None or not call.args or around.module is not module or _RESTARTS & set(words(around.name)):
                continue
            for other in calls_in(around.body):
                ended = definition(module, other.callee) if other.args and other.start < call.start else None
                if not isinstance(ended, Function) or not _about_one(module, call.args[0], other.args[0]):
                    continue
                if any(id(one) in ends for one in with_helpers(ended, 1)):
                    yield around


def _about_one(module: Module, given: Expr, other: Expr) -> bool:
    """Tell whether two arguments speak of one plugin: the same text, or its name and a part of what stands under it.

    ``const old = trees.find((one) => one.id === id); await this.uproot(id); await this.plant(old.source)``
    """
    if module.text_of(given) == module.text_of(other):
        return True
    for held, key in ((strip(given), strip(other)), (strip(other), strip(given))):
        part = held
        while isinstance(part, Member):
            part = strip(part.object)
        made = module.scopes.origin(part) if isinstance(part, Name) else None
        if isinstance(key, Name) and isinstance(made, Expr) and made is not part and key.id in names_in(made):
            return True
    return False


def _of_a_method(function: Function) -> bool:
    return function.kind == "arrow" and function.owner is not None


def _takes_state(inquiry: Inquiry, module: Module, function: Function) -> bool:
    return any(outermost(use.site) is function for use in uses_in(inquiry, module, "save"))


def _made_late(module: Module, function: Function) -> tuple[Node, Call] | None:
    """Return where a function takes the running instance from its table, and the later call that makes the new one."""
    for table in tables(module):
        put = next((a for a in table.of("write") if a.function is function and a.value is not None), None)
        if put is None or put.value is None:
            continue
        named = has_word(table.name, PLUGIN_WORDS)
        gone = next((a.node for a in table.of("delete") if a.function is function and _thrown_away(a.node)), None)
        gone = gone if named else None
        gone = gone or _unloaded_by_helper(module, function, table, put) or _closed_old(module, function, table, put)
        if gone is None or gone.start > put.node.start or _in_recovery(gone):
            continue
        for made in _calls_behind(module, put.value):
            fresh = isinstance(made.parent, Await) and made.start > gone.start
            if fresh and not _brought_back(made, [], in_table=True):
                return gone, made
    return None


def _unloaded_by_helper(module: Module, function: Function, table: Table, put: Access) -> Call | None:
    """Return the call of a function that ends what stands under a key and takes it out: ``await this.unload(id)``."""
    key = module.text_of(put.key) if put.key is not None else ""
    if not swaps(function.name):
        return None
    for call in calls_in(function.body):
        if not call.args or module.text_of(call.args[0]) != key or not _own(call) or not _verb(call, stops):
            continue
        helper = definition(module, call.callee)
        if isinstance(helper, Function) and any(a.function is helper for a in table.of("delete")):
            return call
    return None


def _closed_old(module: Module, function: Function, table: Table, put: Access) -> Call | None:
    """Return where a function that swaps ends what it found under the key: ``old = of.get(name)``, ``old.close()``."""
    key = module.text_of(put.key) if put.key is not None else ""
    found = [a.node for a in table.of("read") if a.function is function and module.text_of(a.key or a.node) == key]
    for call in calls_in(function.body, into_functions=False) if swaps(function.name) else ():
        held = strip(call.receiver) if call.receiver is not None else None
        made = module.scopes.origin(held) if isinstance(held, Name) else None
        if made is not None and any(made is one for one in found) and stops(call.name):
            return call
    return None


def _calls_behind(module: Module, value: Expr) -> Iterator[Call]:
    """Yield the calls that made a value, or what the record that it is holds: ``{ facts, skill }``."""
    made = module.scopes.origin(value)
    parts = [held for _key, held in made.entries] if isinstance(made, Object) else [value]
    for part in parts:
        origin = module.scopes.origin(part) if part is not None else None
        if isinstance(origin, Call):
            yield origin


def _thrown_away(node: Node) -> bool:
    """Tell whether what a removal gives is thrown away."""
    return isinstance(node, Call) and use_of(node).how == "dropped"


def _ends(inquiry: Inquiry, module: Module, call: Call, function: Function) -> bool:
    if any(use.site is call and outermost(use.site) is function for use in uses_in(inquiry, module, "stop")):
        return True
    if call in closings(module):
        return True
    if call.name in _REMOVES and call.args:
        return not _spare(module, call)
    if runs_hook(inquiry, module, call, "stop") or _leads_to_hook(inquiry, module, call, "stop"):
        return True
    return _own(call) and _verb(call, stops) and _keyed(module, call)


def _begins(inquiry: Inquiry, module: Module, call: Call, function: Function) -> bool:
    if any(use.site is call and outermost(use.site) is function for use in uses_in(inquiry, module, "start")):
        return True
    if runs_hook(inquiry, module, call, "start") or _leads_to_hook(inquiry, module, call, "start"):
        return True
    return _own(call) and (_verb(call, starts) or words(call.name)[:1] == ("install",)) and _keyed(module, call)


def _leads_to_hook(inquiry: Inquiry, module: Module, call: Call, kind: Kind) -> bool:
    """Tell whether a call goes to a function of the host, in whatever file, that ends or wakes the one it is given."""
    target = definition(module, call.callee) if call.args else None
    if not isinstance(target, Function) or target.kind == "constructor":
        return False
    frames = {id(outermost(use.site)) for use in uses_in(inquiry, target.module, kind)}
    other: Kind = "start" if kind == "stop" else "stop"
    reached = {id(f) for f in with_helpers(target, 1)}
    mixed = any(outermost(use.site) is target for use in uses_in(inquiry, target.module, other))
    return bool(frames & reached) and not (mixed and id(target) not in frames)


def _spare(module: Module, call: Call) -> bool:
    """Tell whether what is removed from the disk is by its name something that nobody runs."""
    return not _SPARE.isdisjoint(words(module.text_of(call.args[0])))


def _verb(call: Call, test: object) -> bool:
    said = words(call.name)
    return bool(said) and callable(test) and (test(call.name) or bool(test(said[0])))


def _own(call: Call) -> bool:
    callee = strip(call.callee)
    return is_this_member(callee) or isinstance(callee, Name)


def _keyed(module: Module, call: Call) -> bool:
    """Tell whether an own function is called for one plugin: it gets something, and the subject defines it."""
    return bool(call.args) and isinstance(definition(module, call.callee), Function)


def _ended_first(ends: list[Call], begins: list[Call]) -> tuple[Node, Call] | None:
    for end in ends:
        if _in_recovery(end):
            continue
        later = {id(node) for node in after(end)}
        first = next((b for b in begins if b.raw.start_byte > end.raw.end_byte and id(b) in later), None)
        earlier = any(b.raw.end_byte < end.raw.start_byte and _leads_to(b, end) for b in begins)
        if first is not None and not earlier and not _brought_back(first, begins, in_table=False):
            return (end, first)
    return None


def _leads_to(begin: Call, end: Call) -> bool:
    """Tell whether an end may come after a beginning: not where that leaves, ``if (!old) return this.start(id)``."""
    for around in ancestors(begin):
        if isinstance(around, Return) or (isinstance(around, If) and exits(around.body) and not inside(end, around)):
            return False
        if isinstance(around, Function):
            break
    return True


def _in_recovery(node: Node) -> bool:
    return any(isinstance(around, Handler) for around in ancestors(node))


def _brought_back(begin: Call, begins: list[Call], *, in_table: bool) -> bool:
    """Tell whether a handler around the new start starts something again, or puts the old entry back."""
    inner: Node = begin
    for around in ancestors(begin):
        if isinstance(around, Try) and any(inner is s for s in around.body):
            for handler in around.handlers:
                if any(c in begins or _restoring(c, in_table=in_table) for c in calls_in(handler.body)):
                    return True
        if (
            isinstance(around, Call)
            and around.name == "catch"
            and any(_restoring(c, in_table=in_table) for arg in around.args for c in calls_in(arg))
        ):
            return True
        if isinstance(around, Function) and around.owner is not None:
            return False
        inner = around
    return False


def _restoring(call: Call, *, in_table: bool) -> bool:
    """Tell whether a call brings the old one back; to put it back into its table does where it was never ended."""
    said = set(words(call.name))
    if said & {"rollback", "revert", "restore", "reinstate", "recover", "undo", "fallback"} or starts(call.name):
        return True
    receiver = call.receiver
    return in_table and call.name == "set" and isinstance(receiver, Member)
