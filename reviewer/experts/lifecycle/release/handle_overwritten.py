"""LIF011: a handle is overwritten by the next one, so that the first can never be released."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter
from reviewer.code.flow import before, conditions, enclosing_loop, exits, siblings, use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, ExprStatement, For, Function, Literal, Member, Name, Node, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, statement_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.holding.acquired import REARMING, describe, waits
from reviewer.experts.lifecycle.holding.fate import callbacks, home_of, only_used
from reviewer.experts.lifecycle.holding.owners import Owner, owners
from reviewer.experts.lifecycle.values import last_word

if TYPE_CHECKING:
    from reviewer.code.module import Module

_AGAIN: Final = frozenset(
    (
        "configure reconfigure config settings refresh restart reset reconnect change changed update switch apply "
        "select show toggle resume focus render on watch follow schedule"
    ).split()
)
"""Words of methods that are called again and again while a plugin runs."""
_BEGINNINGS: Final = (("connect",), ("open",), ("start",), ("begin",), ("dial",), ("login",), ("listen",), ("attach",))
"""First words of methods by which others have something opened."""
_CHANGES: Final = frozenset("configure reconfigure reload refresh restart reset update change changed apply".split())
"""Those that say by themselves that something ran before."""
_SETTINGS: Final = frozenset({"config", "configuration", "settings", "options", "preferences"})

_WORDS: Final = frozenset(
    (
        "interval timer watch worker socket sockets server observer spawn fork subscribe on listener source popen "
        "thread task connect register use provide hook event events bus"
    ).split()
)
_VALUES: Final = frozenset("max min sum len sorted int float str bool round abs dict list set tuple".split())
"""Calls that give a plain value, which holds nothing."""
_ENDED: Final = frozenset(
    "close closed exit exited end ended error disconnect disconnected lost onclose onerror".split()
)
"""Words of events by which something says that it has ended."""
_STOPS: Final = frozenset(
    (
        "stop clear dispose close cancel reset disconnect release teardown cleanup off unwatch terminate destroy kill "
        "abort unsubscribe detach"
    ).split()
)


@module_check("LIF011", words=_WORDS)
def handle_overwritten(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a method that may run twice keeps what it starts in a field without a look at what is there."""
    if module.is_test:
        return
    for owner in owners(inquiry, module):
        for top in owner.nodes:
            for node in walk(top):
                if not isinstance(node, Assign) or not _keeps(module, owner, node):
                    continue
                first = _set_just_before(module, owner, node)
                if first is not None:
                    yield Match(
                        first,
                        f"'{module.text_of(node.target)}' holds what this gives for a moment alone: line {node.line} "
                        "puts the next one over it, and this one can't be released any more.",
                        related=((node, "set over here"),),
                    )
                elif _in_loop(node) or _runs_again(owner, node) or _begun_again(module, owner, node):
                    yield from _set_over(module, owner, node)


def _keeps(module: Module, owner: Owner, node: Assign) -> bool:
    """Tell whether what a call gives is put into a field, or into a variable that the end of the owner reads."""
    target = strip(node.target)
    made = strip(node.value) if node.value is not None else None
    if not isinstance(made, Call) or node.op != "=" or node.declare:
        return False
    if made.receiver is None and made.name in _VALUES:
        return False
    return is_this_member(target) or (isinstance(target, Name) and _shared(module, owner, node, target.id))


def _shared(module: Module, owner: Owner, node: Assign, name: str) -> bool:
    """Tell whether a variable is one and the same for the function that sets it and for the end that releases it."""
    home = home_of(module, name, node)
    return any(
        use.id == name and not only_used(use) and home_of(module, name, use) is home
        for end in owner.reached
        if end is not function_of(node) and end.module is module
        for use in find(end.body, Name)
    )


def _in_loop(node: Assign) -> bool:
    """Tell whether a handle is put into one and the same place in each turn of a loop that goes on afterwards."""
    loop, statement = enclosing_loop(node), statement_of(node)
    if not isinstance(loop, For) or loop.style == "c" or statement is None:
        return False
    beside = siblings(statement)
    behind = beside[beside.index(statement) + 1 :] if statement in beside else []
    kept = any(
        isinstance(use, Name | Member) and last_word(use) == last_word(node.target) and not _goes_on(use)
        for use in walk(behind)
    )
    return not exits(behind) and not kept


