"""SEC020: for whom the work is done is what the request says, although the session says it too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Expr, Index, Member, Name, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.patterns.vocabulary import TENANTS, spelled
from reviewer.experts.security.decisions import is_check

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function

_REQUESTS: Final = word_set("request req ctx message msg")
_PARTS: Final = word_set("headers header query body cookies params get")
_KNOWN: Final = word_set("session auth claims identity principal user token jwt login authentication caller verified")
_CREDENTIALS: Final = frozenset({"key", "apikey", "credential", "credentials", "certificate", "grant", "registration"})
"""Words of a record that stands for whoever asks, found by what was proved."""
_WHOM: Final = TENANTS | {"role", "roles", "userid"}
_GUESTS: Final = word_set("integration plugin extension addon client caller subject sub sender publisher owner")


@module_check("SEC020", words=_KNOWN | _CREDENTIALS)
def tenant_from_request(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each choice between what a request says and what the session knows."""
    if module.is_test:
        return
    for choice, sent, known in _choices(module):
        function = function_of(choice)
        if not _is_sent(sent) or not _is_known(known) or function is None:
            continue
        if _held_against(module, function, choice, known):
            continue
        yield Match(
            choice,
            f"'{short(module.text_of(sent))}' comes before '{short(module.text_of(known))}', and the "
            "sender fills it in: whoever is signed in at one reaches what belongs to all the others.",
        )


def _choices(module: Module) -> Iterator[tuple[Expr, Expr, Expr]]:
    """Yield (choice, first, second) of ``a or b``, ``a ?? b`` and ``headers.get(key, b)``."""
    for choice in module.all(Binary):
        if choice.op in ("??", "or"):
            yield choice, choice.left, choice.right
    for call in module.calls(("get", "pop")):
        if len(call.args) == 2 and call.receiver is not None:
            yield call, call, call.args[1]


def _is_sent(expr: Expr) -> bool:
    value = strip(expr)
    if isinstance(value, Call) and value.args and value.name in ("String", "str", "Number", "int"):
        value = strip(value.args[0])
    said = path_words(value)
    return isinstance(value, Member | Index | Call) and bool(said & _REQUESTS) and bool(said & _PARTS)


def _is_known(expr: Expr) -> bool:
    """Tell whether a value is what the host has found out about whoever asks: ``session.tenant``."""
    value = strip(expr)
    if not isinstance(value, Member) or not set(spelled(value.name)) & (_WHOM | _GUESTS):
        return False
    said = path_words(value.object)
    return bool(said & (_KNOWN | _CREDENTIALS)) and not said & _PARTS


def _held_against(module: Module, function: Function, choice: Expr, other: Expr) -> bool:
    """Tell whether what was chosen is compared with what is known, or somebody is asked whether it may be."""
    known = module.text_of(other)
    made = next((one for one in ancestors(choice) if isinstance(one, Assign)), None)
    name = made.target.id if made is not None and isinstance(made.target, Name) else ""
    for test in find(function, Binary):
        if test.op in ("==", "!=", "in", "not in") and known in (module.text_of(test.left), module.text_of(test.right)):
            return True
    return bool(name) and any(
        is_check(module, call) and any(isinstance(one, Name) and one.id == name for one in call.args)
        for call in calls_in(function)
    )
