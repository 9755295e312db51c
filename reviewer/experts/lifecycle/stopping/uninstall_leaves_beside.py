"""LIF047: an uninstallation tells one of its helpers that a plugin is gone, and not the one that keeps its secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Function, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost, with_helpers
from reviewer.experts.lifecycle.stopping.uninstall_leaves_grants import ENDS, GRANTS
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_KEEPERS: Final = (GRANTS | {"vault", "keychain", "keyring"}) - {"keys", "trust", "allowed"}
"""Words of a helper that keeps what a plugin was given for itself."""
_LETS_GO: Final = frozenset("clear remove delete drop forget purge erase release revoke rm wipe unregister".split())
_KEEPS: Final = frozenset("handle handlefor for open give issue put set grant store get scoped use".split())
"""Words of a call by which something of one plugin is kept, or handed out."""


@module_check("LIF047", words=ENDS)
def uninstall_leaves_beside(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each uninstallation for the helpers of its object that are told of plugins elsewhere and not here."""
    if module.is_test:
        return
    for function in module.functions:
        said = words(function.name)
        if not said or said[0] not in ENDS or not function.params or function.signature_only:
            continue
        owner = function.params[0].name
        reached = with_helpers(function)
        told = {_helper(call): call for one in reached for call in calls_in(one.body) if _helper(call)}
        letting = [call for call in told.values() if _lets_go(call, owner)]
        if not letting:
            continue
        gone = max(letting, key=lambda call: call.start)
        for call in _beside(module, function, reached):
            name = _helper(call)
            if name in told or not set(last_words(call.receiver)) & _KEEPERS or not set(words(call.name)) & _KEEPS:
                continue
            yield Match(
                gone,
                f"'{function.name}' lets go of what the plugin has stored and leaves what '{name}' keeps for it: "
                "whatever is installed under this id next inherits that.",
                related=((call, "kept for a plugin here"),),
            )
            break


def _helper(call: Call) -> str:
    """Return the helper that is called: a field of the object, or what the function around was handed."""
    held = strip(call.receiver) if call.receiver is not None else None
    if held is not None and is_this_member(held):
        return held.name
    return held.id if isinstance(held, Name) and held.id not in ("this", "self") else ""


def _lets_go(call: Call, owner: str) -> bool:
    return bool(set(words(call.name)) & _LETS_GO) and owner in names_in(call.args)


def _beside(module: Module, function: Function, reached: list[Function]) -> Iterator[Call]:
    """Yield the calls of helpers that the other members of the same object make for one plugin."""
    for other in module.functions:
        same = other.owner is function.owner if function.owner is not None else other.outer is function.outer
        if not same or other.signature_only or any(one is other for one in reached):
            continue
        told = {param.name for param in other.params} | {name for p in other.params for name in p.fields.values()}
        for call in calls_in(other.body):
            if _helper(call) and call.args and names_in(call.args[0]) & told and outermost(call) is not None:
                yield call
