"""COM369: a request that can't be served is dropped, and whoever asked is told nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    If,
    Index,
    Jump,
    Literal,
    Member,
    Name,
    Return,
    Template,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import behind, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.requests.answering import Answering, answering, is_id
from reviewer.experts.communication.vocabulary import PERMISSION
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LOOKS: Final = word_set("get has find includes lookup resolve hasown")
"""Last words of a call that looks something up."""


@module_check("COM369", words={"id", "seq", "nonce", "request", "correlation", "reply", "respond", "answer"})
def request_unanswered(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that answers requests for the ways out of it on which it answers nothing."""
    if module.is_test:
        return
    for function in module.functions:
        found = answering(function)
        if found is None or _tells_apart(found):
            continue
        silent = [test for test in find(function.body, If, into_functions=False) if _is_silent(found, test)]
        if silent:
            yield Match(
                silent[0],
                f"Where '{module.text_of(silent[0].test)[:70]}' holds, '{function.name or 'this function'}' ends "
                "without an answer: whoever sent the request waits until its time is up, or for ever.",
                related=((found.replies[0], "answered here"), *((one, "nor here") for one in silent[1:])),
            )


def _tells_apart(found: Answering) -> bool:
    """Tell whether the function asks whether there is an id at all: what has none wants no answer."""
    for node in find(found.function.body, Binary, into_functions=False):
        sides = (strip(node.left), strip(node.right))
        if node.op in ("==", "!=", "in") and any(is_id(side) for side in sides):
            return True
        if node.op == "in" and isinstance(sides[0], Literal) and sides[0].value == "id":
            return True
    tests = [strip(test.test) for test in find(found.function.body, If, into_functions=False)]
    return any(is_id(test.operand if isinstance(test, Unary) else test) for test in tests)


def _is_silent(found: Answering, test: If) -> bool:
    """Tell whether a branch leaves without an answer, where what was asked for isn't there or isn't allowed."""
    last = test.body[-1] if test.body else None
    leaves = isinstance(last, Return) and (last.value is None or _says_nothing(strip(last.value)))
    if not leaves and not (isinstance(last, Jump) and last.kind == "continue"):
        return False
    if found.answers(test.body) or not any(behind(reply, test) for reply in found.replies):
        return False
    return _refuses(found, strip(test.test))


def _says_nothing(answer: Expr) -> bool:
    """Tell whether an answer is none; whole words are told to whoever asked: ``return "There is no such pack."``."""
    return isinstance(answer, Literal) and not (isinstance(answer.value, str) and " " in answer.value.strip())


def _refuses(found: Answering, test: Expr) -> bool:
    """Tell whether a test holds where nothing serves the request, or where it may not be served."""
    if isinstance(test, Binary) and test.op == "or":
        return _refuses(found, strip(test.left)) or _refuses(found, strip(test.right))
    if isinstance(test, Binary) and test.op in ("==", "!="):
        sides = (strip(test.left), strip(test.right))
        nothing = [side for side in sides if isinstance(side, Literal) and (side.value is None or side.value is True)]
        other = next((side for side in sides if side not in nothing), None)
        if len(nothing) != 1 or other is None:
            return False
        none = nothing[0].value is None
        return test.op == ("==" if none else "!=") and _asked(found, other, by_any_name=none)
    if isinstance(test, Binary) and test.op == "not in":
        return _is_part(found, strip(test.left))
    return isinstance(test, Unary) and test.op == "not" and _asked(found, strip(test.operand))


def _asked(found: Answering, expr: Expr, *, by_any_name: bool = False) -> bool:
    """Tell whether an expression is what was looked up by a part of the request, or asked of somebody with it.

    A question whose answer may be nothing looks something up, whatever it is called.
    """
    if isinstance(expr, Name):
        bound = found.function.module.scopes.lookup(expr.id, expr)
        made = [one.value for one in bound if isinstance(one, Assign) and one.value is not None]
        return len(made) == 1 and (
            not isinstance(strip(made[0]), Name) and _asked(found, strip(made[0]), by_any_name=by_any_name)
        )
    if isinstance(expr, Binary) and expr.op == "in":
        return _is_part(found, strip(expr.left))
    if isinstance(expr, Index):
        return _is_part(found, strip(expr.key))
    if not isinstance(expr, Call) or not any(_is_part(found, strip(one)) for one in expr.args):
        return False
    if by_any_name:
        return True
    said = words(expr.name)
    return bool(said) and (said[-1] in _LOOKS or expr.name == "hasOwn" or bool(set(said) & (PERMISSION | _LOOKS)))


def _is_part(found: Answering, expr: Expr) -> bool:
    """Tell whether an expression is a part of the request, and not its id."""
    if isinstance(expr, Template):
        return any(_is_part(found, strip(hole)) for hole in expr.holes)
    inner = expr
    while isinstance(inner, Member | Index):
        inner = strip(inner.object)
    if not isinstance(inner, Name) or inner.id not in found.request or is_id(expr):
        return False
    return inner is not expr or _is_taken_out(found, inner)


def _is_taken_out(found: Answering, name: Name) -> bool:
    """Tell whether a name is a piece of the request, and not the request itself."""
    whole = {param.name for param in found.function.params}
    return name.id not in whole and bool(names_in(name) & found.request)
