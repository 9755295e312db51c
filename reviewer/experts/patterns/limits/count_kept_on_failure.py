"""PAT512: what is under way is counted up before the work, and down again only where the work went well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.code.flow import exits
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Delete,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Try,
    Unary,
    strip,
)
from reviewer.code.walk import ancestors, find, function_of, walk
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_SIZE = regex(r"\.size\b|\.length\b|\blen\(|\bkeys\(")
_ENTERS = frozenset({"set", "add"})
_LEAVES = frozenset({"delete", "discard", "remove", "pop"})
_REACTS = frozenset({"finally", "catch", "add_done_callback"})


class _Step(Struct, frozen=True):
    """Where a count goes one up or down, and how the count is spelled."""

    node: Node
    what: str
    holder: str
    up: bool


@module_check("PAT512")
def count_kept_on_failure(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that counts what is under way for what may fail between the two steps."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or not function.body or function.generator:
            continue
        steps = [step for node in walk(function.body) if (step := _step(module, node)) is not None]
        for first in steps:
            downs = [
                one for one in steps if not one.up and one.what == first.what and one.node.start > first.node.start
            ]
            if not first.up or not downs or function_of(first.node) is not function or any(map(_always, downs)):
                continue
            if any(function_of(one.node) is not function for one in downs) or not _limits(module, function, first):
                continue
            risk = _risk(module, function, first.node, downs[0].node)
            if risk is not None:
                stays = "stays there" if _is_entry(first) else "stays one too high"
                yield Match(
                    risk,
                    f"When this fails, '{short(first.what)}' {stays}: after as many failures as there are "
                    "places, everything more is refused.",
                    related=((first.node, "counted up here"), (downs[0].node, "counted down only where all went well")),
                )
                break


def _step(module: Module, node: Node) -> _Step | None:
    """Return the step of a count that a node is: ``n += 1``, ``n--``, ``counts.set(key, n + 1)``."""
    if isinstance(node, Assign) and node.value is not None:
        target = strip(node.target)
        if node.op in ("+=", "-=") and _is_one(node.value):
            return _of(module, node, target, up=node.op == "+=")
        made = strip(node.value)
        if node.op == "=" and isinstance(target, Index) and not isinstance(made, Binary | Literal):
            return _of(module, node, target, up=True)  # an entry of its own for each
        if node.op == "=" and isinstance(target, Index | Member) and isinstance(made, Binary) and _is_one(made.right):
            return _of(module, node, target, up=made.op == "+") if made.op in ("+", "-") else None
    if isinstance(node, Unary) and node.op in ("++", "--"):
        return _of(module, node, strip(node.operand), up=node.op == "++")
    if isinstance(node, Call) and node.name == "set" and len(node.args) == 2 and node.receiver is not None:
        made = strip(node.args[1])
        if isinstance(made, Binary) and made.op in ("+", "-") and _is_one(made.right):
            holder = module.text_of(node.receiver)
            return _Step(node, f"{holder}[{module.text_of(node.args[0])}]", holder, made.op == "+")
    if isinstance(node, Call) and node.name in _ENTERS | _LEAVES and node.args and node.receiver is not None:
        holder = module.text_of(node.receiver)
        return _Step(node, f"{holder}[{module.text_of(node.args[0])}]", holder, node.name in _ENTERS)
    return _taken_out(module, node)


def _taken_out(module: Module, node: Node) -> _Step | None:
    """Return the step by which an entry leaves a plain object or a dict."""
    target = node.targets[0] if isinstance(node, Delete) and len(node.targets) == 1 else None
    target = node.operand if isinstance(node, Unary) and node.op == "delete" else target
    target = strip(target) if target is not None else None
    return _of(module, node, target, up=False) if isinstance(target, Index) else None


def _of(module: Module, node: Node, target: Expr, *, up: bool) -> _Step | None:
    if isinstance(target, Index):
        holder = module.text_of(target.object)
        return _Step(node, f"{holder}[{module.text_of(target.key)}]", holder, up)
    return (
        _Step(node, module.text_of(target), module.text_of(target), up) if isinstance(target, Name | Member) else None
    )


def _is_one(value: Expr) -> bool:
    value = strip(value)
    return isinstance(value, Literal) and value.value == 1 and value.value is not True


def _is_entry(step: _Step) -> bool:
    """Tell whether a step enters something in a table, whose size is what is limited."""
    node = step.node
    value = strip(node.value) if isinstance(node, Assign) and node.value is not None else None
    if isinstance(node, Assign):
        return node.op == "=" and not isinstance(value, Binary)
    return isinstance(node, Call) and not isinstance(strip(node.args[-1]), Binary)


def _always(step: _Step) -> bool:
    """Tell whether a count goes down whatever happens, or where something has failed."""
    inner: Node = step.node
    for around in ancestors(step.node):
        if isinstance(around, Try) and not any(inner is one for one in around.body):
            return True
        if isinstance(around, Call) and around.name in _REACTS:
            return True
        inner = around
    return False


def _limits(module: Module, function: Function, step: _Step) -> bool:
    """Tell whether the function refuses, or waits, where the count is too high: it is no number of what was done."""
    names = {
        one.target.id
        for one in find(function.body, Assign)
        if isinstance(one.target, Name) and one.value is not None and step.holder in module.text_of(one.value)[:200]
    }
    return any(
        exits(one.body)
        and one.start < step.node.start
        and any(
            (test.op in ("<", "<=", ">", ">=") or _is_reached(test))
            and (
                (step.holder in (said := module.text_of(test)[:200]) and (not _is_entry(step) or _SIZE.search(said)))
                or any(n.id in names for n in find(test, Name))
            )
            for test in find(one.test, Binary)
        )
        for one in find(function.body, If, into_functions=False)
    )


def _is_reached(test: Binary) -> bool:
    """Tell whether a count is held against a number with a name: ``running === most``."""
    return test.op == "==" and isinstance(strip(test.right), Name | Member)


def _risk(module: Module, function: Function, up: Node, down: Node) -> Node | None:
    """Return what may fail between two steps: what is waited for, or a function that was handed in."""
    for node in walk(function.body, into_functions=False):
        if not up.stop <= node.start < down.start or any(_caught(one, up) for one in ancestors(node)):
            continue
        if isinstance(node, Await):
            call = strip(node.value)
            if not (isinstance(call, Call) and call.name in ("catch", "allSettled")):
                return node
        elif isinstance(node, Call) and isinstance(strip(node.callee), Name):
            bound = module.scopes.lookup(getattr(strip(node.callee), "id", ""), node)
            if any(isinstance(one, Param) for one in bound):
                return node
    return None


def _caught(around: Node, up: Node) -> bool:
    """Tell whether a failure is caught between the two steps, so that the count goes down behind it."""
    return isinstance(around, Try) and around.start > up.start and bool(around.handlers)
