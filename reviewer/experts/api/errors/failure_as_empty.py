"""API100: a question that could not be asked is answered as if there were nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Await,
    Call,
    Expr,
    ExprStatement,
    Function,
    Handler,
    If,
    Literal,
    Name,
    Object,
    Return,
    Throw,
    Try,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of
from reviewer.experts.api.awaiting import first_of_chain
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node, Statement
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset({"fetch", "urlopen", "query", "execute"})
_CLIENTS: Final = frozenset("http https axios got ky network requests httpx aiohttp superagent".split())
_GETS: Final = frozenset({"get", "post", "request", "json", "send"})
_MEANT: Final = frozenset(
    "try maybe optional best cached suggest hint prefetch warm or safe safely quiet probe detect ping".split()
)
"""Words of functions that say themselves that nothing may come."""
_EVERYTHING: Final = frozenset({"Exception", "BaseException"})
_DEEPEST: Final = 3


@module_check("API100", words={"catch", "except"})
def failure_as_empty(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is answered when the network or a database could not be asked."""
    if module.is_test:
        return
    for guard in module.all(Try):
        function = function_of(guard)
        if function is None or set(words(function.name)) & _MEANT:
            continue
        if not _answers(guard, function):
            continue
        asked = next((call for call in calls_in(guard.body, into_functions=False) if _asks(module, call, 0)), None)
        asked = asked or _told_in_part(guard)
        if asked is None:
            continue
        for handler in guard.handlers:
            empty = _answers_nothing(_behind_refusals(handler))
            if empty is not None and all(module.resolve(kind) in _EVERYTHING for kind in handler.types):
                yield _match(module, empty, asked)
    for call in module.calls(("catch",)):
        work = first_of_chain(call.receiver)
        answer = strip(call.args[0]) if call.args else None
        if work is not None and isinstance(answer, Function) and guarding_try(call) is None:
            function = function_of(call)
            empty = _answers_nothing(answer.body)
            meant = function is not None and set(words(function.name)) & _MEANT
            if empty is not None and not meant and _asks(module, work, 0):
                yield _match(module, empty, work)


def _told_in_part(guard: Try) -> Call | None:
    """Return what is waited for, where one way in which it fails is told to the caller and the others are not."""
    if not any(isinstance(one.body[-1], Throw) for one in guard.handlers if one.body) and not any(
        len(_behind_refusals(one)) < len(one.body) for one in guard.handlers
    ):
        return None
    waits = find(guard.body, Await, into_functions=False)
    return next((call for one in waits if isinstance(call := strip(one.value), Call)), None)


def _behind_refusals(handler: Handler) -> list[Statement]:
    """Return the statements of a handler behind those that throw one kind of failure on."""
    kept = list(handler.body)
    while kept and _throws_on(kept[0]):
        kept.pop(0)
    return kept


def _throws_on(statement: Statement) -> bool:
    """Tell whether a statement does no more than to throw one kind of failure on."""
    if not isinstance(statement, If) or statement.orelse or not statement.body:
        return False
    return isinstance(statement.body[-1], Throw)


def _answers(guard: Try, function: Function) -> bool:
    """Tell whether a function answers with what it asked for: inside of the ``try``, or behind it."""
    if any(True for _ in find(guard.body, Return, into_functions=False)):
        return True
    answers = [node for node in after(guard) if isinstance(node, Return) and node.value is not None]
    return any(isinstance(strip(one.value), Name) for one in answers if one.value is not None)


def _match(module: Module, at: Return, asked: Call) -> Match:
    return Match(
        at,
        f"When '{short(module.text_of(asked.callee))}' fails, the answer is the same as when there is nothing: whoever "
        "asked goes on as if all were well.",
        related=((asked, "what may fail"),),
    )


def _answers_nothing(body: Sequence[Node]) -> Return | None:
    """Return the ``return`` by which a handler answers with nothing in it, where it always does."""
    last = body[-1] if body else None
    if not isinstance(last, Return) or last.value is None or len(body) > 2 or any(isinstance(s, Throw) for s in body):
        return None
    others = body[:-1]
    if any(not isinstance(other, ExprStatement) for other in others):
        return None
    return last if _empty(strip(last.value)) else None


def _empty(value: Expr) -> bool:
    """Tell whether a value is an empty list, or a record with an empty list in it and nothing that says why."""
    if isinstance(value, Array):
        return not value.items
    if isinstance(value, Object) and not value.entries and not value.spreads:
        return True
    if isinstance(value, Object) and not value.spreads:
        said = {word for key in value.keys for word in words(key)}
        if said & {"error", "errors", "failed", "stale", "ok", "reason", "offline", "unavailable", "status", "problem"}:
            return False
        return any(isinstance(strip(one), Array) and _empty(strip(one)) for _key, one in value.entries)
    return isinstance(value, Call) and value.name in ("Map", "Set", "list", "dict", "set") and not value.args


def _is_client(module: Module, receiver: Expr | None) -> bool:
    """Tell whether a thing was made by a library that asks the network: ``self.session = aiohttp.ClientSession()``."""
    if receiver is None:
        return False
    receiver = strip(receiver)
    made = module.scopes.origin(receiver)
    if is_this_member(receiver):
        cls = class_of(receiver)
        given = module.scopes.field_values(cls, receiver.name) if cls is not None else []
        made = strip(given[0]) if len(given) == 1 else None
    return isinstance(made, Call) and module.resolve(made.callee).split(".")[0] in _CLIENTS


def _asks(module: Module, call: Call, depth: int) -> bool:
    """Tell whether a call asks the network or a database, itself or in what it calls."""
    if call.name in _ASKS and (call.receiver is None or call.name != "execute"):
        return not (call.args and isinstance(call.args[0], Literal) and call.name == "query" and call.receiver is None)
    if call.name in _GETS and (path_words(call.receiver) & _CLIENTS or _is_client(module, call.receiver)):
        return True
    if depth >= _DEEPEST:
        return False
    target = definition(module, call.callee)
    if not isinstance(target, Function) or target.module is not module:
        return False
    return any(_asks(module, inner, depth + 1) for inner in calls_in(target.body, into_functions=False))
