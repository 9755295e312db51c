"""SEC001, SEC002 and SEC003: a guard that refuses by what a variable says, which says yes where nobody has decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Function,
    Handler,
    If,
    Literal,
    Name,
    Param,
    Unary,
    strip,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, surroundings, word_set
from reviewer.experts.security.deciding.decisions import is_guard_function, throws_refusal
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.deciding.verdicts import awaited, says_yes
from reviewer.experts.security.vocabulary import ACTIONS, PERMISSION, REQUIREMENTS, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_WORDS: Final = TRIGGERS | {"right", "rights", "permission", "allowed", "granted", "permitted"}
_LISTS: Final = PERMISSION | word_set("known all registered declared supported valid catalogue catalog defined actions")
"""Words of a list of the rights that there are."""
_NARROWER: Final = REQUIREMENTS | word_set("sensitive dangerous guarded privileged risky special admin critical high")
"""Words of a list of those for which somebody must be asked, where the others are free on purpose."""
_ASKED: Final = PERMISSION | ACTIONS | {"gate", "guard", "demand"}


@module_check("SEC003", words=_WORDS)
def guard_opened_by_error(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at handlers that say yes in the variable by which a guard refuses afterwards."""
    if module.is_test:
        return
    for function, name, refusal in _guards(module):
        for assign in _given(function, name):
            handler = _handler_around(assign, function)
            if handler is None or assign.start > refusal.start or not says_yes(assign.value):
                continue
            yield Match(
                assign,
                f"An error while '{function.name}' finds out whether '{name}' holds is taken for a yes: nobody is "
                "refused while the answer can't be had.",
                related=((refusal.test, "refuses only where it is not so"),),
            )


@module_check("SEC002", words=_WORDS)
def guard_open_at_first(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at variables that say yes before a guard has asked, and keep it where there was nothing to ask."""
    if module.is_test:
        return
    for function, name, refusal in _guards(module):
        given = _given(function, name)
        first, later = (given[0], given[1:]) if given else (None, [])
        if first is None or not later or not says_yes(first.value) or conditions(first):
            continue
        if first.start < refusal.start and all(_only_for_known(module, function, one) for one in later):
            yield Match(
                first,
                f"'{name}' is yes before '{function.name}' has asked anything, and stays so for what "
                "it does not know: only what it knows is ever refused.",
                related=((refusal.test, "refuses only where it is not so"),),
            )


@module_check("SEC001", words=_WORDS)
def guard_passes_unknown(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at guards that take it for a yes when what they are asked for is in no list of what there is."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or not function.params:
            continue
        for value in _decided_by(function):
            unknown = next((one for one in _alternatives(value) if _is_unlisted(module, function, one)), None)
            if unknown is not None:
                yield Match(
                    unknown,
                    f"'{short(module.text_of(unknown))}' is a yes here: whatever nobody has heard of passes "
                    f"'{function.name}'.",
                )


def _decided_by(function: Function) -> Iterator[Binary]:
    """Yield the answers, each true for one of several reasons, without which a guard refuses."""
    for test in find(function.body, If, into_functions=False):
        asked = uncast(test.test)
        held = uncast(asked.operand) if isinstance(asked, Unary) and asked.op == "not" else None
        if held is None or not refuses(test.body):
            continue
        name = held.id if isinstance(held, Name) else ""
        values = [one.value for one in _given(function, name)] if name else [held]
        for value in (uncast(one) for one in values if one is not None):
            if isinstance(value, Binary) and value.op == "or" and _asks_for_rights(function, name):
                yield value


def _guards(module: Module) -> Iterator[tuple[Function, str, If]]:
    """Yield the functions that ask for a right and refuse where a variable of theirs is not so, with both."""
    for function in module.functions:
        if function.signature_only or not function.params:
            continue
        for test in find(function.body, If, into_functions=False):
            name = _refused_by(test)
            if name and refuses(test.body) and _asks_for_rights(function, name):
                yield function, name, test
                break


def _refused_by(test: If) -> str:
    """Return the variable of which a refusal asks whether it is not so: ``if not allowed: raise``."""
    asked = uncast(test.test)
    held = strip(asked.operand) if isinstance(asked, Unary) and asked.op == "not" else None
    return held.id if isinstance(held, Name) else ""


def _asks_for_rights(function: Function, name: str) -> bool:
    if throws_refusal(function) or is_guard_function(function):
        return True
    told = {word for param in function.params for word in words(param.name)}
    return bool(set(words(name)) & PERMISSION) and bool((told | surroundings(function)) & _ASKED)


def _given(function: Function, name: str) -> list[Assign]:
    found = (one for one in find(function.body, Assign, into_functions=False) if one.op == "=")
    return [one for one in found if isinstance(one.target, Name) and one.target.id == name]


def _handler_around(assign: Assign, function: Function) -> Handler | None:
    """Return the handler that an assignment stands in, where the function goes on behind it."""
    for around in ancestors(assign):
        if around is function:
            return None
        if isinstance(around, Handler):
            return None if exits(around.body) else around
    return None


def _only_for_known(module: Module, function: Function, assign: Assign) -> bool:
    """Tell whether an answer is asked for only where what is asked about is in a list of what there is."""
    value = awaited(assign.value) if assign.value is not None else None
    if value is None or isinstance(value, Literal):
        return False
    tests = list(conditions(assign))
    if not any(one.holds and _is_listed(module, function, one.test) for one in tests):
        return False
    around = next((one for one in ancestors(assign) if isinstance(one, If)), None)
    return around is not None and not around.orelse


def _alternatives(value: Expr) -> Iterator[Expr]:
    """Yield each part of which one is enough: ``a or b or c``."""
    made = uncast(value)
    if isinstance(made, Binary) and made.op == "or":
        yield from _alternatives(made.left)
        yield from _alternatives(made.right)
    else:
        yield made


def _is_listed(module: Module, function: Function, test: Expr) -> bool:
    """Tell whether a parameter is asked for in a list of what there is: ``right in KNOWN``, ``KNOWN.has(right)``."""
    made = strip(test)
    if isinstance(made, Call):
        asked = made.args[0] if made.name in ("has", "includes") and len(made.args) == 1 else None
        return asked is not None and made.receiver is not None and _names_all(module, function, asked, made.receiver)
    return isinstance(made, Binary) and made.op == "in" and _names_all(module, function, made.left, made.right)


def _is_unlisted(module: Module, function: Function, test: Expr) -> bool:
    made = strip(test)
    if isinstance(made, Unary) and made.op == "not":
        return _is_listed(module, function, made.operand)
    return isinstance(made, Binary) and made.op == "not in" and _names_all(module, function, made.left, made.right)


def _names_all(module: Module, function: Function, asked: Expr, held: Expr) -> bool:
    """Tell whether a list, in which a parameter is sought, says what there is and not what is kept from somebody."""
    name = strip(asked)
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    given = len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is function
    said = set(last_words(held))
    return given and bool(said & _LISTS) and not said & _NARROWER
