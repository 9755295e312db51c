"""What tests call the helpers that run whatever a table holds under a name, or nothing at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    If,
    Index,
    Member,
    Name,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, names_in

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.project import Project

_RUNS: Final = frozenset(
    "run call execute exec invoke dispatch perform send ask command do trigger request fire emit press click".split()
)
"""First words of what runs something that is registered."""


def runners(project: Project) -> frozenset[str]:
    """Return the names of the helpers in the tests of a subject that pass over a name which nobody registered."""
    return project.once("fundamentals.runners", lambda: frozenset[str]().union(*_of_all(project)))


def _of_all(project: Project) -> list[frozenset[str]]:
    return list(project.answers("fundamentals.runners-here", _runners, tests=True))


def _runners(module: Module) -> frozenset[str]:
    named = (one for one in module.functions if one.name and one.params and _RUNS & set(words(one.name)[:1]))
    return frozenset(one.name for one in named if passes_over(one))


def passes_over(helper: Function) -> bool:
    """Tell whether a function runs what it finds under its first parameter, and does nothing where nothing is there."""
    given = next((param.name for param in helper.params if param.name not in ("self", "this")), "")
    if not given:
        return False
    for asked in find(helper.body, Call):
        key = strip(asked.args[0]) if asked.args else None
        if asked.name != "get" or asked.receiver is None or not isinstance(key, Name) or key.id != given:
            continue
        if len(asked.args) > 1 or is_skipped(asked, helper):  # a function that does nothing in its place
            return True
    for index in find(helper.body, Index):
        key = strip(index.key)
        if isinstance(key, Name) and key.id == given and is_skipped(index, helper):
            return True
    return False


def is_skipped(asked: Expr, helper: Function) -> bool:
    """Tell whether what a look-up gives is called only where it is there, and its lack goes unnoticed."""
    inner: Expr = asked
    for around in ancestors(asked):
        if isinstance(around, Call) and inner is around.callee:
            said = names_in(asked)
            return around.optional or _asked_before(around, said) or _left_before(helper, said)
        if isinstance(around, Member) and around.optional:
            return True
        if isinstance(around, Binary) and around.op in ("??", "or"):
            return True
        if isinstance(around, Assign) and isinstance(around.target, Name):
            return _guarded(around.target.id, helper)
        if not isinstance(around, Expr):
            return False
        inner = around
    return False


def _asked_before(call: Call, said: set[str]) -> bool:
    """Tell whether a call stands where somebody looked whether there is something to be called."""
    for around in ancestors(call):
        if isinstance(around, Conditional | If) and said & names_in(around.test):
            return True
        if isinstance(around, Binary) and around.op == "and" and said & names_in(around.left):
            return True
        if isinstance(around, Function):
            return False
    return False


def _guarded(name: str, helper: Function) -> bool:
    """Tell whether a name is called with ``?.`` or only where it holds something, and nothing is thrown otherwise."""
    for call in find(helper.body, Call):
        if getattr(strip(call.callee), "id", "") == name and (call.optional or _asked_before(call, {name})):
            return True
    return _left_before(helper, {name})


def _left_before(helper: Function, said: set[str]) -> bool:
    """Tell whether a function ends without a word where nothing is there: ``if (!run) return undefined``."""
    tests = [test for test in find(helper.body, If) if said & names_in(test.test)]
    quiet = (any(isinstance(one, Return) for one in test.body) for test in tests)
    return any(isinstance(strip(test.test), Unary | Binary) and left for test, left in zip(tests, quiet, strict=True))
