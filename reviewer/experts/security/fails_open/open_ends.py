"""Decisions that name what is refused, and say yes to everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, exits, returns_of
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Case,
    Conditional,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Return,
    Switch,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words
from reviewer.experts.security.deciding.verdicts import says_granted, says_yes
from reviewer.experts.security.vocabulary import ACTIONS, PERMISSION, REFUSING, says

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Statement

_DENIED: Final = frozenset("denied deny blocked forbidden banned revoked refused blacklist denylist blocklist".split())
_RULES: Final = frozenset("rules policies policy grants entries statements acl acls".split())


def folded_from_yes(module: Module) -> Iterator[Call]:
    """Yield the ``reduce`` calls over rules that begin with yes."""
    return (call for call in module.calls(("reduce",)) if _starts_with_yes(call))


def starting_as_yes(module: Module, function: Function, *, decides: bool) -> Iterator[Assign]:
    """Yield the variables that say yes before the rules are read, each of which may say either, and are the answer.

    A yes in words needs no name that says so: ``let outcome = "grant"``, ``for (const rule of rules) outcome = …``.
    """
    answered = {value.id for one in returns_of(function) for value in _names_of_answer(one.value)}
    given = [one for one in find(function.body, Assign) if isinstance(one.target, Name) and one.target.id in answered]
    for first in given:
        yes = says_yes(first.value) if decides else says_granted(first.value)
        if not yes or first.op != "=" or enclosing_loop(first) is not None or function_of(first) is not function:
            continue
        name = first.target.id if isinstance(first.target, Name) else ""
        later = [one for one in given if one is not first and isinstance(one.target, Name) and one.target.id == name]
        if later and all(_in_each(module, one, function) for one in later) and any(_either(one) for one in later):
            yield first


def _names_of_answer(value: Expr | None) -> Iterator[Name]:
    """Yield the name that an answer is, or that it compares with a text: ``return outcome === "grant"``."""
    value = uncast(value) if value is not None else None
    if isinstance(value, Binary) and value.op == "==":
        value = uncast(value.left)
    if isinstance(value, Name):
        yield value


def _in_each(module: Module, assign: Assign, function: Function) -> bool:
    """Tell whether an assignment stands in a loop over things, or in what is called with each of them."""
    if enclosing_loop(assign) is not None:
        return True
    inner = function_of(assign)
    call = inner.parent if inner is not None and inner is not function else None
    return isinstance(call, Call) and call.name == "forEach"


def _either(assign: Assign) -> bool:
    """Tell whether what is assigned is read from a rule, and not one answer that is written out."""
    value = uncast(assign.value) if assign.value is not None else None
    return isinstance(value, Member | Conditional | Binary | Index) and not any(
        isinstance(part, Name) and isinstance(assign.target, Name) and part.id == assign.target.id
        for part in walk(value)
    )


def open_ends(module: Module, function: Function) -> Iterator[tuple[Return, str]]:
    """Yield the answers of a decision that say yes to what it doesn't name, with the reason in words."""
    for switch in find(function.body, Switch, into_functions=False):
        default = next((case for case in switch.cases if not case.tests or _is_wildcard(module, case)), None)
        answer = _only_answer(default.body) if default is not None else None
        others = [a for case in switch.cases if case is not default and (a := _only_answer(case.body)) is not None]
        if answer is not None and says_yes(answer.value) and any(not says_yes(other.value) for other in others):
            yield answer, "answers yes where none of its cases holds: an unknown value is allowed"
    last = function.body[-1] if function.body else None
    if not isinstance(last, Return) or last.value is None:
        return
    if says_yes(last.value) and _names_refusals(function.body[:-1]):
        yield last, "refuses the values that it names and allows every other, those that nobody has heard of, too"
    elif _only_not_denied(module, function, last.value):
        text = short(module.text_of(last.value))
        yield last, f"asks only whether '{text}': what nobody thought of when the list was written is allowed"


def _is_wildcard(module: Module, case: Case) -> bool:
    return len(case.tests) == 1 and case.guard is None and module.text_of(case.tests[0]).strip() == "_"


def _only_answer(body: Sequence[Statement]) -> Return | None:
    last = body[-1] if body else None
    return last if isinstance(last, Return) and last.value is not None else None


def _names_refusals(body: Sequence[Statement]) -> bool:
    """Tell whether every statement refuses where something is one of the values that are named, and none grants."""
    if not body or not all(isinstance(statement, If) and not statement.orelse for statement in body):
        return False
    refused = False
    for statement in body:
        if not isinstance(statement, If) or not exits(statement.body):
            return False
        answer = _only_answer(statement.body)
        if answer is None or answer.value is None or not isinstance(uncast(answer.value), Literal | Binary):
            return False
        test = uncast(statement.test)
        if not isinstance(test, Binary) or any(True for _ in calls_in(test)):
            return False
        if says_yes(answer.value):
            return False
        named = test.op == "==" and any(says(uncast(side), REFUSING) for side in (test.left, test.right))
        refused = refused or named
    return refused


def _only_not_denied(module: Module, function: Function, value: Expr) -> bool:
    """Tell whether the whole answer is that an action is in no list of refused ones."""
    value = uncast(value)
    if not isinstance(value, Binary) or value.op != "not in":
        return False
    asked = uncast(value.left)
    if not isinstance(asked, Name) or not set(words(asked.id)) & (ACTIONS | {"permission"}):
        return False
    given = any(isinstance(one, Param) for one in module.scopes.lookup(asked.id, asked))
    return given and bool(set(last_words(value.right)) & _DENIED) and len(function.body) <= 2


def _starts_with_yes(call: Call) -> bool:
    """Tell whether rules are folded into one answer that is yes from the start."""
    if call.receiver is None or len(call.args) != 2 or not says_yes(call.args[1]):
        return False
    if not set(last_words(call.receiver)) & _RULES:
        return False
    by = uncast(call.args[0])
    if not isinstance(by, Function) or not by.params:
        return False
    carried = by.params[0].name
    about = {word for node in walk(by.body) for word in _said(node)}
    return bool((set(words(carried)) | about) & (PERMISSION | {"effect"})) and _keeps(by, carried)


def _said(node: object) -> tuple[str, ...]:
    return words(node.name) if hasattr(node, "name") and isinstance(node.name, str) else ()


def _keeps(by: Function, carried: str) -> bool:
    """Tell whether what came before stays where a rule doesn't match, and isn't joined by 'and' with each."""
    joined = any(
        isinstance(node, Binary) and node.op == "and" and isinstance(node.left, Name) and node.left.id == carried
        for node in walk(by.body)
    )
    return not joined
