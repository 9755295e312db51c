"""SEC180: the size of a download is believed where the sender states it, and nobody counts what comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Unary,
    is_nothing,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import path_words, said_in, word_set
from reviewer.experts.security.values.source_words import ANSWERS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_TAKES: Final = word_set("pipeline pipe arraybuffer buffer blob text body read chunk chunks stream write iter content")
"""Words of code that takes what a server sends."""
_ANSWERED: Final = ANSWERS | word_set("body stream reader chunks iter content this")
"""Words of what a helper that counts is given."""
_DEEPEST: Final = 2
_LENGTHS: Final = word_set("length bytelength size len bytes received seen total written count tell")


_HEADERS: Final = (b"ontent-", b"ONTENT-", b".content_length")
"""Beginnings of the header's name as it is asked for."""


@module_check("SEC180", words={"length", "content", "headers"})
def size_from_header(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison of a stated length with a limit for a count of what really comes."""
    if module.is_test or not any(mark in module.source for mark in _HEADERS):
        return
    for test in module.all(Binary):
        function = function_of(test)
        if test.op not in ("<", ">", "<=", ">=") or function is None:
            continue
        stated = next((side for side in (test.left, test.right) if _is_stated(module, side)), None)
        if (
            stated is None
            or not _takes(function)
            or _counts(module, function, test)
            or _needs_it(module, function, stated)
        ):
            continue
        yield Match(
            test,
            "Only the length that the server states is held against the limit: an answer without the header, or one "
            "that is longer than it says, is taken whole.",
            fix="Count the bytes as they come, and stop when there are too many.",
        )


def _is_stated(module: Module, expr: Expr, depth: int = 0) -> bool:
    """Tell whether a number was read from the header ``content-length``."""
    if depth > 3:
        return False
    for node in walk(expr):
        if isinstance(node, Member) and node.name == "content_length":
            return bool(path_words(node.object) & ANSWERS)
        if isinstance(node, Literal) and isinstance(node.value, str) and node.value.lower() == "content-length":
            return isinstance(node.parent, Call | Index)
        if isinstance(node, Name):
            for bound in module.scopes.lookup(node.id, node):
                if isinstance(bound, Assign) and bound.value is not None and _is_stated(module, bound.value, depth + 1):
                    return True
    return False


def _takes(function: Function) -> bool:
    return bool(said_in(function.body) & _TAKES)


def _counts(module: Module, function: Function, test: Binary, depth: int = 0) -> bool:
    """Tell whether a function, or one that it hands the answer to, counts what comes or looks at its real length."""
    for call in find(function.body, Call) if depth < _DEEPEST else ():
        helper = callee(module, call)
        taken = (*call.args, *call.keywords.values(), *((call.receiver,) if call.receiver is not None else ()))
        handed = helper is not None and helper is not function and any(path_words(one) & _ANSWERED for one in taken)
        if handed and helper is not None and _counts(helper.module, helper, test, depth + 1):
            return True
    for node in walk(function):
        if isinstance(node, Assign) and node.op == "+=":
            return True
        if isinstance(node, Unary) and node.op == "++":
            return True
        compared = isinstance(node, Binary) and node is not test and node.op in ("<", ">", "<=", ">=", "!=", "==")
        if compared and isinstance(node, Binary) and (path_words(node.left) | path_words(node.right)) & _LENGTHS:
            return True
        if isinstance(node, Call) and set(words(node.name)) & {"limit", "limited", "capped", "bounded"}:
            return True
    return False


def _needs_it(module: Module, function: Function, stated: Expr) -> bool:
    """Tell whether an answer that states no length is refused, so that the protocol itself keeps to it."""
    names = {node.id for node in find(stated, Name) if _is_stated(module, node)}
    for node in walk(function):
        about = _names(node) & names or (isinstance(node, Unary) and _is_stated(module, node.operand))
        if about and isinstance(node, Call) and node.name in ("isInteger", "isSafeInteger", "isFinite", "isNaN"):
            return True
        if about and isinstance(node, Unary) and node.op == "not":
            return True
        if about and isinstance(node, Binary) and node.op in ("==", "!=") and not _lets_pass(node):
            return True
    return False


def _lets_pass(asked: Binary) -> bool:
    """Tell whether a length is only compared where one is stated: ``told !== null && Number(told) > most``."""
    around = asked.parent
    whole = isinstance(around, Binary) and around.op == "and" and around.left is asked
    return whole and asked.op == "!=" and is_nothing(asked.right)


def _names(node: Node) -> set[str]:
    return {one.id for one in find(node, Name)} if isinstance(node, Call | Unary | Binary) else set()
