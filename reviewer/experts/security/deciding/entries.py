"""Questions of permission by what is done: an entry is looked up, something is sought in it, and a no ends all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, returns_of, use_of
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    If,
    Index,
    Member,
    Name,
    Param,
    Throw,
    uncast,
)
from reviewer.code.text.ideas import GIVEN, GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, walk
from reviewer.experts.paths import path_words
from reviewer.experts.security.vocabulary import IDENTITIES, PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_WHO: Final = IDENTITIES | GUESTS | {"guest"}
_WHO_AND_WHAT: Final = 2
"""Parameters of a question about somebody and a right."""
_SOUGHT: Final = frozenset({"has", "includes", "contains"})


def is_entry_asked(module: Module, test: Node, whole: Expr, part: Expr) -> bool:
    """Tell whether a function seeks one thing that it is given in what it looked up by another, and refuses after a no.

    ``held = table.get(guest); if (!held.has(deed)) throw …``
    """
    return asked_for(module, whole, part) is not None and (_is_answer(test) or _throws(test))


def asked_for(module: Module, whole: Expr, part: Expr) -> Param | None:
    """Return by what parameter the entry was looked up in which another parameter is sought; None for anything else."""
    return next(_asked_by(module, whole, part), None)


def _asked_by(module: Module, whole: Expr, part: Expr) -> Iterator[Param]:
    """Yield the parameters by which the entry was looked up in which another parameter is sought."""
    sought = _param(module, part)
    if sought is not None:
        yield from (key for key in _keys(module, whole) if key is not sought)


def answers_from_entry(function: Function) -> bool:
    """Tell whether a function answers whether one thing is in the entry of somebody: ``passes.get(who).has(deed)``.

    Where the function or the table speaks of what was granted, whoever asks may be called anything.
    """
    if len(function.params) < _WHO_AND_WHAT:
        return False
    for answer in returns_of(function):
        for test in find(answer.value, Expr) if answer.value is not None else ():
            whole, part = membership(test)
            keys = _asked_by(function.module, whole, part) if whole is not None and part is not None else ()
            if any(key in function.params and (set(words(key.name)) & _WHO or _of_grants(function)) for key in keys):
                return True
    return False


def _of_grants(function: Function) -> bool:
    """Tell whether a function, or a table that it looks into, speaks of what somebody was granted."""
    return not PERMISSION.isdisjoint(words(function.name)) or any(
        isinstance(one, Call | Index) and not GIVEN.isdisjoint(path_words(one)) for one in walk(function.body)
    )


def membership(test: Node) -> tuple[Expr | None, Expr | None]:
    """Return in what and what is sought: ``held.has(deed)``, ``deed in held``."""
    if isinstance(test, Call) and test.name in _SOUGHT and test.receiver is not None and len(test.args) == 1:
        return test.receiver, test.args[0]
    if isinstance(test, Binary) and test.op in ("in", "not in"):
        return test.right, test.left
    return None, None


def _is_answer(test: Node) -> bool:
    return isinstance(test, Expr) and use_of(test).how == "returned"


def _param(module: Module, value: Expr) -> Param | None:
    made = module.scopes.origin(uncast(value))
    return made if isinstance(made, Param) and isinstance(made.parent, Function) else None


def _keys(module: Module, held: Expr, depth: int = 6) -> Iterator[Param]:
    """Yield the parameters by which a value was looked up: ``guest`` of ``table.get(guest)``, ``table[guest]``."""
    held = uncast(held)
    if depth == 0:
        return
    further: list[Expr] = []
    if isinstance(held, Name):
        bound = [one for one in module.scopes.lookup(held.id, held) if isinstance(one, Assign)]
        further = [bound[0].value] if len(bound) == 1 and bound[0].value is not None else []
    elif isinstance(held, Binary) and held.op in ("??", "or"):
        further = [held.left]
    elif isinstance(held, Conditional):
        further = [held.then, held.other]
    elif isinstance(held, Assign):
        further = [held.target] if isinstance(held.target, Index) else []
    elif isinstance(held, Await):
        further = [held.value]
    elif isinstance(held, Index):
        key = _param(module, held.key)
        if key is not None:
            yield key
        further = [held.object]
    elif isinstance(held, Member):
        further = [held.object]
    elif isinstance(held, Call) and held.receiver is not None and not held.new:
        found = [_param(module, name) for arg in held.args for name in find(arg, Name)]
        yield from (one for one in found if one is not None)
        further = [held.receiver]
    for one in further:
        yield from _keys(module, one, depth - 1)


def _throws(test: Node) -> bool:
    """Tell whether a statement throws because of a condition that a test is part of."""
    inner = test
    for around in ancestors(test):
        if isinstance(around, If):
            leaves = exits(around.body) and any(isinstance(one, Throw) for one in around.body)
            return inner is around.test and leaves
        if isinstance(around, Function):
            return False
        inner = around
    return False
