"""SEC004: a guard that stops only what is denied by word, and lets pass what nobody ruled on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import (
    Binary,
    Call,
    Expr,
    ExprStatement,
    Function,
    If,
    Jump,
    Literal,
    Member,
    Name,
    Statement,
    Switch,
    Unary,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, said_in, surroundings, word_set
from reviewer.experts.security.deciding.decisions import asks_permission, is_decision
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.fails_open.lookups import LookUp, Scene, look_ups
from reviewer.experts.security.vocabulary import PERMISSION, REFUSING, TABLES, TRIGGERS, says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


_CAPABILITIES: Final = frozenset({"caps", "capabilities", "scopes"})
_RANKS: Final = word_set("rank level tier ring trust clearance role privilege grade")
"""Words of what is compared by rank: ``if (least && ring > least) throw …``."""
_DENIED: Final = frozenset({"deny", "denied", "forbid", "forbidden", "block", "blocked"})


@module_check("SEC004", words=TRIGGERS)
def deny_only_guard(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every ``if`` that compares a look-up with a refusing word."""
    if module.is_test:
        return
    for switch in module.all(Switch):
        yield from _of_switch(module, switch)
    for node in module.all(If):
        if not _names_refusal(node.test) and not _only_where_known(node):
            continue
        function = function_of(node)
        if function is None or is_decision(function):
            continue
        for look_up in look_ups(module, function):
            if not _about_permission(look_up, function, node.test, node.body):
                continue
            message = _lets_pass(module, node, look_up)
            if message:
                yield Match(node.test, message)
                break


def _flags_refusal(test: Expr) -> bool:
    """Tell whether a test asks for a flag of a found entry that refuses: ``rule?.deny``, ``rule && rule.denied``."""
    last = uncast(test)
    while isinstance(last, Binary) and last.op == "and":
        last = uncast(last.right)
    return isinstance(last, Member) and last.name in ("deny", "denied", "denies", "forbidden")


def _names_refusal(test: Expr) -> bool:
    if _flags_refusal(test):
        return True
    for part in walk(test, into_functions=False):
        if isinstance(part, Binary) and part.op in ("==", "!="):
            for side in (uncast(part.left), uncast(part.right)):
                if says(side, REFUSING) or (isinstance(side, Literal) and side.value is False):
                    return True
    return False


def _only_where_known(node: If) -> bool:
    """Tell whether a guard refuses only where a record was found: ``if (caps && !caps.has(topic)) throw …``."""
    test = uncast(node.test)
    if not isinstance(test, Binary) or test.op != "and" or not refuses(node.body):
        return False
    there, asked = uncast(test.left), uncast(test.right)
    if isinstance(there, Binary) and there.op == "!=" and isinstance(uncast(there.right), Literal):
        there = uncast(there.left)
    negative = (isinstance(asked, Unary) and asked.op == "not") or (
        isinstance(asked, Binary) and (asked.op == "not in" or (asked.op in ("<", "==") and _searches(asked.left)))
    )
    ranked = isinstance(asked, Binary) and asked.op in ("<", "<=", ">", ">=") and bool(said_in(asked) & _RANKS)
    if not (negative or ranked) or not isinstance(there, Name) or _of_form(asked):
        return False
    return any(isinstance(part, Name) and part.id == there.id for part in walk(asked))


def _of_form(asked: Expr) -> bool:
    """Tell whether a value that may be left out is only asked to be well-formed: ``!isValidAction(action)``."""
    call = uncast(asked.operand) if isinstance(asked, Unary) else None
    return isinstance(call, Call) and not {"valid", "wellformed", "known"}.isdisjoint(words(call.name))


def _searches(expr: Expr) -> bool:
    """Tell whether a side of a comparison is the place of something in a list."""
    return isinstance(expr, Call) and expr.name in ("indexOf", "findIndex", "find")


