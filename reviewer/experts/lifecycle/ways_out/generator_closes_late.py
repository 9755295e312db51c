"""LIF185: a generator gives back what it reads from only when its reader comes to the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, For, Handler, Name, Try, While, With, Yield, strip
from reviewer.code.walk import ancestors, find, names_in, statement_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.undone_calls import CLOSES, undone_calls

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node
    from reviewer.experts.lifecycle.holding.undone_calls import Undone

_TAKES_OUT: Final = frozenset(
    "delete discard remove off un pop leave unfollow unobserve unregister deregister unlisten".split()
)


@module_check("LIF185", words=frozenset(name.lower() for name in CLOSES) | _TAKES_OUT)
def generator_closes_late(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each generator for a release that runs only where the loop which gives its values out has ended."""
    if module.is_test:
        return
    for function in module.functions:
        if not function.generator or function.decorators or function.signature_only:
            continue
        late = next((one for one in undone_calls(function) if _is_late(module, function, one)), None)
        if late is not None:
            what = f"'{late.name}'" if late.name else "What it reads from"
            yield Match(
                statement_of(late.end) or late.end,
                f"{what} is given back only when everything was read: whoever leaves the loop early, or an error in "
                f"the middle, ends '{function.name or 'the generator'}' at its yield, and it stays.",
                fix="Put the loop into a try and the release into its finally.",
                related=((late.begin, "begun here"),),
            )


def _is_late(module: Module, function: Function, one: Undone) -> bool:
    """Tell whether a value is given out in a loop between a beginning and its end, and nothing runs in any case."""
    if _in_any_case(one.end) or any(_in_any_case(end) for end in _ends(function, one)):
        return False
    given = [
        node
        for node in find(function.body, Yield, into_functions=False)
        if node.start > one.begin.start and _loop(node) is not None
    ]
    return any(
        _comes_before(node, one) and not _guarded(node, one) and not _closes_itself(module, node, one) for node in given
    )


def _ends(function: Function, one: Undone) -> list[Node]:
    """Return all that a function does with the thing at hand in what runs at its end."""
    return [
        name
        for attempt in find(function.body, Try, into_functions=False)
        for name in find(attempt.final, Name)
        if name.id == one.name
    ]


def _in_any_case(node: Node) -> bool:
    """Tell whether a node stands in what runs when a block ends, however it ends, or when it fails."""
    inner = node
    for around in ancestors(node):
        if isinstance(around, Handler) or (isinstance(around, Try) and any(inner is one for one in around.final)):
            return True
        inner = around
    return False


def _loop(given: Node) -> Node | None:
    return next((around for around in ancestors(given) if isinstance(around, For | While)), None)


def _comes_before(given: Yield, one: Undone) -> bool:
    """Tell whether an end comes after a value is given out: behind it, or in the same loop, which it leaves.

    What each round of a loop begins and ends before it gives anything out is over by then.
    """
    end = one.end
    if end.start >= given.stop:
        return not _other_way(given, end)
    loop = _loop(given)
    return loop is not None and loop.start <= end.start < loop.stop and one.begin.start < loop.start


def _other_way(given: Yield, end: Node) -> bool:
    """Tell whether a value is given out in what runs when the rest of a block failed, and the end is in that block."""
    handler = next((around for around in ancestors(given) if isinstance(around, Handler)), None)
    attempt = handler.parent if handler is not None else None
    return isinstance(attempt, Try) and any(end.start >= one.start and end.stop <= one.stop for one in attempt.body)


def _guarded(given: Yield, one: Undone) -> bool:
    """Tell whether a value is given out inside of something that ends with what was begun."""
    for around in ancestors(given):
        if isinstance(around, Try) and around.final and around.start > one.begin.start:
            return True
        if isinstance(around, With) and any(one.name in names_in(value) for value, _target in around.items):
            return True
    return False


def _closes_itself(module: Module, given: Yield, one: Undone) -> bool:
    """Tell whether the loop goes over the very thing, in a language whose loops close what they leave."""
    if module.language == "python" or not isinstance(one.begin, Assign):
        return False
    loop = _loop(given)
    held = strip(loop.iterable) if isinstance(loop, For) and loop.iterable is not None else None
    return isinstance(held, Name) and held.id == one.name
