"""LIF024: who needs a plugin is looked up where it is ended, and that is only written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.flow import exits, in_handler
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    ExprStatement,
    For,
    Function,
    If,
    Name,
    Return,
    Throw,
    strip,
)
from reviewer.code.walk import ancestors, calls_in, find, inside, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import speaks_of_dependencies
from reviewer.experts.lifecycle.hooks.doors import passages, ways
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS
from reviewer.experts.told_only import only_tells

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node


@module_check("LIF024", words=HOOK_WORDS)
def dependents_only_noted(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the note about those that need a plugin, in a function that ends it all the same."""
    if module.is_test:
        return
    for function in module.functions:
        done = ways(module, function)
        ended = [call for call in passages(function) if "stop" in done and in_handler(call) is None]
        if not function.params or not ended or "start" in done:
            continue  # a start that fails ends what it has begun
        for assign in find(function.body, Assign, into_functions=False):
            users = assign.target.id if isinstance(assign.target, Name) else ""
            if not users or assign.value is None or not speaks_of_dependencies(assign.value):
                continue
            uses = [node for node in find(function.body, Name) if node.id == users and node is not assign.target]
            notes = [_note(module, function, use) for use in uses]
            first = next((note for note in notes if note is not None), None)
            if first is None or any(note is None for note in notes) or ended[-1].start < first.start:
                continue
            yield Match(
                first,
                f"'{users}' are those that need the plugin, and that is only noted here: '{function.name}' ends it all "
                "the same, and they go on with a dead dependency.",
                related=((ended[-1], "ended here"),),
            )
            break
        else:
            yield from _noted_in_loop(module, function, ended[-1])


def _noted_in_loop(module: Module, function: Function, ended: Call) -> Iterator[Match]:
    """Speak at a loop that looks for those that need a plugin and does nothing with them but tell them."""
    for loop in find(function.body, For, into_functions=False):
        looked = [loop.iterable, *(one.test for one in find(loop.body, If, into_functions=False))]
        asked = any(speaks_of_dependencies(one) for one in looked if one is not None)
        if not asked or ended.start < loop.start or inside(ended, loop) or not all(map(only_tells, loop.body)):
            continue
        if not _ends_some(module, loop):
            yield Match(
                loop,
                f"Those that need the plugin are only told here: '{function.name}' ends it all the same, and they go "
                "on with a dead dependency.",
                related=((ended, "ended here"),),
            )
            return


def _note(module: Module, function: Function, use: Name) -> Node | None:
    """Return the statement that does nothing with a name but tell it; None where something hangs on it."""
    for around in ancestors(use):
        if isinstance(around, If) and inside(use, around.test):
            plain = not exits(around.body) and not around.orelse and all(map(_is_plain_call, around.body))
            acts = any(isinstance(node, Throw | Return | Await) for node in walk(around.body, into_functions=False))
            return around if plain and not acts and not _ends_some(module, around) else None
        if isinstance(around, ExprStatement):
            return around if only_tells(around) and not _ends_some(module, around) else None
        if around is function:
            return None
    return None


def _is_plain_call(statement: Node) -> bool:
    return isinstance(statement, ExprStatement) and isinstance(strip(statement.value), Call)


def _ends_some(module: Module, node: Node) -> bool:
    """Tell whether a call of a statement ends plugins, or throws."""
    for call in calls_in(node):
        target = definition(module, call.callee)
        if isinstance(target, Function) and (
            "stop" in ways(module, target) or any(True for _ in find(target.body, Throw))
        ):
            return True
    return False
