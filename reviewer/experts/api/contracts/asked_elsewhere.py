"""Where a file asks whether an object has a member, so that whoever wrote it knows that it may be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.branches import passes_by, ways
from reviewer.code.flow import exits
from reviewer.code.syntax import (
    Binary,
    Call,
    Cast,
    Comprehension,
    Expr,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.lifecycle.hooks.hooks import hooks_of
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import INSTANCE_WORDS, has_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

ASKS: Final = frozenset({"hasattr", "getattr", "callable", "isFunction", "is_callable"})
"""Calls that ask whether something is there."""
_SAME_TABLE: Final = frozenset("get pop at values items entries find reverse reversed splice slice list sorted".split())
"""Calls that give one entry, or all entries, of the table that they are asked of."""


class Asked(Struct, frozen=True):
    """One question for a member: the test, whether it is asked of a plugin, and by which names of what."""

    test: Node
    of_plugin: bool
    sources: frozenset[str]


def asked_elsewhere(module: Module) -> dict[str, list[Asked]]:
    """Return the questions of a file whether an object has a member, by the member's name."""
    found: dict[str, list[Asked]] = {}
    for name, holder, test in _questions(module):
        found.setdefault(name, []).append(Asked(test, is_plugin_like(module, holder), sources(module, holder)))
    return found


def _questions(module: Module) -> Iterator[tuple[str, Expr, Node]]:
    for call in module.all(Call):
        if call.name in ASKS and len(call.args) > 1:
            key = strip(call.args[1])
            if isinstance(key, Literal) and isinstance(key.value, str) and _may_lack(call, key.value):
                yield key.value, call.args[0], call
        elif call.optional and isinstance(call.callee, Member):
            yield call.callee.name, call.callee.object, call
    for unary in module.all(Unary):
        member = strip(unary.operand)
        if unary.op == "typeof" and isinstance(member, Member) and _may_lack(unary, member.name):
            yield member.name, member.object, unary
    for branch in module.all(If):
        skips = passes_by(branch)
        holds, fails = ways(branch)
        for member in _tested(branch.test, holds=not skips):
            used = find(fails if skips else holds, Call)
            if any(strip(call.callee) is not member and call.name == member.name for call in used):
                yield member.name, member.object, branch.test


def _tested(test: Expr, *, holds: bool) -> Iterator[Member]:
    """Yield the members that must be something for a test to hold, or to fail."""
    test = strip(test)
    while isinstance(test, Unary) and test.op == "not":
        test, holds = strip(test.operand), not holds
    if isinstance(test, Binary) and test.op == ("and" if holds else "or"):
        yield from _tested(test.left, holds=holds)
        yield from _tested(test.right, holds=holds)
    elif not holds:
        return
    elif isinstance(test, Member):
        yield test


def _may_lack(test: Node, name: str) -> bool:
    """Tell whether what lacks the member is lived with, and not refused, so that it is always there afterwards."""
    node: Node | None = test
    while node is not None and not isinstance(node, If | Function):
        if isinstance(node, Return):  # ``can_preview()`` gives the answer to whoever wants to know
            around = function_of(node)
            return around is not None and bool(set(words(around.name)) & set(words(name)))
        node = node.parent
    if not isinstance(node, If) or (exits(node.body) and not passes_by(node)):
        return False
    return not any(call.name in ("push", "append", "add", "fail", "reject") for call in find(node.body, Call))


def is_plugin_like(module: Module, expr: Node) -> bool:
    """Tell whether an expression is called as plugins are."""
    name = last_word(strip(expr)) if isinstance(expr, Name | Member | Call | Cast) else ""
    return has_word(name, INSTANCE_WORDS) or (bool(name) and name in _woken(module))


def _woken(module: Module) -> frozenset[str]:
    """Return what a module calls that which it wakes and puts to rest, whatever the word."""
    return module.once(
        "api.woken", lambda: frozenset(last_word(use.receiver) for use in hooks_of(module)) - {"", "this", "self"}
    )


def sources(module: Module, expr: Expr) -> frozenset[str]:
    """Return the names by which an object is known: its own, and the table of the object's field that it is out of."""
    expr = strip(expr)
    found = {expr.id} if isinstance(expr, Name) and len(expr.id) > 3 else set()
    table = _table(module, expr)
    return frozenset(found | ({table} if table else set()))


def _table(module: Module, expr: Expr) -> str:
    """Return ``this.widgets`` for an entry of it: looked up, or gone through in a loop."""
    if isinstance(expr, Name):
        for binding in module.scopes.lookup(expr.id, expr)[:2]:
            if isinstance(binding, For) and binding.iterable is not None:
                return _rooted(module, binding.iterable)
            if isinstance(binding, Comprehension):
                return _rooted(module, binding.clauses[0][1])
        origin = module.scopes.origin(expr)
        expr = strip(origin) if isinstance(origin, Expr) else expr
    return _rooted(module, expr) if isinstance(expr, Index | Call) else ""


def _rooted(module: Module, expr: Expr) -> str:
    expr = strip(expr)
    while True:
        if isinstance(expr, Index):
            expr = strip(expr.object)
        elif isinstance(expr, Call) and expr.name in _SAME_TABLE:
            inner = expr.receiver or expr.arg(0)
            if inner is None:
                return ""
            expr = strip(inner)
        else:
            break
    return module.text_of(expr) if isinstance(expr, Member) else ""
