"""COM009: what is run at every change of the settings subscribes anew, and the handlers add up until the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, use_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Member, strip
from reviewer.code.text.ideas import LISTEN_WORDS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.subscriptions import OFFS, subscriptions
from reviewer.experts.paths import path_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.communication.subscriptions import Subscription

_SETTINGS: Final = frozenset({"config", "configuration", "settings", "setting", "options", "preferences"})
_CHANGES: Final = frozenset({"change", "changed", "changes", "update", "updated", "apply", "applied", "reload"})
_STARTS: Final = frozenset({"activate", "start", "setup", "enable", "init", "load", "onload"})
_KEEPS: Final = frozenset({"push", "append", "add", "extend", "callback", "track", "use", "own"})
_ENDS: Final = OFFS | frozenset("clear splice release teardown cleanup reset close aclose pop stop cancel".split())
_BUSES: Final = frozenset({"bus", "events", "event", "emitter", "topics", "signals", "hub"})


@module_check("COM009", words=LISTEN_WORDS)
def subscribed_at_each_change(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is subscribed where the settings of a plugin are put into use."""
    if module.is_test or not module.words & (_SETTINGS | {"configure", "reconfigure"}):
        return
    for found in subscriptions(module):
        function = function_of(found.call)
        if function is None or function.owner is None or not _runs_at_changes(function):
            continue
        if not found.names or not _piles_up(found) or _is_asked_first(found) or _takes_away(function):
            continue
        yield Match(
            found.call,
            f"'{function.name}' runs again whenever the settings change, and each time one more handler of "
            f"'{found.names[0]}' is added: all of them run until the end.",
        )


def _runs_at_changes(function: Function) -> bool:
    """Tell whether a method runs at each change of settings: by its name, or the start and the host both call it."""
    said = set(words(function.name))
    if said & _SETTINGS and said & _CHANGES:
        return True
    if words(function.name)[:1] not in (("configure",), ("reconfigure",)) or len(words(function.name)) > 1:
        return False
    methods = function.owner.methods if function.owner is not None else []
    starts = [one for one in methods if set(words(one.name)[:1]) & _STARTS]
    return any(call.name == function.name and _is_own(call) for one in starts for call in calls_in(one.body))


def _is_own(call: Call) -> bool:
    callee = strip(call.callee)
    return isinstance(callee, Member) and is_this_member(callee)


def _piles_up(found: Subscription) -> bool:
    """Tell whether a subscription is forgotten, or put onto a list beside those that are there."""
    use = use_of(found.call)
    if use.how == "dropped":
        return bool(path_words(found.receiver) & _BUSES) if found.receiver is not None else False
    around = found.call.parent
    return use.how == "argument" and isinstance(around, Call) and around.name in _KEEPS and around.receiver is not None


def _is_asked_first(found: Subscription) -> bool:
    """Tell whether a field says whether it was done already, or the settings whether it is wanted at all."""
    holder = path_words(found.receiver) if found.receiver is not None else set()
    asked: list[Node] = [one.test for one in conditions(found.call)]
    return any(not set(words(one.name)) & holder for one in find(asked, Member))


def _takes_away(function: Function) -> bool:
    """Tell whether a method takes away what it put there the last time."""
    return any(call.name in _ENDS or set(words(call.name)[:1]) & _ENDS for call in calls_in(function.body))
