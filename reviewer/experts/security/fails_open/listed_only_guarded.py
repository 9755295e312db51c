"""SEC490, second part: a right is asked for only where a list of dangerous things has the name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings
from reviewer.code.reach.links import declared_type
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Expr,
    If,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, inside
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.deciding.entries import membership
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.values.listed import is_written_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node, Statement
    from reviewer.experts.check import Inquiry

_HOLDINGS: Final = RIGHTS | word_set("held holds holding granted allowed approved consented permitted")
_ASKS: Final = word_set("may can allowed granted permitted permits allows has holds require demand ensure assert check")
"""Words of functions that say whether somebody holds a right, or end the call where not."""
_SETTLED: Final = word_set("denied revoked refused blocked banned seen asked pending known")
"""Words of collections that are about something else than what somebody may do."""


@module_check("SEC490", words=_HOLDINGS)
def listed_only_guarded(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find tests that pass whatever a written list does not name, and look for a right only where it does."""
    if module.is_test:
        return
    found = (_in_one_test(node) if isinstance(node, Binary) else _in_two_steps(node) for node in _tests(module))
    for listed, many, key in filter(None, found):
        function = function_of(listed)
        if function is None or not _dangerous(module, many) or _known_else(module, function, key, listed):
            continue
        yield Match(
            listed,
            f"A right is looked for only where '{short(module.text_of(many))}' has '{short(module.text_of(key))}': "
            "whatever that list does not name, and whatever is added later, is open to everybody.",
            confidence=Confidence.POSSIBLE if _closed(module, key) else None,
        )


def _tests(module: Module) -> Iterator[Binary | If]:
    for node in module.some(Binary, If):
        if isinstance(node, Binary | If):
            yield node


def _in_one_test(node: Binary) -> tuple[Expr, Expr, Expr] | None:
    """Return test, list and name of ``RISKY.has(name) && !granted.has(name)`` that refuses, or of what then passes."""
    if node.op not in ("and", "or") or (isinstance(node.parent, Binary) and node.parent.op == node.op):
        return None
    parts = list(_parts(node, node.op))
    stops = node.op == "and"
    for part in parts:
        many, key = _sought(part, positive=stops)
        if many is None or key is None:
            continue
        if any(_held(one, key, positive=not stops) for one in parts if one is not part) and _decides(node, stops=stops):
            return part, many, key
    return None


def _decides(node: Expr, *, stops: bool) -> bool:
    """Tell whether a test refuses or skips where it holds, or is the answer whether something may be done."""
    around = node.parent
    if isinstance(around, Unary):
        return _decides(around, stops=not stops)
    if isinstance(around, If) and around.test is node:
        return exits(around.body) if stops else not exits(around.body) or bool(around.orelse)
    return isinstance(around, Return) and not stops


def _in_two_steps(node: If) -> tuple[Expr, Expr, Expr] | None:
    """Return list and name of ``if (!RISKY.has(name)) return true``, and of a guard inside ``if (RISKY.has(name))``."""
    if node.orelse:
        return None
    many, key = _sought(node.test, positive=True)
    if many is not None and key is not None:
        return (node.test, many, key) if len(node.body) == 1 and _asked_in(node.body, key) else None
    many, key = _sought(node.test, positive=False)
    if many is None or key is None or not _passes(node.body):
        return None
    beside = siblings(node)
    place = next((number for number, one in enumerate(beside) if one is node), len(beside))
    return (node.test, many, key) if _asked_in(beside[place + 1 :], key) else None


def _passes(body: Sequence[Statement]) -> bool:
    """Tell whether a branch says yes and goes: ``return true``, or a bare ``return`` of a guard that else throws."""
    only = body[0] if len(body) == 1 else None
    if not isinstance(only, Return):
        return False
    return only.value is None or (isinstance(value := strip(only.value), Literal) and value.value is True)


def _asked_in(body: Sequence[Statement], key: Expr) -> bool:
    """Tell whether statements refuse, or answer, by whether somebody holds the right of this name."""
    for one in body[:3]:
        if isinstance(one, If) and refuses(one.body) and any(_held(part, key, positive=False) for part in _any(one)):
            return True
        if isinstance(one, Return) and one.value is not None and _held(one.value, key, positive=True):
            return True
    return False


def _any(test: If) -> Iterator[Expr]:
    yield from _parts(test.test, "or")


def _parts(expr: Expr, op: str) -> Iterator[Expr]:
    expr = strip(expr)
    if isinstance(expr, Binary) and expr.op == op:
        yield from _parts(expr.left, op)
        yield from _parts(expr.right, op)
    else:
        yield expr


def _sought(test: Expr, *, positive: bool) -> tuple[Expr | None, Expr | None]:
    """Return collection and key of a test that a collection has a key, or that it has not."""
    test = strip(test)
    if isinstance(test, Unary) and test.op == "not":
        return _sought(test.operand, positive=not positive)
    says = not (isinstance(test, Binary) and test.op == "not in")
    many, key = membership(test) if says == positive else (None, None)
    return (many, strip(key)) if isinstance(key, Expr) and isinstance(strip(key), Name | Member) else (None, None)


def _held(test: Expr, key: Expr, *, positive: bool) -> bool:
    """Tell whether a test asks whether somebody holds a right of this name, or holds none."""
    test = strip(test)
    if isinstance(test, Unary) and test.op == "not":
        return _held(test.operand, key, positive=not positive)
    says = not (isinstance(test, Binary) and test.op == "not in")
    if says != positive:
        return False
    many, sought = membership(test)
    if many is not None and sought is not None:
        return _mentions(sought, key) and bool(path_words(many) & _HOLDINGS) and not path_words(many) & _SETTLED
    if not isinstance(test, Call) or not any(_mentions(arg, key) for arg in test.args):
        return False
    said = set(words(test.name))
    return bool(said & _ASKS and (said | (path_words(test.receiver) if test.receiver else set())) & _HOLDINGS)


def _mentions(expr: Expr, key: Expr) -> bool:
    """Tell whether an expression is a key, or a text made with it."""
    function = function_of(key)
    if function is None:
        return False
    text = function.module.text_of(key)
    return any(function.module.text_of(one) == text for one in (expr, *find(expr, Name), *find(expr, Member)))


def _dangerous(module: Module, many: Expr) -> bool:
    """Tell whether a list is written out in the program, and is none of rights somebody holds."""
    if path_words(many) & (_HOLDINGS | _SETTLED):
        return False
    made = module.scopes.origin(many)
    texts = [one for one in find(made, Literal) if isinstance(one.value, str)] if isinstance(made, Expr) else []
    lists = isinstance(made, Expr) and (isinstance(made, Object) or next(find(made, Array), None) is not None)
    return is_written_out(module, many) and bool(texts) and lists


def _known_else(module: Module, function: Function, key: Expr, listed: Node) -> bool:
    """Tell whether a function looks for the same key in another collection, too: which names there are at all."""
    text = module.text_of(key)
    for test in (one for one in find(function.body, Expr) if isinstance(one, Call | Binary)):
        many, sought = membership(test)
        if many is None or sought is None or inside(test, listed) or module.text_of(sought) != text:
            continue
        if not path_words(many) & _HOLDINGS:
            return True
    return False


def _closed(module: Module, key: Expr) -> bool:
    """Tell whether the type of a key lists all that it can be, so that nothing is added unseen."""
    declared = declared_type(module, key)
    return '"' in declared or "'" in declared
