"""API180: whatever a plugin answers becomes part of a record of the host, unseen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Await, Call, Expr, Function, Name, Object, Spread, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.guests import runs_guest

if TYPE_CHECKING:
    from reviewer.code.module import Module

_OF_THE_HOST: Final = frozenset("get find activate deactivate start stop load open close manifest toJSON items".split())

_QUESTIONS: Final = (("validate",), ("check",), ("is",), ("has",), ("verify",), ("assert",))
"""First words of calls that only say whether something will do."""


@module_check("API180", words={"await"})
def plugin_answer_spread(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each object into which an answer is spread for who gave the answer, and who looked at it."""
    if module.is_test:
        return
    for made in module.all(Object):
        for spread in made.spreads:
            function = function_of(made)
            asked = _asked(module, spread)
            if asked is None or function is None:
                continue
            answer = strip(spread)
            sure = runs_guest(module, asked)
            if sure is not None and not (isinstance(answer, Name) and _looked_at(function, answer)):
                yield Match(
                    made,
                    f"Whatever '{short(module.text_of(asked.callee))}' answers is taken over: it may hold other "
                    "members and other types than expected, and nobody looks.",
                    related=((asked, "answered here"),),
                    confidence=None if sure is Confidence.LIKELY else sure,
                )
                break


def _asked(module: Module, spread: Expr) -> Call | None:
    """Return the call whose awaited answer is spread, at once or by its name, deadlines around it seen through."""
    given = spread
    name = strip(spread)
    if isinstance(name, Name):
        bound = module.scopes.lookup(name.id, name)
        only = bound[0] if len(bound) == 1 else None
        if not isinstance(only, Assign) or only.value is None:
            return None
        given = only.value
    if not isinstance(given, Await):
        return None
    for call in calls_in(given):
        if call.args and runs_guest(module, call) is not None:
            return call if call.name not in _OF_THE_HOST and words(call.name)[:1] not in _QUESTIONS else None
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
