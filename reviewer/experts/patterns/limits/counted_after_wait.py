"""PAT441: a limit is asked, others are waited for, and only after that is it counted what was let through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, in_handler
from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.walk import behind, find, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in, word_set
from reviewer.experts.patterns.alone import alone
from reviewer.experts.patterns.changes import changed_root
from reviewer.experts.patterns.limits.limit_shared import QUOTAS
from reviewer.experts.patterns.sharing import home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_LIMITS: Final = QUOTAS | word_set(
    "per max most maximum capacity ceiling room seats slots places free left full busy enough allowed cap"
)
_SHORT: Final = 3
"""Statements of a function that only says how much is used."""
_COUNTS_UP: Final = frozenset({"set", "add", "push", "append", "setdefault"})


@module_check("PAT441", words=_LIMITS)
def counted_after_wait(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each test of a limit for an await between it and the place where its counter goes up."""
    if module.is_test:
        return
    for function in module.functions:
        if not function.asynchronous or function.generator:
            continue
        waits = list(find(function.body, Await, into_functions=False))
        if not waits:
            continue
        for test in find(function.body, If, into_functions=False):
            if not _asks_limit(test):
                continue
            late = _counted_late(module, function, test, waits)
            if late is not None and not alone(module, function):
                yield Match(
                    late,
                    f"'{short(module.text_of(test.test))}' was asked before an await, and is counted only here: all "
                    "that come in meanwhile see the old number, and what fails is never counted.",
                    related=((test.test, "asked here"),),
                )
                break


def _asks_limit(test: If) -> bool:
    """Tell whether a test holds a number against a limit and lets nobody on who is over it."""
    compared = [one for one in find(test.test, Binary) if one.op in (">", ">=", "<", "<=")]
    if not compared or not any(said_in(one) & _LIMITS for one in compared):
        return False
    return any(map(_refuses, test.body)) or not exits(test.body)


def _refuses(statement: Node) -> bool:
    if isinstance(statement, Throw):
        return True
    value = strip(statement.value) if isinstance(statement, Return) and statement.value is not None else None
    return isinstance(statement, Return) and (value is None or (isinstance(value, Literal) and not value.value))


def _counted_late(module: Module, function: Function, test: If, waits: list[Await]) -> Node | None:
    """Return where the counter of a test goes up, where that is behind an await and nothing was reserved before it."""
    counters = set(_counters(module, function, test.test))
    refuses = exits(test.body)
    if refuses and not any(map(_refuses, test.body)):
        return None
    ups = [node for node in walk(function.body, into_functions=False) if _spelled(node) in counters]
    ups = [node for node in ups if (behind(node, test) if refuses else inside(node, test) and behind(node, test.test))]
    first = next(iter(ups), None)
    if first is None or not _goes_up(first) or in_handler(first) is not None:
        return None  # failures are counted where they are known, once the wait is over
    between = [one for one in waits if behind(one, test.test) and behind(first, one) and not inside(first, one)]
    between = [one for one in between if not (refuses and inside(one, test))]
    asked_again = any(
        behind(one, between[0]) and behind(first, one) and counters & set(_counters(module, function, one.test))
        for one in (find(function.body, If, into_functions=False) if between else ())
    )
    return first if between and not asked_again else None


def _counters(module: Module, function: Function, test: Expr, depth: int = 2) -> Iterator[str]:
    """Yield what outlives the call and is read for a test: fields and variables that functions share."""
    for node in walk(test):
        if isinstance(node, Member) and is_this_member(node):
            yield f"this.{node.name}"
            yield from _answered(module, node, depth)
        elif isinstance(node, Name) and node.id != "this":
            yield from _answered(module, node, depth)
            lives = home(module, node.id, node)
            if lives is None:
                continue
            if lives.scope is not function:
                yield node.id
                continue
            for bound in lives.bindings:
                if isinstance(bound, Assign) and bound.value is not None and depth:
                    if _is_entry(bound.value):
                        yield node.id
                    yield from _counters(module, function, bound.value, depth - 1)


def _is_entry(value: Expr) -> bool:
    """Tell whether a name is given a list that a table holds, so that what is put into the one is in the other."""
    made = strip(value)
    if isinstance(made, Binary) and made.op in ("??", "or"):
        made = strip(made.left)
    return isinstance(made, Index) or (isinstance(made, Call) and made.name in ("get", "setdefault"))


def _answered(module: Module, node: Expr, depth: int) -> Iterator[str]:
    """Yield what a short function of the file reads that is asked for the number: ``this.usedBy(guest)``."""
    call = node.parent
    if not depth or not isinstance(call, Call) or call.callee is not node:
        return
    asked = callee(module, call)
    if asked is None or asked.module is not module or asked.asynchronous or len(asked.body) > _SHORT:
        return
    for answer in find(asked.body, Return, into_functions=False):
        if answer.value is not None:
            yield from _counters(module, asked, answer.value, depth - 1)


def _spelled(node: Node) -> str:
    """Return the field or shared variable that a node changes, as `_counters` spells it; else nothing."""
    root = changed_root(node)
    if isinstance(root, Member):
        return f"this.{root.name}" if is_this_member(root) else ""
    return root.id if root is not None else ""


def _goes_up(node: Node) -> bool:
    if isinstance(node, Call):
        return node.name in _COUNTS_UP
    if isinstance(node, Unary):
        return node.op == "++"
    if not isinstance(node, Assign) or node.op == "-=":
        return False
    return node.op == "+=" or not isinstance(node.value, Literal | Name)  # what is set back is no count
