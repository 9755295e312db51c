"""SEC400: a request is refused, and then served all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Expr,
    ExprStatement,
    Function,
    If,
    Literal,
    Member,
    Name,
    Return,
    Statement,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_REFUSED: Final = (401, 403)
_SAYS: Final = frozenset({"status", "code", "sendStatus", "writeHead", "setStatus", "set_status", "send_error"})
_STATUS: Final = frozenset({"status", "statusCode", "status_code"})
_NOTES: Final = word_set("log logger console debug info warn warning error audit journal metrics trace count inc")


@module_check("SEC400", words={"status", "code"})
def refused_goes_on(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what follows the answers 401 and 403 that are given without leaving the function."""
    if module.is_test:
        return
    for node in module.all(If):
        if node.orelse or exits(node.body) or not all(isinstance(one, ExprStatement) for one in node.body):
            continue
        refusal = next((part for part in walk(node.body, into_functions=False) if _refuses(part)), None)
        if refusal is None:
            continue
        holder = _root(refusal)
        later = siblings(node, module)
        served = next(_work(later[later.index(node) + 1 :], holder), None) if node in later else None
        if served is not None:
            yield Match(
                node.test,
                f"Where '{short(module.text_of(node.test))}', the answer is a refusal, and the function goes on: "
                f"'{short(module.text_of(served))}' runs all the same.",
                related=((served, "this runs after the refusal"),) if served.line != node.line else (),
            )


def _refuses(node: object) -> bool:
    """Tell whether an expression puts 401 or 403 into an answer: ``res.status(403)``, ``reply.status_code = 403``."""
    if isinstance(node, Call) and node.name in _SAYS and node.receiver is not None and node.args:
        return _is_refused(node.args[0])
    if isinstance(node, Assign) and isinstance(node.target, Member) and node.target.name in _STATUS:
        return _is_refused(node.value)
    return False


def _is_refused(value: Expr | None) -> bool:
    value = strip(value) if value is not None else None
    return isinstance(value, Literal) and not isinstance(value.value, bool) and value.value in _REFUSED


def _root(refusal: object) -> str:
    """Return the name of the answer that a refusal is put into."""
    expr: object = refusal.target if isinstance(refusal, Assign) else refusal
    while isinstance(expr, Member | Call):
        expr = strip(expr.callee if isinstance(expr, Call) else expr.object)
    return expr.id if isinstance(expr, Name) else ""


def _work(later: list[Statement], holder: str) -> Iterator[Call]:
    """Yield the calls behind a refusal that do something else than send the answer or write a record."""
    for statement in later:
        if isinstance(statement, If | Function):
            return  # it may look at the answer first
        whole = statement.value if isinstance(statement, ExprStatement | Return) else None
        outer = strip(whole.value if isinstance(whole, Await) else whole) if whole is not None else None
        if isinstance(outer, Assign) and outer.value is not None:
            outer = strip(outer.value)
        if isinstance(outer, Call) and not _is_note(outer) and _root(outer) != holder:
            yield outer
        if isinstance(statement, Return):
            return


def _is_note(call: Call) -> bool:
    """Tell whether a call only writes down what happened."""
    said = set(words(call.name))
    for part in find(call.callee, Member):
        said.update(words(part.name))
    for name in find(call.callee, Name):
        said.update(words(name.id))
    return bool(said & _NOTES)
