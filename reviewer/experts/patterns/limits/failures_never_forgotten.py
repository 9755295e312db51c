"""PAT560: failures are counted for as long as the host runs, and none of them is ever forgotten."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, guarding_try, in_handler
from reviewer.code.reach.call_sites import call_sites
from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Delete,
    Expr,
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
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.guests import ROLES, runs_guest
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.vocabulary import PLUGINS, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FAILS: Final = word_set("failure failures failed fails error errors crashes faults strike strikes misses")
_COMPARES: Final = frozenset({">", ">=", "<", "<="})
_FORGETS: Final = frozenset(
    {"delete", "pop", "clear", "reset", "set", "discard", "setdefault", "update", "shift", "splice", "popleft"}
)
_NOTES: Final = frozenset({"push", "append"})
_OFF: Final = word_set(
    "off disabled blocked broken tripped suspended quarantined banned muted benched barred dead closed halted unhealthy"
)
_BEGINS: Final = frozenset({"constructor", "__init__", "__post_init__"})
_BY_HAND: Final = word_set("enable release reset unblock reinstate resume forgive lift unquarantine readmit allow")
_SHORT: Final = 2
"""Statements of a function that does nothing but forget what was counted, or count."""


@module_check("PAT560", words=_FAILS)
def failures_never_forgotten(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each count of failures that keeps a plugin out for a line that ever takes something off it."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    told: set[str] = set()
    for node in module.some(Assign, Unary, Call):
        name = _raised(module, node)
        at = _where_it_fails(module, node) if name and name not in told else None
        function = function_of(at) if at is not None else None
        if at is None or function is None or not _keeps_out(function, name, at):
            continue
        told.add(name)
        if _runs_guests(module, function) and not _forgets(module, name, node):
            yield Match(
                node,
                f"'{name}' only ever grows: no success and no time takes a failure off it, so that whoever fails now "
                "and then is cut off one day, though it works.",
            )


def _where_it_fails(module: Module, node: Node) -> Node | None:
    """Return where in a handler a count goes up, at once or in a helper that the handler asks."""
    if in_handler(node) is not None:
        return node
    helper = function_of(node)
    if helper is None or len(helper.body) > _SHORT:
        return None
    sites = call_sites(module, helper) or ()
    return next((call for other, call in islice(sites, 1) if other is module and in_handler(call) is not None), None)


def _raised(module: Module, node: Node) -> str:
    """Return the name of the count in a field, a record or a table that goes up at a node; else nothing."""
    target: Expr | None = None
    if isinstance(node, Call):
        more = strip(node.args[1]) if node.name == "set" and len(node.args) == 2 else None
        held = last_name(strip(node.receiver)) if isinstance(more, Binary) and more.op == "+" and node.receiver else ""
        if more is not None:
            return held if set(spelled(held)) & _FAILS and held in module.text_of(more) else ""
        if node.name in _NOTES and len(node.args) == 1 and node.receiver is not None:  # errors.push(now)
            noted = last_name(strip(node.receiver))
            return noted if isinstance(strip(node.receiver), Member) and set(spelled(noted)) & _FAILS else ""
    if isinstance(node, Unary) and node.op == "++":
        target = node.operand
    elif isinstance(node, Assign) and node.op == "+=" and node.value is not None:
        target = node.target if isinstance(strip(node.value), Literal) else None
    elif isinstance(node, Assign) and node.op == "=" and isinstance(node.value, Binary) and node.value.op == "+":
        target = node.target if _counted(strip(node.target)) in module.text_of(node.value.left) else None
    name = _counted(strip(target)) if target is not None else ""
    return name if set(spelled(name)) & _FAILS else ""


def _counted(target: Expr) -> str:
    if isinstance(target, Index):
        target = strip(target.object)
        return last_name(target)
    return target.name if isinstance(target, Member) else ""


def _keeps_out(function: Function, name: str, node: Node) -> bool:
    """Tell whether the function leaves at its beginning, or shuts something off behind, where the count is too high."""
    for mark in find(function.body, Assign, into_functions=False):
        target, held = strip(mark.target), strip(mark.value) if mark.value is not None else None
        off = isinstance(target, Member) and bool(set(spelled(target.name)) & _OFF) and mark.start > node.start
        if off and isinstance(held, Binary) and held.op in _COMPARES and _speaks_of(held, name):
            return True
    for test in find(function.body, If, into_functions=False):
        leaves = test.start < node.start and exits(test.body) and in_handler(test) is None
        if not leaves and not (test.start > node.start and _shuts_off(test)):
            continue
        for part in _asked(function, test.test):
            if part.op in _COMPARES and any(_speaks_of(side, name) for side in (part.left, part.right)):
                return True
    return False


def _asked(function: Function, test: Expr) -> Iterator[Binary]:
    """Yield what a test compares, and what a function of one line that it asks does: ``if (!usable(name)) …``."""
    yield from find(test, Binary)
    for call in find(test, Call):
        helper = callee(function.module, call)
        only = helper.body[0] if helper is not None and len(helper.body) == 1 else None
        if isinstance(only, Return) and only.value is not None:
            yield from find(only.value, Binary)


def _shuts_off(test: If) -> bool:
    """Tell whether all that is done is to set a mark by which somebody is asked no more: ``entry.off = true``."""
    for assign in find(test.body, Assign, into_functions=False):
        if not isinstance(assign.target, Member) or not isinstance(
            value := strip(assign.value or assign.target), Literal
        ):
            continue
        said = set(spelled(assign.target.name)) | (set(spelled(value.value)) if isinstance(value.value, str) else set())
        if said & _OFF and value.value is not False:
            return True
    return False


def _speaks_of(side: Expr, name: str) -> bool:
    return any(last_name(one) == name for one in find(side, Expr) if isinstance(one, Member | Name))


def _runs_guests(module: Module, function: Function) -> bool:
    told = {word for param in function.params for word in (*spelled(param.name), *spelled(param.type))}
    calls = list(find(function.body, Call))
    return (
        bool(told & (ROLES | PLUGINS))
        or any(runs_guest(module, call) is not None for call in calls)
        or any(_is_one_of_many(module, call, function) for call in calls)
    )


def _is_one_of_many(module: Module, call: Call, function: Function) -> bool:
    """Tell whether what is called was looked up by the name that the caller gave: ``self._peers.get(name)``.

    It may be a function: ``const command = extension.commands.get(verb)``.
    """
    holder = strip(call.receiver) if call.receiver is not None else strip(call.callee)
    made = module.scopes.origin(holder) if isinstance(holder, Name) else None
    looked = strip(made) if isinstance(made, Expr) else None
    key: Expr | None = None
    if isinstance(looked, Call) and looked.name == "get" and looked.receiver is not None:
        key = looked.arg(0)
    elif isinstance(looked, Index):
        key = looked.key
    return isinstance(key, Name) and guarding_try(call) is not None and key.id in {one.name for one in function.params}


def _forgets(module: Module, name: str, raised: Node) -> bool:
    """Tell whether a line sets the count anew, takes it down, or throws away what it stands in."""
    for assign in module.all(Assign):
        around = function_of(assign)
        if assign is raised or around is None or around.name in _BEGINS or _by_hand(around):
            continue
        if _counted(strip(assign.target)) == name and not _raised(module, assign):
            return True
    for one in module.all(Unary):
        if one.op in ("--", "delete") and _counted(strip(one.operand)) == name and not _by_hand(function_of(one)):
            return True
    for call in module.calls(_FORGETS):
        if _by_hand(function_of(call)):
            continue
        if call.receiver is not None and last_name(strip(call.receiver)) == name and not _raised(module, call):
            return True
    return any(
        _counted(strip(target)) == name and not _by_hand(function_of(one))
        for one in module.all(Delete)
        for target in one.targets
    )


def _by_hand(function: Function | None) -> bool:
    """Tell whether all that a function does is to let one in again that somebody has looked at."""
    if function is None or len(function.body) > _SHORT:
        return False
    return bool(set(spelled(function.name)[:1]) & _BY_HAND)
