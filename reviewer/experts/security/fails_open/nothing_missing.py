"""SEC001: who has no entry lacks nothing: a list of what is missing is empty where nobody was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, returns_of
from reviewer.code.syntax import Array, Binary, Call, If, Index, Name, Object, Unary, is_nothing, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in, surroundings, word_set
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import PERMISSION, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function, Return
    from reviewer.experts.check import Inquiry

_LACKS: Final = word_set("missing lacking lacks ungranted unmet refused denied violations uncovered")
"""Words of functions that answer with what somebody lacks."""
_MAKES: Final = frozenset({"set", "list", "frozenset", "tuple", "Set"})


@module_check("SEC001", words=_LACKS)
def nothing_missing(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each list of missing rights is where somebody has no entry, if somebody refuses by it."""
    if module.is_test:
        return
    for function in module.functions:
        if not set(words(function.name)) & _LACKS or not function.params or not _about_rights(function):
            continue
        answer = next((one for one in returns_of(function) if _is_empty(one.value) and _of_no_entry(module, one)), None)
        if answer is not None and _refused_by(module, function):
            yield Match(
                answer,
                f"Where nothing is known of somebody, '{short(function.name)}' answers that nothing is missing: "
                "whoever has no entry is refused nothing.",
            )


def _about_rights(function: Function) -> bool:
    about = surroundings(function) | {word for param in function.params for word in words(param.name)}
    return bool(about & (PERMISSION | TABLES | {"consent", "wanted"})) or bool(said_in(function.body) & PERMISSION)


def _is_empty(value: Expr | None) -> bool:
    made = strip(value) if value is not None else None
    if isinstance(made, Array):
        return not made.items
    if isinstance(made, Object):
        return not made.entries and not made.spreads
    return isinstance(made, Call) and made.name in _MAKES and not made.args


def _of_no_entry(module: Module, answer: Return) -> bool:
    """Tell whether an answer is given where a thing that was looked up is not there."""
    return any(_is_absence(module, one.test, holds=one.holds) for one in conditions(answer))


def _is_absence(module: Module, test: Expr, *, holds: bool) -> bool:
    asked = strip(test)
    if isinstance(asked, Unary) and asked.op == "not":
        return _is_absence(module, asked.operand, holds=not holds)
    if isinstance(asked, Binary):
        nothing = is_nothing(asked.right) and asked.op == ("==" if holds else "!=")
        return nothing and _is_looked_up(module, asked.left)
    return not holds and _is_looked_up(module, asked)


def _is_looked_up(module: Module, value: Expr) -> bool:
    """Tell whether a value is a name for what was found, and nothing that the function is told."""
    name = strip(value)
    return isinstance(name, Name) and isinstance(module.scopes.origin(name), Call | Index)


def _refused_by(module: Module, function: Function) -> bool:
    """Tell whether the file refuses somebody where the answer of a function is not empty."""
    for test in module.all(If):
        if not refuses(test.body):
            continue
        for part in find(test.test, Name):
            origin = module.scopes.origin(part)
            if isinstance(origin, Call) and origin.name == function.name:
                return True
        if any(call.name == function.name for call in find(test.test, Call)):
            return True
    return False
