"""LIF184: where the start of a plugin fails it takes back what it did, all but what it opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Function, Member, Name, Node, Throw, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.activation.left_when_start_fails import ends
from reviewer.experts.lifecycle.holding.acquired import describe
from reviewer.experts.lifecycle.holding.owners import owners
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.lifecycle.holding.owners import Owner

_LASTING: Final = frozenset({"resource", "timer", "task"})
_KEEPS: Final = frozenset(
    "push append add enter_context enter_async_context callback push_async_callback push_async_exit use defer".split()
)
"""Calls that put a thing, or its end, on a list of what is to be undone."""
_UNDOES: Final = frozenset("release releases undo cleanup teardown dispose rollback reset unregister clear".split())
_DEPTH: Final = 2


@module_check("LIF184", words=HOOK_WORDS)
def left_by_rollback(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each start opens and its end closes, for whether a clause that takes the start back closes it."""
    if module.is_test:
        return
    for owner in owners(inquiry, module):
        if not owner.plugin or owner.start is None or not owner.ends:
            continue
        for guard in find(owner.start.body, Try, into_functions=False):
            undone = next((one.body for one in guard.handlers if _takes_back(module, one.body)), None)
            if undone is None:
                continue
            for made, names in _opened(module, owner.start, guard):
                if not _ended(module, owner.ends, names) or _ended_in(module, undone, names) or _listed(owner, names):
                    continue
                yield Match(
                    undone[0],
                    f"Where the start fails, this takes back what it did, and leaves '{short(module.text_of(made))}' "
                    "open: the host never calls the end of what did not start.",
                    related=((made, "opened here"),),
                )
                break


def _takes_back(module: Module, body: Sequence[Node]) -> bool:
    """Tell whether a clause undoes something and hands the error on, and does not run the whole end."""
    if not body or not isinstance(body[-1], Throw):
        return False
    return any(set(words(call.name)) & _UNDOES or ends(call) for call in calls_in(body, into_functions=False))


def _opened(module: Module, start: Function, guard: Try) -> Iterator[tuple[Call, set[str]]]:
    """Yield what a start opens before it may fail, with the names under which it is known."""
    for made in find(start.body, Assign, into_functions=False):
        value = strip(made.value) if made.value is not None else None
        value = strip(value.value) if isinstance(value, Await) else value
        target = strip(made.target)
        found = describe(module, value) if isinstance(value, Call) else None
        if found is None or found[0] not in _LASTING or not found[2] or not isinstance(value, Call):
            continue
        if made.start > guard.start and not any(inside(made, one) for one in guard.body[:-1]):
            continue
        if is_this_member(target):
            yield value, {target.name}
        elif isinstance(target, Name):
            kept = (one for one in find(start.body, Assign) if getattr(one.value, "id", "") == target.id)
            yield value, {target.id, *(held.name for one in kept if is_this_member(held := strip(one.target)))}


def _ended(module: Module, functions: list[Function], names: set[str]) -> bool:
    return any(_ended_in(module, function.body, names) for function in functions)


def _ended_in(module: Module, body: Sequence[Node], names: set[str], depth: int = _DEPTH) -> bool:
    """Tell whether statements end what has one of these names, themselves or by methods of the same object."""
    known = set(names)
    for alias in find(body, Assign):
        if isinstance(alias.target, Name) and alias.value is not None and _mentions(alias.value, known):
            known.add(alias.target.id)
    for call in calls_in(body):
        named = ends(call) or call.name.startswith("clear") or call.name == "cancel"
        if named and any(_mentions(one, known) for one in (call.callee, *call.args)):
            return True
        own = definition(module, call.callee) if depth else None
        if isinstance(own, Function) and own.module is module and _ended_in(module, own.body, names, depth - 1):
            return True
    return False


def _mentions(node: Node, names: set[str]) -> bool:
    members = any(one.name in names for one in find(node, Member))
    return members or any(one.id in names for one in find(node, Name))


def _listed(owner: Owner, names: set[str]) -> bool:
    """Tell whether a thing is put on a list of what is to be undone."""
    start = owner.start
    return start is not None and any(
        call.name in _KEEPS and any(_mentions(arg, names) for arg in call.args) for call in calls_in(start.body)
    )
