"""SEC003: a guard that throws where the answer is no ends quietly where there is no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings
from reviewer.code.syntax import (
    Assign,
    Call,
    Function,
    Handler,
    If,
    Literal,
    Name,
    Return,
    Statement,
    Throw,
    Try,
    Unary,
    strip,
)
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.refusing_only import only_looks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WORDS: Final = word_set(
    "guard guards guarded check checks require requires ensure assert demand insist verify enforce authorize authorise "
    "refused refuse denied deny forbidden permission permitted permits allowed allows reaches may can need needs gate "
    "hold holds held ask asks lacks admit admits"
)


@module_check("SEC003", words=_WORDS)
def guard_passed_by_error(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at handlers of questions whose answer a guard throws by."""
    if module.is_test:
        return
    for node in module.all(Try):
        function = function_of(node)
        if function is None or not node.handlers or not _is_guard(function, node):
            continue
        for handler in node.handlers:
            left = handler.body[-1] if handler.body else None
            if isinstance(left, Return) and left.value is None:
                yield Match(
                    left,
                    f"'{function.name}' throws where the answer is no, and returns here where the question fails: an "
                    "error is taken for a yes.",
                )
            said = _said_yes(node, handler)
            if said is not None:
                yield Match(
                    said,
                    f"'{function.name}' throws where the answer is no, and takes an error for a yes.",
                )


def _said_yes(node: Try, handler: Handler) -> Assign | None:
    """Return where a handler says yes in the name whose no is thrown for behind the ``try``."""
    asked, later = _asked(node), _later(node)
    for one in find(handler.body, Assign, into_functions=False):
        name = one.target.id if isinstance(one.target, Name) else ""
        yes = isinstance(one.value, Literal) and one.value.value is True
        if yes and name in asked and any(_throws_without(test, name) for test in later):
            return one
    return None


def _throws_without(test: Statement, name: str) -> bool:
    """Tell whether a statement throws where a name is no: ``if not held: raise …``."""
    if not isinstance(test, If) or not isinstance(asked := strip(test.test), Unary) or asked.op != "not":
        return False
    operand = strip(asked.operand)
    thrown = any(isinstance(one, Throw) for one in test.body)
    return thrown and isinstance(operand, Name) and operand.id == name


def _later(node: Try) -> list[Statement]:
    beside = siblings(node)
    return beside[beside.index(node) + 1 :] if node in beside else []


def _asked(node: Try) -> set[str]:
    """Return the names that are given what a call answers in a ``try``."""
    return {
        one.target.id
        for one in find(node.body, Assign, into_functions=False)
        if isinstance(one.target, Name) and one.value is not None and isinstance(strip(one.value), Call)
    }


def _is_guard(function: Function, node: Try) -> bool:
    """Tell whether a function asks in the ``try`` and does nothing behind it but throw where the answer is no."""
    asked, later = _asked(node), _later(node)
    decided = any(isinstance(one, If) and names_in(one.test) & asked for one in later)
    given = any(one.value is not None for one in find(function.body, Return, into_functions=False))
    thrown = any(True for _ in find(later, Throw, into_functions=False))
    return bool(function.params) and decided and thrown and not given and only_looks(later)