def _about_permission(look_up: LookUp, function: Function, test: Expr, body: list[Statement]) -> bool:
    named = path_words(look_up.first)
    if _denies(test) and (named & {"rule", "rules"} or (refuses(body) and said_in(body) & PERMISSION)):
        return True
    if named & _CAPABILITIES:
        return True
    return bool(named & (TABLES - {"rule", "rules", "access"})) or bool(surroundings(function) & PERMISSION)


def _denies(test: Expr) -> bool:
    """Tell whether a test names a refusal in so many words."""
    return (
        says(test, _DENIED)
        or _flags_refusal(test)
        or any(
            isinstance(part, Binary) and any(says(uncast(side), _DENIED) for side in (part.left, part.right))
            for part in walk(test, into_functions=False)
        )
    )


def _lets_pass(module: Module, node: If, look_up: LookUp) -> str:
    scene = Scene(module, look_up)
    holds, caused = scene.absence.truth(node.test)
    if not caused or holds is None or not scene.reaches(node)[0]:
        return ""
    text, test = short(look_up.text), short(module.text_of(node.test))
    if holds is False and _stops(node.body) and not node.orelse and not _stopped_later(module, node, scene):
        return (
            f"Where '{text}' finds nothing, '{test}' is false and nothing stops the call: only what is denied by word "
            "is refused."
        )
    if holds is True and not _stops(node.body) and _acts(node.body) and not _fills(module, node):
        return f"Where '{text}' finds nothing, '{test}' is true: what nobody ruled on is allowed."
    return ""


def _fills(module: Module, node: If) -> bool:
    """Tell whether all that is done is to enter what a collection lacks: ``if (!seen.has(key)) seen.set(key, …)``."""
    asked = {
        module.text_of(call.receiver)
        for call in walk(node.test, into_functions=False)
        if isinstance(call, Call) and call.receiver is not None and call.name in ("has", "get", "includes")
    }
    entered = (uncast(one.value) for one in node.body if isinstance(one, ExprStatement))
    puts = [
        call
        for call in entered
        if isinstance(call, Call) and call.receiver is not None and call.name in ("set", "add", "push")
    ]
    into = {module.text_of(call.receiver) for call in puts if call.receiver is not None}
    return len(puts) == len(node.body) > 0 and into <= asked


def _stops(body: list[Statement]) -> bool:
    """Tell whether statements refuse, or pass over one of several that a loop goes through."""
    last = body[-1] if body else None
    return refuses(body) or (isinstance(last, Jump) and last.kind == "continue")


def _stopped_later(module: Module, node: Statement, scene: Scene) -> bool:
    """Tell whether a later statement stops what nobody ruled on: by the same look-up, or by another question."""
    beside = siblings(node)
    for later in beside[beside.index(node) + 1 :] if node in beside else []:
        if not isinstance(later, If) or not exits(later.body):
            continue
        holds, caused = scene.absence.truth(later.test)
        if (holds is True and caused) or (holds is None and asks_permission(module, later.test)):
            return True
    return False


def _of_switch(module: Module, node: Switch) -> Iterator[Match]:
    """Find a switch over a look-up that stops only the case of the refusing word, and has no other for the rest."""
    function = function_of(node)
    denied = [case for case in node.cases if any(says(uncast(test), REFUSING) for test in case.tests)]
    if function is None or is_decision(function) or not denied or not any(refuses(case.body) for case in denied):
        return
    if any(not case.tests for case in node.cases):
        return
    for look_up in look_ups(module, function):
        scene = Scene(module, look_up)
        about = _about_permission(look_up, function, denied[0].tests[0], denied[0].body)
        if not about or _stopped_later(module, node, scene):
            continue
        outcome = scene.absence.evaluate(node.subject)
        if outcome.kind == "nothing" and outcome.caused and _acts(siblings(node)):
            yield Match(
                denied[0].tests[0],
                f"Where '{short(look_up.text)}' finds nothing, no case stops the call: only what is denied by word is "
                "refused.",
            )
            return


def _acts(body: list[Statement]) -> bool:
    return any(isinstance(part, Call) for part in walk(body, into_functions=False))
