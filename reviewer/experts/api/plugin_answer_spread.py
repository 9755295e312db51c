"""API180: whatever a plugin answers becomes part of a record of the host, unseen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Await, Call, Function, Name, Object, Spread, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_PLUGINS: Final = word_set("plugin extension addon addin integration connector guest widget")
_OF_THE_HOST: Final = frozenset("get find activate deactivate start stop load open close manifest toJSON items".split())


@module_check("API180", words=_PLUGINS)
def plugin_answer_spread(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each object into which an answer is spread for who gave the answer, and who looked at it."""
    if module.is_test:
        return
    for made in module.all(Object):
        for spread in made.spreads:
            name, function = strip(spread), function_of(made)
            if not isinstance(name, Name) or function is None:
                continue
            asked = _asked(module, name)
            if asked is not None and not _looked_at(function, name):
                yield Match(
                    made,
                    f"Whatever '{short(module.text_of(asked.callee))}' answers is taken over: '{name.id}' may hold "
                    "other members and other types than expected, and nobody looks.",
                    related=((asked, "answered here"),),
                )
                break


def _asked(module: Module, name: Name) -> Call | None:
    """Return the call of a plugin whose awaited answer a name holds, deadlines around it seen through."""
    bound = module.scopes.lookup(name.id, name)
    only = bound[0] if len(bound) == 1 else None
    if not isinstance(only, Assign) or not isinstance(only.value, Await):
        return None
    for call in calls_in(only.value):
        if call.receiver is not None and set(last_words(call.receiver)[-1:]) & _PLUGINS and call.args:
            return call if call.name not in _OF_THE_HOST else None
    return None


def _looked_at(function: Function, name: Name) -> bool:
    """Tell whether a function does anything with an answer but to spread it."""
    for use in find(function.body, Name):
        if use.id != name.id or (isinstance(use.parent, Assign) and use.parent.target is use):
            continue
        around = use.parent
        if not isinstance(around, Object | Spread) and not any(isinstance(one, Spread) for one in ancestors(use)):
            return True
    return False
