"""PAT360: a limit is counted under what the one who is limited says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Binary, Call, Function, Member, Name, Param, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.patterns.limits.limit_shared import QUOTAS
from reviewer.experts.patterns.vocabulary import PLUGINS, names_tenant, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_COUNTS: Final = word_set("count throttle charge consume hit take spend limit debit allow tick touch acquire register")
"""First words of a function that counts one more."""
_SAYINGS: Final = word_set("request req message msg payload body data event input command call envelope packet frame")
"""Names of what somebody sends."""
_SAYS_WHO: Final = _SAYINGS | {"params", "args", "headers", "query"}
_SELF: Final = frozenset(
    {"from", "sender", "source", "client", "clientId", "client_id", "caller", "author", "id", "origin"}
)
"""Members by which somebody says who he is."""
_GUESTS: Final = (PLUGINS | {"panel", "caller", "client", "sender", "session", "connection"}) - {"filter", "pattern"}


@module_check("PAT360", words=QUOTAS | {"count", "throttle", "charge", "consume"})
def limit_key_from_request(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call that counts for the one who calls, and at whose word that one is known by."""
    if module.is_test:
        return
    for call in module.all(Call):
        key = strip(call.args[0]) if call.args else None
        said = words(call.name)
        if key is None or not said or said[0] not in _COUNTS:
            continue
        chosen = key if isinstance(key, Member) else _put_in(module, key)
        if chosen is None or not _is_said(module, chosen):
            continue
        function = function_of(call)
        who = _who(function, chosen) if function is not None else None
        if not who or not _limits(module, call):
            continue
        yield Match(
            call,
            f"The limit is counted under '{short(module.text_of(chosen))}', which the caller chooses, though '{who}' "
            "is known: with a new value each time the limit is never reached, and the counters grow.",
        )


def _put_in(module: Module, key: Expr) -> Member | None:
    """Return what somebody says of himself among the parts of a key: ``message.from`` of ``${org}/${message.from}``.

    What he asks for may well be a part: a limit for each method is one.
    """
    if not isinstance(key, Template | Array | Call | Binary):
        return None
    for part in find(key, Member):
        if part.name in _SELF and _is_said(module, part):
            return part
    return None


def _is_said(module: Module, key: Member) -> bool:
    """Tell whether a key is a part of what somebody sent."""
    holder = strip(key.object)
    while isinstance(holder, Member):
        holder = strip(holder.object)
    if not isinstance(holder, Name) or not set(last_words(holder)) & _SAYS_WHO:
        return False
    return holder.id != "this" and bool(module.scopes.lookup(holder.id, holder))


def _who(function: Function, key: Expr) -> str:
    """Return the parameter by which a function knows who calls, told by the host and not by the caller."""
    read = {name.id for name in find(key, Name)}
    for param in function.params:
        said = set(spelled(param.name))
        if param.name not in read and not said & _SAYINGS and (said & _GUESTS or names_tenant(param.name)):
            return param.name
    return ""


def _limits(module: Module, call: Call) -> bool:
    """Tell whether what counts also limits: by its name or its holder's, or because it compares what it counted."""
    if set(words(call.name)) & (QUOTAS - {"calls", "requests"}) or set(last_words(call.receiver)) & QUOTAS:
        return True
    target = definition(module, call.callee)
    if not isinstance(target, Function) or not target.params or not isinstance(target.params[0], Param):
        return False
    compared = {word for test in find(target.body, Binary) if test.op in (">", ">=", "<", "<=") for word in _said(test)}
    return bool(compared & (QUOTAS | {"count", "counter", "per", "minute", "most", "max"}))


def _said(test: Binary) -> set[str]:
    names = {word for name in find(test, Name) for word in words(name.id)}
    return names | {word for member in find(test, Member) for word in words(member.name)}
