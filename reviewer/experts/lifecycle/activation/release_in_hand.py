"""LIF054: what takes a plugin's registrations back is in hand while it starts, and is not called where that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Index, Member, Name, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, behind, find, function_of, inside, is_assigned, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hooks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node
    from reviewer.experts.check import Inquiry

_TAKES_BACK: Final = frozenset(
    "release undo dispose revoke retract unregister unsubscribe cleanup unhook withdraw teardown detach".split()
)
"""Words of a function that takes back what somebody has registered."""


@module_check("LIF054", words=HOOK_WORDS)
def release_in_hand(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each start of a plugin for a function beside it that would take back what the plugin has registered."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for use in hooks_of(module):
        function = function_of(use.site)
        if use.kind != "start" or function is None or not use.call.args:
            continue
        release = _in_hand(function, use.site)
        if release is None or _called_on_failure(use.site, release):
            continue
        yield Match(
            use.site,
            f"When '{module.text_of(use.member)}' fails, '{release}' is not called, though it is at hand: what the "
            "plugin had registered by then stays, and nobody can take it back any more.",
            fix=f"Call '{release}' in a `catch` (or `except`) around the start, and raise again.",
        )


def _in_hand(function: Function, start: Call) -> str | None:
    """Return the name of such a function that is made before a start, and first used behind it."""
    for assign in find(function.body, Assign, into_functions=False):
        made = assign.target
        if not isinstance(made, Name) or not set(words(made.id)[:1]) & _TAKES_BACK or not behind(start, assign):
            continue
        uses = [one for one in find(function.body, Name) if one.id == made.id and not is_assigned(one)]
        told = names_in(assign.value) if assign.value is not None else set()
        if uses and all(behind(one, start) for one in uses) and made.id not in told and _lends(assign, start):
            return made.id
    return None


def _lends(assign: Assign, start: Call) -> bool:
    """Tell whether what the plugin is handed was made together with what takes it back: ``{ context, release }``."""
    given = {name for arg in start.args for name in names_in(arg)}
    function = function_of(assign)
    whole = _whole(assign)
    return function is not None and any(
        isinstance(one.target, Name) and one.target.id in given and _whole(one) is whole
        for one in find(function.body, Assign, into_functions=False)
        if whole is not None and one is not assign
    )


def _whole(assign: Assign) -> object:
    """Return what a name is a part of: the call that made the pair, or the record that holds it; None for others."""
    value = strip(assign.value) if assign.value is not None else None
    if not isinstance(value, Member | Index):
        return None
    function = function_of(assign)
    made = function.module.scopes.origin(value.object) if function is not None else None
    return made if made is not None else value.object


def _called_on_failure(start: Node, release: str) -> bool:
    """Tell whether a handler or a ``finally`` around a start speaks of what takes things back."""
    for around in ancestors(start):
        if isinstance(around, Try) and any(inside(start, one) for one in around.body):
            last = [*around.final, *(one for handler in around.handlers for one in handler.body)]
            if any(name.id == release for name in find(last, Name)):
                return True
    return any(isinstance(one, Call) and one.name in ("catch", "finally") for one in ancestors(start))
