"""COM055: of several votes that were waited for together, those that failed are left out of the count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.handlers.failure_is_consent import AGREES, OBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CONSENTS: Final = AGREES | frozenset({"may", "can", "agree", "agrees", "vote", "votes", "confirm", "confirms"})
_KINDS: Final = ("yes", "no", "failed")


class _UnclearError(Exception):
    """A test of a vote that says more than what can be followed."""


@module_check("COM055", words={"settled", "gather"})
def settled_votes(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Work out for each count of votes what one that failed does to it."""
    if module.is_test:
        return
    for call in module.calls(("allSettled", "gather")):
        asked = asked_together(call)
        kept: Node | None = call.parent
        while isinstance(kept, Await):
            kept = kept.parent
        function = function_of(call)
        if asked is None or function is None or not isinstance(kept, Assign) or not isinstance(kept.target, Name):
            continue
        objects = bool(set(words(asked.name)[:1]) & OBJECTS)
        for count, test in _counts(function, kept.target.id):
            if _leaves_out(module, count, test, objects=objects):
                yield Match(
                    count,
                    f"When '{module.text_of(asked.callee)[:60]}(…)' fails or comes too late, its vote is left out, and "
                    "what nobody objected to goes through: a check that crashes lets everything through.",
                    related=((asked, "its answer decides"),),
                )
                break


def asked_together(call: Call) -> Call | None:
    """Return the question to somebody else of which the answers are waited for, failures among them."""
    told = call.keywords.get("return_exceptions")
    if call.name == "gather" and not (isinstance(told, Literal) and told.value is True):
        return None
    for arg in call.args:
        for asked in find(arg, Call):
            base = strip(asked.receiver) if asked.receiver is not None else None
            own = isinstance(base, Name) and base.id in ("Promise", "this", "self")
            if base is not None and not own and set(words(asked.name)[:1]) & (OBJECTS | _CONSENTS):
                return asked
    return None


def _counts(function: Function, votes: str) -> Iterator[tuple[Expr, Node]]:
    """Yield where votes are counted, each with what tests them: a callback, a comprehension, a loop's condition."""
    for call in find(function.body, Call):
        base = strip(call.receiver) if call.receiver is not None else None
        of_some = call.name in ("some", "every") and isinstance(base, Name) and base.id == votes
        if call.name in ("any", "all") and call.receiver is None and call.args:
            each = strip(call.args[0])
            over = strip(each.clauses[0][1]) if isinstance(each, Comprehension) else None
            if isinstance(over, Name) and over.id == votes:
                yield call, each
        elif of_some and call.args and isinstance(strip(call.args[0]), Function):
            yield call, strip(call.args[0])
    for node in find(function.body, Binary):
        held = strip(node.right)
        if node.op in ("in", "not in") and isinstance(held, Name) and held.id == votes:
            yield node, node.left
    for loop in find(function.body, For):
        over = strip(loop.iterable) if loop.iterable is not None else None
        first = loop.body[0] if len(loop.body) == 1 else None
        if isinstance(over, Name) and over.id == votes and isinstance(first, If) and _refuses(first):
            yield first.test, loop


def _refuses(test: If) -> bool:
    last = test.body[-1] if test.body else None
    value = strip(last.value) if isinstance(last, Return) and last.value is not None else None
    return isinstance(last, Throw) or (isinstance(value, Literal) and value.value is False)


def _leaves_out(module: Module, count: Expr, test: Node, *, objects: bool) -> bool:
    """Tell whether a count looks for a no, and a vote that failed is none."""
    try:
        yes, no, failed = (_holds(module, test, kind, objects=objects) for kind in _KINDS)
    except _UnclearError:
        return False
    if isinstance(count, Call) and count.name in ("every", "all"):
        return yes is True and no is False and failed is not False
    return no is True and yes is False and failed is not True


def _holds(module: Module, test: Node, kind: str, *, objects: bool) -> bool | None:
    """Tell whether a vote of a kind passes a test; None where it is not even looked at."""
    answer = (kind == "no") is objects
    vote: object = answer if kind != "failed" else _UnclearError
    if module.language != "python":
        vote = {"status": "fulfilled", "value": answer} if kind != "failed" else {"status": "rejected", "value": None}
    if isinstance(test, Comprehension):
        target = test.clauses[0][0]
        names = {target.id: vote} if isinstance(target, Name) else {}
        if not all(_value(one, names) for one in test.tests):
            return None
        return bool(_value(test.element, names))
    if isinstance(test, For):
        target_of_loop = test.target
        names = {target_of_loop.id: vote} if isinstance(target_of_loop, Name) else {}
        first = test.body[0]
        return bool(_value(first.test, names)) if isinstance(first, If) else None
    if isinstance(test, Function) and test.params:
        answers = list(find(test.body, Return))
        if len(answers) != 1 or answers[0].value is None:
            raise _UnclearError
        return bool(_value(answers[0].value, _named(test.params[0], vote)))
    if isinstance(test, Literal):
        return test.value is vote
    raise _UnclearError


def _named(param: Param, vote: object) -> dict[str, object]:
    if param.fields and isinstance(vote, dict):
        return {local: vote.get(prop) for prop, local in param.fields.items()}
    return {param.name: vote}


def _value(expr: Expr, names: dict[str, object]) -> object:
    """Work out what an expression about one vote is."""
    expr = strip(expr)
    if isinstance(expr, Literal):
        return expr.value
    if isinstance(expr, Name) and (expr.id in names or expr.id == "undefined"):
        return names.get(expr.id)
    if isinstance(expr, Member):
        held = _value(expr.object, names)
        if isinstance(held, dict):
            return held.get(expr.name)
    elif isinstance(expr, Unary) and expr.op == "not":
        return not _value(expr.operand, names)
    elif isinstance(expr, Binary) and expr.op in ("and", "or"):
        left = _value(expr.left, names)
        return _value(expr.right, names) if bool(left) is (expr.op == "and") else left
    elif isinstance(expr, Binary) and expr.op in ("==", "!=", "is", "is not"):
        same = _value(expr.left, names) == _value(expr.right, names)
        return same if expr.op in ("==", "is") else not same
    elif isinstance(expr, Call) and expr.name == "isinstance" and len(expr.args) == 2:
        kind = strip(expr.args[1])
        if isinstance(kind, Name):
            vote = _value(expr.args[0], names)
            return vote is _UnclearError if kind.id != "bool" else isinstance(vote, bool)
    raise _UnclearError
