"""REG440: what a record needs is not there, is passed over in silence, and the record is placed all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.branches import ways
from reviewer.code.flow import after
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    For,
    Function,
    If,
    Literal,
    Member,
    Name,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.carried import carried_names, descended, one_of, plain
from reviewer.experts.lifecycle.vocabulary import FIRM_DEPENDENCY_WORDS, stops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

_OPTIONAL: Final = frozenset("optional soft wants suggests recommends peer peers weak maybe before after".split())
"""Words of members that name what may be missing."""
_PLACES: Final = frozenset("push append set add create start activate load run init setup mount make build".split())
"""First words of what is done with a record that is thought to be complete."""


@module_check("REG440")
def missing_dependency_skipped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what functions do where something that a record needs can't be had."""
    if module.is_test:
        return
    yield from _not_found(module)
    yield from _settled(module)


def _not_found(module: Module) -> Iterator[Match]:
    """Find functions that call themselves for each need, and return in silence where one is not found."""
    for function in module.functions:
        if not function.name or not function.params or stops(function.name):
            continue
        for call in module.calls((function.name,)):
            member = descended(module, call, function)
            if member is None or set(words(member.name)) & _OPTIONAL or not _places(call, function):
                continue
            test = _silent_test(module, function, member)
            if test is not None:
                sure = any(isinstance(node, Throw) for node in walk(ways(test)[0]))
                yield Match(
                    test,
                    f"'{function.name}' is called for each of the '{member.name}' of a record and returns where there "
                    "is none of that name: what needs it is placed as if it were there.",
                    confidence=None if sure or set(words(member.name)) & FIRM_DEPENDENCY_WORDS else Confidence.POSSIBLE,
                )
            break


def _silent_test(module: Module, function: Function, member: Member) -> If | None:
    """Return the test that lets a function end without a word where the record was not found."""
    record = strip(member.object)
    name = record.id if isinstance(record, Name) else ""
    for test in find(function.body, If, into_functions=False) if name else ():
        if not _is_missing(test.test, name):
            continue
        lets_go = [
            node
            for node in find(test.body, Return, into_functions=False)
            if node.value is None or _is_empty(strip(node.value))
        ]
        if lets_go and not _refused_by_callers(module, function):
            return test
    return None


def _is_missing(test: Expr, name: str) -> bool:
    """Tell whether a test holds where the record of this name is not there: ``!block``, ``block is None``."""
    test = strip(test)
    if isinstance(test, Unary) and test.op == "not":
        return isinstance(strip(test.operand), Name) and name in names_in(test.operand)
    if isinstance(test, Binary) and test.op == "==":
        sides = [strip(test.left), strip(test.right)]
        nothing = any(
            (isinstance(side, Literal) and side.value is None) or getattr(side, "id", "") == "undefined"
            for side in sides
        )
        return nothing and any(isinstance(side, Name) and side.id == name for side in sides)
    return False


def _is_empty(value: Expr) -> bool:
    return (isinstance(value, Literal) and value.value is None) or getattr(value, "id", "") == "undefined"


def _places(call: Call, function: Function) -> bool:
    """Tell whether the record is put on the order, kept or started behind the descent."""
    inner: Node = call
    for around in ancestors(call):
        if around is function:
            break
        if isinstance(around, Function):
            inner = around
    return any(isinstance(node, Call) and not _PLACES.isdisjoint(words(node.name)[:1]) for node in after(inner))


def _refused_by_callers(module: Module, function: Function) -> bool:
    """Tell whether the file refuses a need that is not there before anything is placed."""
    known = carried_names(module)
    for other in module.functions:
        if other is function:
            continue
        for loop in find(other.body, For, into_functions=False):
            over = plain(loop.iterable)
            if isinstance(over, Member) and over.name in known and any(True for _ in find(loop.body, Throw)):
                return True
    return False


def _settled(module: Module) -> Iterator[Match]:
    """Find needs that are brought with ``allSettled`` or ``return_exceptions``, of which those that came are used."""
    for call in module.calls(("allSettled", "gather")):
        if call.name == "gather" and "return_exceptions" not in call.keywords:
            continue
        member = _needs_brought(module, call)
        kept = _kept_as(call)
        if member is None or not kept or _failures_heard(module, call, kept):
            continue
        yield Match(
            call,
            f"Those of the '{member.name}' that can't be had are left out without a word, and what needs them goes on "
            "with fewer than it asked for.",
        )


def _needs_brought(module: Module, call: Call) -> Member | None:
    """Return the member of a record whose items are brought, where it names others of its kind or says so."""
    for inner in find(call.args, Call):
        over = plain(inner.receiver) if inner.name == "map" and inner.receiver is not None else None
        if isinstance(over, Member) and _is_need(module, over):
            return over
    for name in find(call.args, Name):
        for bound in module.scopes.lookup(name.id, name):
            over = one_of(bound, name.id) if not isinstance(bound, Assign) else None
            if isinstance(over, Member) and _is_need(module, over):
                return over
    return None


def _is_need(module: Module, member: Member) -> bool:
    said = set(words(member.name))
    if said & _OPTIONAL:
        return False
    return member.name in carried_names(module) or bool(said & FIRM_DEPENDENCY_WORDS)


def _kept_as(call: Call) -> str:
    """Return the variable that holds what came of all."""
    for around in ancestors(call):
        if isinstance(around, Assign) and isinstance(around.target, Name):
            return around.target.id
        if isinstance(around, Function):
            break
    return ""


def _failures_heard(module: Module, call: Call, kept: str) -> bool:
    """Tell whether something asks for those that failed: by their state, their reason, or by throwing."""
    for node in after(call):
        if isinstance(node, Throw) or (isinstance(node, Member) and node.name == "reason"):
            return True
        if isinstance(node, Literal) and node.value == "rejected":
            return True
        if isinstance(node, Call) and kept in {name for arg in node.args for name in names_in(arg)}:
            target = definition(module, node.callee)
            if isinstance(target, Function) and any(True for _ in find(target.body, Throw)):
                return True
    return False