def _goes_on(use: Name | Member) -> bool:
    """Tell whether a thing is only asked something, or set going: ``timer.start()``."""
    member = use.parent
    return only_used(use) or (isinstance(member, Member) and member.object is use and member.name == "start")


def _begins_something(module: Module, call: Call) -> bool:
    """Tell whether a call acquires something, sets a timer, or hands over a function that will be called."""
    return describe(module, call) is not None or waits(module, call) or any(True for _ in callbacks(call))


def _set_just_before(module: Module, owner: Owner, node: Assign) -> Assign | None:
    """Return where the field was given another handle a few statements earlier, which nobody has touched since."""
    target, kept = strip(node.target), strip(node.value) if node.value is not None else None
    if not isinstance(target, Member | Name) or not isinstance(kept, Call) or describe(module, kept) is None:
        return None
    statement: Node = node.parent if isinstance(node.parent, ExprStatement) else node
    beside = siblings(statement)
    earlier = beside[: beside.index(statement)] if statement in beside else []
    for one in reversed(earlier):
        value = one.value if isinstance(one, ExprStatement) else one
        if isinstance(value, Assign) and module.text_of(strip(value.target)) == module.text_of(target):
            made = strip(value.value) if value.value is not None else None
            held = isinstance(made, Call) and value.op == "=" and describe(module, made) is not None
            ended = isinstance(target, Name) or f"this.{target.name}" in owner.released
            return value if held and ended else None
        if any(isinstance(part, type(target)) and last_word(part) == last_word(target) for part in walk(one)):
            return None
    return None


def _set_over(module: Module, owner: Owner, node: Assign) -> Iterator[Match]:
    call, target = strip(node.value) if node.value is not None else None, strip(node.target)
    if not isinstance(call, Call) or not isinstance(target, Member | Name) or use_of(call).how != "assigned":
        return
    each, name = _in_loop(node), last_word(target)
    if not each and (module.resolve(call.callee) in REARMING or call.name in REARMING):
        return  # a timer that sets itself again holds nothing by then
    described = describe(module, call)
    if not (each and _begins_something(module, call)) and (described is None or described[0] == "registration"):
        return
    if isinstance(target, Member) and f"this.{name}" not in owner.released:
        return
    function = outermost(node)
    if function is None or _looked_at(node, name) or _released_before(function, node, name):
        return
    when = "in each turn of the loop" if each else f"whenever '{function.name}' runs"
    yield Match(
        node,
        f"'{module.text_of(target)}' is set again {when}: what it held goes on, and nobody can release it any more.",
    )


def _begun_again(module: Module, owner: Owner, node: Assign) -> bool:
    """Tell whether a method that sets an interval is called anew by its own object, once what it opened is lost."""
    function, made = outermost(node), strip(node.value) if node.value is not None else None
    described = describe(module, made) if isinstance(made, Call) else None
    if function is None or described is None or not described[1].startswith("setInterval"):
        return False
    if function.private or function.name.startswith(("_", "#")) or words(function.name)[:1] not in _BEGINNINGS:
        return False  # nobody else has called it before
    return any(
        is_this_member(use) and use.name == function.name and isinstance(use.parent, Call) and use.parent.callee is use
        for top in owner.nodes
        for use in find(top, Member)
        if outermost(use) is not function
        and not _behind_a_stop(use)
        and not _stopped_in(outermost(use), last_word(node.target))
    )


def _stopped_in(function: Function | None, name: str) -> bool:
    """Tell whether a function that calls the method anew does something with what it left."""
    used = (one for one in walk(function.body) if isinstance(one, Member | Name)) if function is not None else ()
    return any(last_word(one) == name and not (only_used(one) or _set(one)) for one in used)


def _runs_again(owner: Owner, node: Node) -> bool:
    """Tell whether the method around a node may run more than once between the start and the end."""
    function = outermost(node)
    if function is None or _begins(owner, function) or function.kind == "constructor" or not function.name:
        return False
    if any(function is end for end in owner.reached) or function.name == "__init__":
        return False
    uses = _uses(owner, function)
    later = [use for use in uses if not _from_start(owner, use) and not _behind_a_stop(use)]
    if function is owner.start:
        return bool(later) or not _CHANGES.isdisjoint(words(function.name))
    if set(words(function.name)).isdisjoint(_AGAIN):
        return len(uses) > 1 and bool(later)
    return bool(later) or not uses or (owner.plugin and _told_of_settings(function))


