"""SEC017: the audit trail knows who was let in, and not who was turned away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, conditions, exits, guarding_try, returns_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Await,
    Call,
    Expr,
    Function,
    Handler,
    If,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Throw,
    Try,
    strip,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, inside, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words
from reviewer.experts.security.decisions import asks_permission, is_decision
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SAID: Final = frozenset(
    {"refused", "denied", "forbidden", "not allowed", "not permitted", "permission denied", "access denied"}
)
"""Texts of a refusal."""
_GRANTED: Final = frozenset({"allowed", "granted", "permitted", "authorized", "authorised", "admitted", "entitled"})
"""Words of what says that the answer is yes."""
_LOGS: Final = frozenset({"warn", "warning", "error", "log", "info", "exception", "critical", "debug"})


@module_check("SEC017", words=AUDITS)
def denial_not_audited(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for refusals without a record in functions that record the rest."""
    if module.is_test:
        return
    caught = _recording_tries(module)
    for function in module.functions:
        if function.signature_only:
            continue
        nodes = list(walk(function.body, into_functions=False))
        records = [node for node in nodes if isinstance(node, Call) and _is_record(node)]
        if not records:
            continue
        gap = _recorded_where_allowed(module, function, nodes, records)
        if gap is not None:
            yield Match(
                gap,
                f"'{_named(function)}' writes an audit record only where the answer is yes: what was tried in vain "
                "leaves none.",
                related=((records[0], "what is allowed is recorded here"),),
            )
            continue
        refusal = next((node for node in nodes if _refuses(module, function, node) and not _recorded(node)), None)
        if refusal is None:
            refusal = _refusal_of_helper(module, nodes)
        if refusal is not None and not any(_covers(one, function, refusal) for one in caught):
            yield Match(
                refusal,
                f"'{_named(function)}' writes an audit record for what is allowed, and this refusal leaves without "
                "one.",
                related=((records[0], "what is allowed is recorded here"),),
            )


def _recorded_where_allowed(module: Module, function: Function, nodes: list[Node], records: list[Call]) -> If | None:
    """Return the ``if allowed:`` that holds all records of a function which answers with that very decision."""
    for node in nodes:
        if not isinstance(node, If) or node.orelse or not all(_in_branch(node, one) for one in records):
            continue
        about = _decision_tested(module, node.test)
        if about is None or exits(node.body):
            continue
        answers = [answer.value for answer in returns_of(function) if answer.value is not None]
        if any(about in names_in(value) for value in answers) and not _logged_before(node):
            return node
    return None


def _in_branch(node: If, part: Node) -> bool:
    """Tell whether a node stands in the branch that is taken where a condition holds."""
    return any(inside(part, statement) for statement in node.body)


def _decision_tested(module: Module, test: Expr) -> str | None:
    """Return the variable that holds a decision which a condition asks to be yes: ``decision.allowed``, ``allowed``."""
    made = strip(test)
    field = made.name if isinstance(made, Member) else ""
    held = strip(made.object) if isinstance(made, Member) else made
    if not isinstance(held, Name):
        return None
    origin = module.scopes.origin(held)
    if isinstance(origin, Await):
        origin = strip(origin.value)
    said = set(words(field or held.id))
    if said & _GRANTED:
        return held.id
    return held.id if not field and isinstance(origin, Call) and asks_permission(module, origin) else None


def _logged_before(node: Node) -> bool:
    return any(isinstance(one, Call) and _is_log(one) for one in before(node))


def _named(function: Function) -> str:
    """Return the name of a function, or of the next one around it that has a name."""
    current: Function | None = function
    while current is not None and not current.name:
        current = current.outer
    return current.name if current is not None else "the function"


def _recording_tries(module: Module) -> list[Try]:
    """Return the ``try`` statements whose handlers write a record."""
    found = []
    for handler in module.all(Handler):
        records = any(isinstance(node, Call) and _is_record(node) for node in walk(handler.body, into_functions=False))
        if records and isinstance(handler.parent, Try):
            found.append(handler.parent)
    return found


def _covers(caught: Try, function: Function, refusal: Node) -> bool:
    """Tell whether a refusal may end in a ``try`` that records it: one around it, or one of another function."""
    if function_of(caught) is not function:
        return True
    return any(inside(refusal, statement) for statement in caught.body)


def _refusal_of_helper(module: Module, nodes: list[Node]) -> Node | None:
    """Return the refusal of a guard of the same file that is called here, and that neither side records."""
    for call in nodes:
        if not isinstance(call, Call) or guarding_try(call):
            continue
        target = callee(module, call)
        if target is None or target.module is not module or _recorded(call):
            continue
        inside = list(walk(target.body, into_functions=False))
        if any(isinstance(node, Call) and _is_record(node) for node in inside):
            continue
        for node in inside:
            if isinstance(node, Throw) and _refuses(module, target, node) and not _recorded(node):
                return node
    return None


def _is_record(call: Call) -> bool:
    named = path_words(call.receiver) if call.receiver is not None else set()
    return bool((named | set(words(call.name))) & AUDITS)


def _refuses(module: Module, function: Function, node: Node) -> bool:
    """Tell whether a node leaves a function with a refusal, because permission is missing."""
    if isinstance(node, Return):
        value = uncast(node.value) if node.value is not None else None
        refusing = isinstance(value, Literal) and value.value is False and is_decision(function)
        rejects = isinstance(value, Call) and value.name == "reject"
        if _told_refused(node):
            return True
        if not refusing and not rejects and not _answers_403(node):
            return False
    elif not isinstance(node, Throw):
        return False
    found = conditions(node)
    return bool(found) and asks_permission(module, found[0].test)


def _told_refused(node: Return) -> bool:
    """Tell whether a branch sends a refusal in words, and leaves: ``child.send({call, error: "refused"}); return;``."""
    if node.value is not None and not isinstance(uncast(node.value), Call):
        return False
    branch = node.parent
    if not isinstance(branch, If) or not any(node is one for one in branch.body):
        return False
    return any(
        isinstance(part, Literal) and isinstance(part.value, str) and part.value.strip().lower() in _SAID
        for part in walk(branch.body, into_functions=False)
    )


def _answers_403(node: Return) -> bool:
    return node.value is not None and any(
        isinstance(part, Literal) and part.value == 403 and not isinstance(part.value, bool)
        for part in walk(node.value)
    )


def _recorded(node: Node) -> bool:
    """Tell whether a record, or at least a log line, is written on the way to a node."""
    for earlier in before(node):
        if isinstance(earlier, Call) and (_is_record(earlier) or _is_log(earlier)):
            return True
    return any(isinstance(part, Call) and _is_record(part) for part in walk(node))


def _is_log(call: Call) -> bool:
    named = words(call.name)
    return call.receiver is not None and bool(named) and named[0] in _LOGS
