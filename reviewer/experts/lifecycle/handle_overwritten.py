"""LIF011: a handle is overwritten by the next one, so that the first can never be released."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, conditions, use_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Function, Member, Name, Node, strip
from reviewer.code.walk import function_of, walk
from reviewer.code.words import words
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.acquired import REARMING, describe
from reviewer.experts.lifecycle.dependencies import outermost
from reviewer.experts.lifecycle.fate import only_used
from reviewer.experts.lifecycle.owners import Owner, owners

if TYPE_CHECKING:
    from reviewer.code.module import Module

_AGAIN: Final = frozenset(
    (
        "configure reconfigure config settings refresh restart reset reconnect change changed update switch apply "
        "select open show toggle resume focus render on watch follow schedule"
    ).split()
)
"""Words of methods that are called again and again while a plugin runs."""

_WORDS: Final = frozenset(
    (
        "interval timer watch worker socket server observer spawn fork subscribe on listener source popen thread task"
    ).split()
)
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
                if isinstance(node, Assign) and _keeps(node) and _runs_again(owner, node):
                    yield from _set_over(module, owner, node)


def _keeps(node: Assign) -> bool:
    target = strip(node.target)
    return is_this_member(target) and isinstance(node.value, Call) and node.op == "="


def _set_over(module: Module, owner: Owner, node: Assign) -> Iterator[Match]:
    call, target = node.value, strip(node.target)
    if not isinstance(call, Call) or not isinstance(target, Member) or use_of(call).how != "assigned":
        return
    if module.resolve(call.callee) in REARMING:
        return  # a timer that sets itself again holds nothing by then
    described = describe(module, call)
    if described is None or described[0] == "registration" or f"this.{target.name}" not in owner.released:
        return
    function = outermost(node)
    if function is None or _looked_at(node, target.name) or _released_before(function, node, target.name):
        return
    yield Match(
        node,
        f"'{module.text_of(target)}' is set again whenever '{function.name}' runs: what it held goes on, and nobody "
        "can release it any more.",
    )


def _runs_again(owner: Owner, node: Node) -> bool:
    """Tell whether the method around a node may run more than once between the start and the end."""
    function = outermost(node)
    if function is None or function is owner.start or function.kind == "constructor" or not function.name:
        return False
    if any(function is end for end in owner.reached) or function.name == "__init__":
        return False
    return not set(words(function.name)).isdisjoint(_AGAIN) and _not_only_from_start(owner, function)


def _not_only_from_start(owner: Owner, function: Function) -> bool:
    """Tell whether a method is called or handed on from elsewhere than the start, or by the host."""
    uses = [
        node
        for top in owner.nodes
        for node in walk(top)
        if isinstance(node, Member | Name) and (node.name if isinstance(node, Member) else node.id) == function.name
    ]
    inside_start = [node for node in uses if outermost(node) is owner.start and _called(node)]
    handed = [node for node in uses if not _called(node)]
    elsewhere = [node for node in uses if outermost(node) is not owner.start]
    return bool(handed or elsewhere) or not inside_start


def _called(node: Node) -> bool:
    """Tell whether a function is called right where its name stands, and not inside a callback."""
    parent = node.parent
    around = function_of(node)
    return isinstance(parent, Call) and parent.callee is node and (around is None or around.kind != "arrow")


def _looked_at(node: Assign, name: str) -> bool:
    tests = [condition.test for condition in conditions(node)]
    return any(isinstance(n, Member) and n.name == name for test in tests for n in walk(test))


def _released_before(function: Function, node: Assign, name: str) -> bool:
    """Tell whether the field is mentioned, or a stopping method is called, before it is set."""
    for earlier in before(node):
        if isinstance(earlier, Member) and earlier.name == name and not only_used(earlier):
            return True
        if isinstance(earlier, Call) and not _STOPS.isdisjoint(words(earlier.name)):
            return True
    body = [n for n in walk(function.body) if n.raw.end_byte <= node.raw.start_byte]
    return any(isinstance(n, Member) and n.name == name and not only_used(n) for n in body)
