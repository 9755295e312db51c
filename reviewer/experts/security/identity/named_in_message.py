"""SEC020: a channel is opened for one plugin, and its messages say for which plugin something is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Function, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.vocabulary import IDENTITIES, PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_LISTENS: Final = frozenset({"on", "once", "addEventListener", "addListener", "onMessage", "subscribe", "handle"})
_MESSAGES: Final = frozenset({"message", "data", "request", "rpc", "call"})
_FOR: Final = PERMISSION | word_set("services service context for of facade storage stores store scope tenant")
"""Words of a call that gives what one plugin has, or asks what it may do."""
_IDS: Final = frozenset({"id", "key", "name", "slug"})


@module_check("SEC020", words={"message", "port", "worker", "socket", "channel"})
def named_in_message(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the listeners that a function sets up for one plugin for whose name their messages bring along."""
    if module.is_test:
        return
    for call in module.calls(_LISTENS):
        handler = strip(call.args[-1]) if call.args else None
        opened = function_of(call)
        if not isinstance(handler, Function) or not handler.params or opened is None or not _is_message(call):
            continue
        known = [param for param in opened.params if set(words(param.name)) & IDENTITIES]
        for told, at in _told(handler, known):
            if not _is_compared(handler, told, module):
                yield Match(
                    told,
                    f"'{short(module.text_of(told))}' is filled in by whoever sends the message, and "
                    f"'{short(module.text_of(at))}' goes by it: the channel was opened for '{known[0].name}', which is "
                    "known here.",
                )
                break


def _is_message(call: Call) -> bool:
    """Tell whether a listener hears messages: by the name of the event, or by that of the call."""
    if call.name == "onMessage" or len(call.args) == 1:
        return bool(set(words(call.name)) & _MESSAGES)
    event = strip(call.args[0])
    return bool(set(words(str(getattr(event, "value", "")))) & _MESSAGES)


def _told(handler: Function, known: list[Param]) -> Iterator[tuple[Member, Call]]:
    """Yield the members of a message that name somebody as a known parameter does, with the call that goes by them."""
    names = {word for param in known for word in words(param.name)} & IDENTITIES
    for call in calls_in(handler.body) if names else ():
        if not {*words(call.name), *last_words(call.receiver)} & _FOR or is_check(handler.module, call):
            continue  # whose rights are checked is looked at elsewhere
        for given in call.args:
            told = strip(given)
            if not isinstance(told, Member) or not _is_of_message(told, handler):
                continue
            said = words(told.name)
            if said and said[0] in names and set(said[1:]) <= _IDS:
                yield told, call


def _is_of_message(told: Member, handler: Function) -> bool:
    """Tell whether a member is read of the parameter of a listener, at once or by a name that holds it."""
    root: Expr = told
    while isinstance(root, Member):
        root = strip(root.object)
    if not isinstance(root, Name):
        return False
    return handler.module.scopes.origin_by(root, _taken_of) is handler.params[0]


def _taken_of(made: Expr) -> Expr | None:
    """Return what something was read of, or made of."""
    return made.object if isinstance(made, Member) else next(iter(made.args), None) if isinstance(made, Call) else None


def _is_compared(handler: Function, told: Member, module: Module) -> bool:
    """Tell whether a listener holds the name of a message against something that it knows."""
    text = module.text_of(told)
    return any(
        test.op in ("==", "!=") and text in (module.text_of(test.left), module.text_of(test.right))
        for test in find(handler.body, Binary)
    )
