"""Functions that answer a request: the calls by which they do, and what the request is called there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import (
    Assign,
    Call,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Statement,
    Throw,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in, walk
from reviewer.experts.paths import last_name, name_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterable

_VERBS: Final = word_set(
    "send sends post reply respond answer write writeline emit deliver transmit return ack nack fail refuse reject put"
)
"""Words of a call that sends something to whoever asked."""
_REQUESTS: Final = word_set(
    "request req message msg call packet frame envelope command cmd query rpc event data invocation ask question order "
    "payload"
)
"""Words of a parameter, or of its type, that holds a request."""
_IDS: Final = word_set("id ids seq sequence nonce correlation ref serial number ticket txn token")
"""Last words of what tells one request from another."""
_OWN_VERBS: Final = frozenset({"answer", "reply", "respond"})
_NO_PEER: Final = word_set("log logger console store db database table cache audit journal metrics map set")

_NOTES: Final = word_set(
    "log logger logging console debug info warn warning error exception trace report print stderr stringify string str "
    "repr format count increment metric metrics"
)
"""Words of a call that only notes what happened."""


class Answering(Struct, frozen=True):
    """A function that is told a request and answers it.

    ``request`` are the names of the request and of its parts, ``ids`` the names of its id, ``replies`` the calls
    that answer, in source order.
    """

    function: Function
    request: frozenset[str]
    ids: frozenset[str]
    replies: tuple[Call, ...]

    def answers(self, nodes: Iterable[Node] | Node) -> bool:
        """Tell whether something in these nodes answers, or hands the request or its id to somebody who may."""
        return any(self.replies_with(call) or _verb(call) for call in calls_in(nodes))

    def replies_with(self, call: Call) -> bool:
        """Tell whether a call sends something that carries the id of the request."""
        return _verb(call) and _carries(call, self.request, self.ids)


def answering(function: Function) -> Answering | None:
    """Return what a function does as one that answers requests, or None where it answers none."""
    if function.signature_only:
        return None
    request = {
        name
        for param in function.params
        if set(words(param.name)) & _REQUESTS or (param.type and set(words(param.type)[-1:]) & _REQUESTS)
        for name in (param.name, *param.fields.values())
    } - {""}
    request |= _answered_by_method(function)
    request |= {
        local
        for param in function.params
        if any(words(given)[-1:] and words(given)[-1] in _IDS for given in param.fields)
        for local in param.fields.values()
    }
    if not request:
        return None
    ids: set[str] = {name for name in request if words(name)[-1:] and words(name)[-1] in _IDS}
    for assign in find(function.body, Assign, into_functions=False):
        if isinstance(assign.target, Name) and assign.value is not None and _part_of(strip(assign.value), request):
            request.add(assign.target.id)
            if is_id(assign.value):
                ids.add(assign.target.id)
    replies = tuple(
        call for call in calls_in(function.body, into_functions=False) if _verb(call) and _carries(call, request, ids)
    )
    return Answering(function, frozenset(request), frozenset(ids), replies) if replies else None


def _answered_by_method(function: Function) -> set[str]:
    """Return the parameters that are requests by what is done with them: ``question.answer(…)``."""
    told = {param.name for param in function.params}
    asked = (call.receiver for call in calls_in(function.body) if _is_own(call))
    return {one.id for one in asked if isinstance(one, Name)} & told


def _is_own(call: Call) -> bool:
    """Tell whether a call answers by a method of what was asked."""
    split = words(call.name)
    return bool(split) and split[0] in _OWN_VERBS and isinstance(call.receiver, Name)


def only_noted(handler: list[Statement]) -> bool:
    """Tell whether what deals with an error only notes it: nobody else hears of it, and it is not thrown on."""
    return all(
        set(words(node.name)[:1]) & _NOTES or set(name_words(node.receiver)) & _NOTES
        for node in walk(handler)
        if isinstance(node, Call)
    ) and not any(isinstance(node, Throw) for node in walk(handler))


def is_id(expr: Expr) -> bool:
    """Tell whether an expression is, by its name, what tells one request from another."""
    split = words(last_name(expr))
    return bool(split) and split[-1] in _IDS


def is_reply(call: Call) -> bool:
    """Tell whether a call by its name sends something to whoever asked."""
    return _verb(call)


def _verb(call: Call) -> bool:
    return bool(set(words(call.name)) & _VERBS) and not set(name_words(call.receiver)) & _NO_PEER


def _carries(call: Call, request: set[str] | frozenset[str], ids: set[str] | frozenset[str]) -> bool:
    """Tell whether what a call is given holds the id of a request."""
    given = [*call.args, *call.keywords.values()]
    if _is_own(call) and isinstance(call.receiver, Name) and call.receiver.id in request:
        return True
    for node in find(given, Member):
        if is_id(node) and _part_of(node, request):
            return True
    for index in find(given, Index):
        if is_id(index) and _part_of(index, request):
            return True
    if names_in(given, into_functions=False) & ids:
        return True
    return bool({"reply", "respond", "answer"} & set(words(call.name))) and bool(_whole(given) & request)


def _whole(given: list[Expr]) -> set[str]:
    return {one.id for one in map(strip, given) if isinstance(one, Name)}


def _part_of(expr: Expr, names: set[str] | frozenset[str]) -> bool:
    """Tell whether an expression is a part of what one of these names holds."""
    inner: Expr = expr
    while isinstance(inner, Member | Index | Call):
        if isinstance(inner, Call):
            if (
                inner.name != "get"
                or inner.receiver is None
                or not inner.args
                or not isinstance(inner.args[0], Literal)
            ):
                return False
            inner = strip(inner.receiver)
        else:
            inner = strip(inner.object)
    return inner is not expr and isinstance(inner, Name) and inner.id in names
