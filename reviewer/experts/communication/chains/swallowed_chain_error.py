"""COM046: a middleware hides the errors of everything that comes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try, use_of
from reviewer.code.syntax import (
    Assign,
    Call,
    ExprStatement,
    Function,
    Handler,
    Member,
    Name,
    Node,
    Return,
    Throw,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.chains.middleware import Middleware, middlewares
from reviewer.experts.paths import path_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LOGS: Final = frozenset(
    "log logger logging debug info warn warning error exception console print trace metrics metric counter".split()
)


@module_check("COM046", words={"next", "proceed"})
def swallowed_chain_error(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``catch`` around ``next`` for something that tells the outer chain of the error."""
    if module.is_test:
        return
    for found in middlewares(module):
        for call in found.calls:
            caught = _caught_behind(call)
            if caught is not None:
                yield _ends_here(caught, found)
                return
            guard = guarding_try(call)
            if guard is None:
                continue
            for handler in guard.handlers:
                broad = not handler.types or any(path_words(t) & {"exception", "base"} for t in handler.types)
                if broad and _only_logs(handler):
                    yield _ends_here(handler, found)
                    return


def _ends_here(place: Node, found: Middleware) -> Match:
    return Match(
        place,
        f"The error of everything behind '{found.param.name}()' ends here: whoever runs the chain takes a message that "
        "failed for one that was handled.",
    )


def _caught_behind(call: Call) -> Call | None:
    """Return ``next().catch(log)``, where nothing is thrown on and nothing given back."""
    around = call.parent.parent if isinstance(call.parent, Member) and call.parent.name == "catch" else None
    given = strip(around.args[0]) if isinstance(around, Call) and around.args else None
    if not isinstance(around, Call) or not isinstance(given, Function) or use_of(around).how == "assigned":
        return None
    only = given.body[0] if len(given.body) == 1 else None
    if isinstance(only, Return) and isinstance(only.value, Call):
        return around if _is_log(only.value) else None
    return around if _only_logs(given) else None


def _only_logs(handler: Handler | Function) -> bool:
    for node in walk(handler.body):
        if isinstance(node, Throw) or (isinstance(node, Return) and node.value is not None):
            return False
        if isinstance(node, Assign):
            return False
        if isinstance(node, Call) and not _is_log(node):
            return False
    return all(isinstance(s, ExprStatement) or not _exprs(s) for s in handler.body)


def _exprs(node: Node) -> bool:
    return any(isinstance(n, Assign) for n in walk(node))


def _is_log(call: Call) -> bool:
    receiver = call.receiver
    said = path_words(receiver) if receiver is not None else set()
    if isinstance(receiver, Member | Name) and said & _LOGS:
        return True
    return bool(set(words(call.name)) & _LOGS) or call.name in ("String", "str", "type", "repr", "format")
