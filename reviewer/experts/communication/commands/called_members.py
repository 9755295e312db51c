"""Where a value that was got by name is called: at once, through what holds it, by what it is handed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Conditional,
    Expr,
    Function,
    Member,
    Name,
    Node,
    Param,
    Return,
    strip,
)
from reviewer.code.walk import ancestors, function_of, walk
from reviewer.experts.communication.invocations import calls_param

if TYPE_CHECKING:
    from reviewer.code.module import Module

_RUNS: Final = frozenset({"wait_for", "to_thread", "run_in_executor", "apply", "call", "partial", "submit"})
"""Calls that run what they are handed."""
_DEEPEST: Final = 2
"""Functions that a value is followed through."""


def called_with(module: Module, got: Expr, depth: int = 0) -> Call | None:
    """Return the call of a value that was got by name."""
    node: Node = got
    for around in ancestors(got):
        if isinstance(around, Cast | Await):
            node = around
            continue
        if isinstance(around, Member) and around.name in ("call", "apply", "bind") and isinstance(around.parent, Call):
            return around.parent
        if isinstance(around, Call):
            if around.callee is node:
                return around
            return around if node in around.args and _runs(module, around, node) else None
        if isinstance(around, Assign) and around.value is node and isinstance(around.target, Name):
            return _called_later(around, around.target.id)
        if isinstance(around, Binary) and around.op in ("??", "or"):
            node = around
            continue
        if isinstance(around, Conditional) and around.test is not node:
            node = around
            continue
        return _called_by_asker(module, around, depth) if isinstance(around, Return) else None
    return None


def _runs(module: Module, call: Call, node: Node) -> bool:
    """Tell whether a call runs what it is handed: by its name, or because a function of the subject does so."""
    if call.name in _RUNS:
        return True
    target = definition(module, call.callee)
    place = next((at for at, one in enumerate(call.args) if one is node), -1)
    return isinstance(target, Function) and place < len(target.params) and _calls(target, place)


def _calls(target: Function, place: int) -> bool:
    return place >= 0 and calls_param(target, target.params[place]) is not None


def _called_by_asker(module: Module, answer: Return, depth: int) -> Call | None:
    """Return where what a function of the file gives back is called: ``pick(guest, verb)(values)``."""
    function = function_of(answer)
    if function is None or not function.name or depth >= _DEEPEST or function.asynchronous:
        return None
    for call in module.calls((function.name,)):
        if definition(module, call.callee) is function:
            found = called_with(module, call, depth + 1)
            if found is not None:
                return found
    return None


def _called_later(assign: Assign, name: str) -> Call | None:
    function = function_of(assign)
    if function is None:
        return None
    for node in walk(function.body):
        if isinstance(node, Call):
            callee = strip(node.callee)
            if isinstance(callee, Member) and callee.name in ("call", "apply"):
                callee = strip(callee.object)
            if isinstance(callee, Name) and callee.id == name:
                return node
            run = node.args[:1] if node.name == "apply" else node.args
            if node.name in ("to_thread", "run_in_executor", "partial", "apply") and any(
                isinstance(a, Name) and a.id == name for a in run
            ):
                return node
    return None


def told_by_asker(module: Module, called: Call, expr: Expr) -> Expr:
    """Return what whoever calls the answer of a helper told it: ``guest`` of ``pick(guest, verb)(values)``."""
    site, name = strip(called.callee), strip(expr)
    helper = definition(module, site.callee) if isinstance(site, Call) else None
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    if not isinstance(site, Call) or not isinstance(helper, Function) or len(bound) != 1:
        return expr
    param = bound[0]
    if not isinstance(param, Param) or param.parent is not helper:
        return expr
    return site.arg(helper.params.index(param), param.name) or expr
