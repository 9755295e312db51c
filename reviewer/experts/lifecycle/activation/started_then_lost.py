"""LIF184: a plugin is started, the state that it is given next is refused, and nobody ends it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, guarding_try
from reviewer.code.syntax import Call, Function, Member, Name, Node, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, HookUse, uses_in
from reviewer.experts.lifecycle.vocabulary import stops
from reviewer.experts.told_only import tells

if TYPE_CHECKING:
    from reviewer.code.module import Module

_UNDOES: Final = (("release",), ("undo",), ("rollback",), ("revert",), ("discard",), ("clean",), ("cleanup",))
"""First words of what takes back what a start has done."""
_GIVES_BACK: Final = frozenset({"restore", "hydrate", "rehydrate", "resume", "state"})
"""Words of a hook by which a plugin gets back what another one of it knew."""


@module_check("LIF184", words=HOOK_WORDS)
def started_then_lost(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each start behind which the same plugin is given a state, for what becomes of it when that fails."""
    if module.is_test:
        return
    for use in uses_in(inquiry, module, "start"):
        name = _name(use)
        given = _given_state(use, name) if name and use.frame is not None else None
        if given is None or use.frame is None:
            continue
        guard = guarding_try(given)
        around = guard if guard is not None and guard.handlers else None
        if around is None and (_finally_ends(given, name) or _ended_by(use.frame.body, name)):
            continue
        if around is not None and (
            _ended_by([*(s for h in around.handlers for s in h.body), *around.final], name)
            or not all(exits(handler.body) for handler in around.handlers)
        ):
            continue
        yield Match(
            around.handlers[0] if around is not None else given,
            f"'{name}' has been started above, and when '{given.name}' fails nobody ends it: what it has set up goes "
            "on beside the one that stays.",
            related=((use.call, "started here"),),
        )


def _name(use: HookUse) -> str:
    held = strip(use.receiver)
    return held.id if isinstance(held, Name) else ""


def _given_state(use: HookUse, name: str) -> Call | None:
    """Return the call by which what was started is given a state, behind its start in the same function."""
    frame = use.frame
    for call in find(frame.body, Call) if isinstance(frame, Function) else ():
        held = strip(call.receiver) if call.receiver is not None else None
        own = isinstance(held, Name) and held.id == name and call.start > use.call.start
        if own and not _GIVES_BACK.isdisjoint(words(call.name)) and words(call.name)[0] != "get" and call.args:
            return call
    return None


def _ended_by(nodes: Sequence[Node], name: str) -> bool:
    """Tell whether code ends a plugin, or what was made for it, or hands it to what may."""
    for call in find(nodes, Call):
        if any(map(stops, (call.name, *words(call.name)))) or words(call.name)[:1] in _UNDOES:
            return True
        handed = any(isinstance(one := strip(arg), Name) and one.id == name for arg in call.args)
        if handed and not tells(call):
            return True
    return any(
        isinstance(one.object, Name) and one.object.id == name and stops(one.name) for one in find(nodes, Member)
    )


def _finally_ends(given: Call, name: str) -> bool:
    around: Node | None = given.parent
    while around is not None and not isinstance(around, Function):
        if isinstance(around, Try) and _ended_by(list(around.final), name):
            return True
        around = around.parent
    return False
