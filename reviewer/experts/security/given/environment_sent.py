"""SEC060: the whole environment leaves the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.onward import onward
from reviewer.code.syntax import (
    Assign,
    Call,
    Function,
    Index,
    Literal,
    Member,
    Object,
)
from reviewer.code.walk import ancestors, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.given.environment_given import WHOLE
from reviewer.experts.security.reaching.sinks import shown
from reviewer.experts.security.values.places import kind_of_call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_THROUGH: Final = frozenset(
    "stringify dumps dict str copy entries items assign inspect format String from fromEntries repr sorted "
    "list toObject encode pformat map join".split()
)
"""Calls whose result still holds every variable."""
_LOGS: Final = frozenset(
    "log info debug warn error print emit send post write publish track capture fetch request dump".split()
)


@module_check("SEC060", words={"env", "environ"})
def environment_sent(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for the whole environment among what is sent, logged or handed over."""
    if module.is_test:
        return
    for node in module.all_nodes:
        if not isinstance(node, Member | Call) or module.resolve(node) not in WHOLE or _is_part(node):
            continue
        if _is_given_to_process(node):
            continue
        for place in onward(module, node, _THROUGH):
            sender = _sender(module, place)
            if sender is None:
                continue
            far = place is not node
            yield Match(
                sender if far else node,
                f"The whole environment goes out with '{shown(module, sender.callee, 40)}', with every key in it.",
                related=((node, "taken here"),) if far else (),
            )
            break


def _is_given_to_process(node: Node) -> bool:
    """Tell whether the environment is meant for a process: ``env`` among options that name a folder or streams."""
    return any(
        isinstance(around, Object) and {"cwd", "stdio", "shell", "detached", "execArgv"} & set(around.keys)
        for around in ancestors(node)
    )


def _is_part(node: Node) -> bool:
    """Tell whether only one variable is taken out of the environment here."""
    parent = node.parent
    if isinstance(parent, Member) and parent.object is node:
        return parent.name not in ("copy", "items", "toObject")
    return isinstance(parent, Index)


def _sender(module: Module, node: Node) -> Call | None:
    for around in ancestors(node):
        if isinstance(around, Call) and (kind_of_call(module, around) == "remote" or around.name in _LOGS):
            started = any(isinstance(n, Literal) and n.value == "env" for n in walk(around, into_functions=False))
            return None if started and around.name not in ("fetch", "post", "send", "emit") else around
        hands_through = isinstance(around, Call) and around.name in _THROUGH
        if not hands_through and isinstance(around, Call | Function | Assign):
            return None
    return None
