"""SEC460: all rules that are about somebody agree, also where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import (
    Array,
    Assign,
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
    Return,
    Statement,
    Unary,
    strip,
)
from reviewer.code.walk import ancestors, find, function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, said_in, word_set
from reviewer.experts.security.deciding.decisions import decides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_DENIES: Final = word_set(
    "deny denies denied denial denials block blocked blocks ban banned bans forbid forbidden forbids refuse refused "
    "revoked revocation revocations exclusion exclusions veto vetoes vetoed objection objections"
)
"""Words of rules that take away: where there is none, nothing is taken away."""
_ASKED: Final = word_set(
    "required requires needed needs requested wanted wants demanded requirements necessary missing"
)
"""Words of what somebody wants, all of which has to be held."""


@module_check("SEC460", words={"every", "all", "for"})
def all_of_none(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each decision for an answer that holds for all of those that were selected, if there are any."""
    if module.is_test:
        return
    for call in module.calls(("every", "all")):
        function = function_of(call)
        listed, test = _asked_of_all(call)
        if function is None or listed is None or test is None or not _is_answer(call):
            continue
        if decides(inquiry, module, function) and _may_be_none(module, function, listed, test):
            yield _match(module, call, listed)
    for loop in module.all(For):
        function = function_of(loop)
        if function is None or loop.iterable is None or not _falls_through(function, loop):
            continue
        test = loop.body[0].test if isinstance(loop.body[0], If) else None
        if test is None or not decides(inquiry, module, function):
            continue
        if _may_be_none(module, function, loop.iterable, test):
            yield _match(module, loop, loop.iterable)


def _match(module: Module, at: Node, listed: Expr) -> Match:
    return Match(
        at,
        f"The answer is yes where '{short(module.text_of(listed))}' has nothing in it: whoever was never granted "
        "anything passes as well.",
    )


def _asked_of_all(call: Call) -> tuple[Expr | None, Expr | None]:
    """Return what is gone through, and what has to hold for each."""
    if call.name == "every" and call.receiver is not None and len(call.args) == 1:
        step = strip(call.args[0])
        body = step.body[-1] if isinstance(step, Function) and step.body else None
        return call.receiver, body.value if isinstance(body, Return) else None
    each = strip(call.args[0]) if call.name == "all" and call.receiver is None and len(call.args) == 1 else None
    if isinstance(each, Comprehension) and len(each.clauses) == 1:
        return (each if each.tests else each.clauses[0][1]), each.element
    return None, None


def _is_answer(call: Call) -> bool:
    """Tell whether a function answers with what holds for all, and with nothing else besides."""
    for around in ancestors(call):
        if isinstance(around, Return):
            return True
        if not isinstance(around, Expr) or isinstance(around, Function | Unary | Call):
            return False
        if isinstance(around, Binary) and around.op != "and":
            return False
    return False


def _falls_through(function: Function, loop: For) -> bool:
    """Tell whether a loop only says no to one, and the function says yes behind it."""
    last = function.body[-1] if function.body else None
    behind = function.body[-2] if len(function.body) > 1 else None
    refusal = loop.body[0] if len(loop.body) == 1 else None
    return (
        behind is loop
        and _says(last, truth=True)
        and isinstance(refusal, If)
        and not refusal.orelse
        and len(refusal.body) == 1
        and _says(refusal.body[0], truth=False)
    )


def _says(statement: Statement | None, *, truth: bool) -> bool:
    value = strip(statement.value) if isinstance(statement, Return) and statement.value is not None else None
    return isinstance(value, Literal) and value.value is truth


def _may_be_none(module: Module, function: Function, listed: Expr, test: Expr) -> bool:
    """Tell whether what was selected for the one who asks may be nothing, and nobody looks whether it is."""
    made = module.scopes.origin(listed)
    made = strip(made) if isinstance(made, Expr) else strip(listed)
    params = {param.name for param in function.params} | {n for p in function.params for n in p.fields.values()}
    if not _selected(made, params):
        return False
    said = path_words(strip(listed)) | path_words(made) | said_in(made)
    if said & (_DENIES | _ASKED) or said_in(test) & _DENIES:
        return False
    if any(part.op == "-" for part in find(test, Binary)):
        return False  # how far things lie apart: nothing is near where there is nothing
    return not _held_against_others(test, params) and not _counted(function, listed, made)


def _selected(made: Expr, params: set[str]) -> bool:
    """Tell whether a value is a selection by what the function was asked: ``rules.filter(r => r.who === who)``."""
    if isinstance(made, Call) and made.name == "filter" and made.args:
        step = strip(made.args[-1] if made.receiver is None else made.args[0])
        own = {param.name for param in step.params} if isinstance(step, Function) else set()
        return isinstance(step, Function) and bool((names_in(step.body) - own) & params) and made.receiver is not None
    if isinstance(made, Comprehension):
        return any(names_in(one) & params for one in made.tests)
    if isinstance(made, Binary) and made.op in ("??", "or"):
        found, none = strip(made.left), strip(made.right)
        looked_up = (
            isinstance(found, Call) and found.name == "get" and any(names_in(one) & params for one in found.args)
        )
        return looked_up and isinstance(none, Array) and not none.items
    if isinstance(made, Call) and made.name == "get" and len(made.args) == 2:
        none = strip(made.args[1])
        return isinstance(none, Array) and not none.items and bool(names_in(made.args[0]) & params)
    return False


def _held_against_others(test: Expr, params: set[str]) -> bool:
    """Tell whether each is sought in another collection: then what is gone through is what somebody wants."""
    sought = [(one.receiver, one.args[0]) for one in find(test, Call) if one.name in ("has", "includes") and one.args]
    sought += [(one.right, one.left) for one in find(test, Binary) if one.op in ("in", "not in")]
    return any(not names_in(one) & params for _where, one in sought) or any(
        one.name == "some" for one in find(test, Call)
    )


def _counted(function: Function, listed: Expr, made: Expr) -> bool:
    """Tell whether a function asks whether there is anything: ``rules.length > 0``, ``rules and all(…)``."""
    name = strip(listed)
    if not isinstance(name, Name):
        return False
    for node in walk(function.body):
        if not isinstance(node, Name) or node.id != name.id or node is name:
            continue
        around = node.parent
        if isinstance(around, Member) and around.name in ("length", "size", "some"):
            return True
        if isinstance(around, If | Unary | Binary) or (
            isinstance(around, Call) and around.name in ("len", "any", "bool")
        ):
            return True
        if isinstance(around, Assign) and around.value is node:
            return True
    return any(name.id in names_in(one.test) for one in conditions(name))