def _told_of_settings(function: Function) -> bool:
    """Tell whether a method is the one by which a host tells a plugin its settings, each time that they change."""
    said = set(words(function.name))
    told = said & {"configure", "reconfigure"} or (said & _SETTINGS and said & _CHANGES)
    return bool(told) and bool(function.params) and not function.private


def _begins(owner: Owner, function: Function) -> bool:
    """Tell whether a method is the beginning of its owner, by which it is called once."""
    named = is_starter(function.name) and not function.private
    if function is owner.start:
        return named or function.owner is not None or owner.nodes == [function]
    return named and function.owner is not None


def _uses(owner: Owner, function: Function) -> list[Node]:
    """Return where a method is called or handed on, but in itself and where something has ended by itself."""
    return [
        node
        for top in owner.nodes
        for node in walk(top)
        if isinstance(node, Member | Name)
        and (node.name if isinstance(node, Member) else node.id) == function.name
        and outermost(node) is not function
        and not _when_ended(node)
    ]


def _from_start(owner: Owner, use: Node) -> bool:
    """Tell whether a method is called in the beginning of its owner, and not in a callback of it."""
    around = outermost(use)
    return around is not None and _begins(owner, around) and _called(use)


def _behind_a_stop(use: Node) -> bool:
    """Tell whether a method is called right after another that stops something: ``this.stop(); this.open();``."""
    return any(isinstance(node, Call) and not _STOPS.isdisjoint(words(node.name)) for node in before(use))


def _when_ended(node: Node) -> bool:
    """Tell whether something stands in a listener for the end of what is replaced: ``on("close", …)``."""
    for around in ancestors(node):
        first = around.args[0] if isinstance(around, Call) and len(around.args) > 1 else None
        if isinstance(first, Literal) and isinstance(first.value, str) and not _ENDED.isdisjoint(words(first.value)):
            return True
        if isinstance(around, Assign) and isinstance(around.target, Member):
            return not _ENDED.isdisjoint(words(around.target.name))  # socket.onclose = () => …
    return False


def _called(node: Node) -> bool:
    """Tell whether a function is called right where its name stands, and not inside a callback."""
    parent = node.parent
    around = function_of(node)
    return isinstance(parent, Call) and parent.callee is node and (around is None or around.kind != "arrow")


def _looked_at(node: Assign, name: str) -> bool:
    tests = [condition.test for condition in conditions(node)]
    return any(isinstance(n, Member | Name) and last_word(n) == name for test in tests for n in walk(test))


def _released_before(function: Function, node: Assign, name: str) -> bool:
    """Tell whether the field is mentioned, or a stopping method is called, before it is set."""
    for earlier in before(node):
        held = isinstance(earlier, Member | Name) and last_word(earlier) == name and not _set(earlier)
        if held and isinstance(earlier, Member | Name) and not only_used(earlier):
            return True
        if isinstance(earlier, Call) and (
            not _STOPS.isdisjoint(words(earlier.name)) or _releases(function.module, earlier, name)
        ):
            return True
    body = [n for n in walk(function.body) if n.raw.end_byte <= node.raw.start_byte]
    return any(isinstance(n, Member | Name) and last_word(n) == name and not (only_used(n) or _set(n)) for n in body)


def _set(node: Node) -> bool:
    """Tell whether something is only declared, or given its first value: ``let off = () => {}``, ``nonlocal off``."""
    around = node.raw.parent
    declared = around is not None and around.type in ("global_statement", "nonlocal_statement")
    return declared or (isinstance(node.parent, Assign) and node.parent.target is node)


def _releases(module: Module, call: Call, name: str) -> bool:
    """Tell whether a call goes to a method of the owner that does something with the field."""
    helper = definition(module, call.callee)
    return isinstance(helper, Function) and any(
        last_word(one) == name and not only_used(one) for one in walk(helper.body) if isinstance(one, Member | Name)
    )
