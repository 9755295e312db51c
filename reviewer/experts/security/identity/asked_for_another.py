"""SEC085: a right is asked for one thing, and another is fetched by an id of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, Function, If, Literal, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_IDS: Final = frozenset({"id", "number", "ref", "uuid", "key"})
"""Last words of what selects one thing among many."""
_FETCHES: Final = frozenset(
    "get find load fetch read lookup open note item record row one take remove delete update write save set".split()
)
_TOLD: Final = AUDITS | {"log", "logger", "warn", "info", "debug", "error", "record", "ledger", "diary"}
_LEAST: Final = 3
"""Who, what for, and which thing: the arguments of a question about one thing."""


@module_check("SEC085", words={"may", "can", "allowed", "allows", "cleared", "permitted", "check", "authorize", "has"})
def asked_for_another(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a face of the host fetches after it has asked for the right to something that it was handed."""
    if module.is_test:
        return
    for function in module.functions:
        if len(function.params) < 2:
            continue
        for guard in function.body:
            if not isinstance(guard, If) or not exits(guard.body):
                continue
            asked = _thing_asked_for(module, function, guard)
            if asked is None or _used_beside(function, guard, asked):
                continue
            fetched = _fetched_by_id(module, function, guard, asked)
            if fetched is not None:
                yield Match(
                    fetched,
                    f"The right is asked for '{asked.name}', and what is fetched here is told by another argument: it "
                    f"may belong to any other {asked.name}.",
                    related=((guard, "asked here"),),
                )


def _thing_asked_for(module: Module, function: Function, guard: If) -> Param | None:
    """Return the parameter that a question is about: who asks is known, and the right is written out."""
    for call in find(guard.test, Call):
        given = [strip(arg) for arg in call.args]
        if len(given) < _LEAST or not is_check(module, call):
            continue
        params = [one for arg in given if (one := _param(module, function, arg)) is not None]
        known = any(is_this_member(arg) or _is_outer(module, function, arg) for arg in given)
        right = any(isinstance(arg, Literal) or (isinstance(arg, Member) and arg.name.isupper()) for arg in given)
        if len(params) == 1 and known and right:
            return params[0]
    return None


def _param(module: Module, function: Function, arg: Expr) -> Param | None:
    made = module.scopes.origin(arg) if isinstance(arg, Name) else None
    return made if isinstance(made, Param) and made.parent is function else None


def _is_outer(module: Module, function: Function, arg: Expr) -> bool:
    made = module.scopes.origin(arg) if isinstance(arg, Name) else None
    return isinstance(made, Param) and made.parent is not function


def _used_beside(function: Function, guard: If, asked: Param) -> bool:
    """Tell whether a parameter is used for more than the question and a line of a log."""
    for name in find(function.body, Name):
        if name.id != asked.name or inside(name, guard):
            continue
        calls = [one for one in ancestors(name) if isinstance(one, Call)]
        if not any((path_words(one.receiver) | set(words(one.name))) & _TOLD for one in calls if one.receiver):
            return True
    return False


def _fetched_by_id(module: Module, function: Function, guard: If, asked: Param) -> Call | None:
    """Return the call behind the question that selects a thing by another parameter of the function."""
    for call in find(function.body, Call):
        if call.start <= guard.start or inside(call, guard) or call.receiver is None:
            continue
        if not set(words(call.name)[:1]) & _FETCHES:
            continue
        for arg in call.args[:1]:
            by = _param(module, function, strip(arg))
            if by is not None and by is not asked and set(words(by.name)[-1:]) & _IDS:
                return call
    return None
