"""SEC017: the audit trail knows who was let in, and not who was turned away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, conditions, exits, guarding_try, returns_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Array,
    Await,
    Call,
    Case,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Switch,
    Throw,
    Try,
    Unary,
    With,
    strip,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words
from reviewer.experts.security.audit.asked_of_form import asks_of_form
from reviewer.experts.security.audit.trail import OUTCOMES, covered, is_record, recorded_whatever
from reviewer.experts.security.deciding.asked_to_refuse import says_refused
from reviewer.experts.security.deciding.decisions import asks_permission, is_decision
from reviewer.experts.security.deciding.entries import membership
from reviewer.experts.security.deciding.verdicts import says_no
from reviewer.experts.security.vocabulary import AUDITS, PERMISSION

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
_WORKS: Final = frozenset(
    "add remove delete create update save store put insert write set replace validate parse build".split()
)
"""First words of what fails for other reasons than that somebody may not."""
_LOGS: Final = frozenset({"warn", "warning", "error", "log", "info", "exception", "critical", "debug"})


@module_check("SEC017", words=AUDITS | OUTCOMES | {"audited", "ok", "allowed", "granted", "record"})
def denial_not_audited(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for refusals without a record in functions that record the rest."""
    if module.is_test:
        return
    caught = [one for one in module.all(Try) if any(recorded_whatever(module, one))]
    for function in module.functions:
        if function.signature_only:
            continue
        nodes = list(walk(function.body, into_functions=False))
        records: list[Node] = [node for node in nodes if isinstance(node, Call) and is_record(module, node)]
        records = records or [node for node in nodes if isinstance(node, With) and any(recorded_whatever(module, node))]
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
        refusal = next((node for node in nodes if _is_mute(module, function, node)), None)
        if refusal is None:
            refusal = _refusal_of_helper(module, function, nodes)
        if refusal is not None and not any(_calls(module, one, function) for one in caught):
            yield Match(
                refusal,
                f"'{_named(function)}' writes an audit record for what is allowed, and this refusal leaves without "
                "one.",
                related=((records[0], "what is allowed is recorded here"),),
            )


def _recorded_where_allowed(module: Module, function: Function, nodes: list[Node], records: list[Node]) -> If | None:
    """Return the ``if allowed:`` that holds all records of a function which answers with that very decision.

    Or that leaves by it in another place: ``if (!allowed) { port.postMessage(refusal); return; }``.
    """
    for node in nodes:
        if not isinstance(node, If) or node.orelse or not all(_in_branch(node, one) for one in records):
            continue
        about = _decision_tested(module, node.test)
        if about is None or exits(node.body):
            continue
        answers = [answer.value for answer in returns_of(function) if answer.value is not None]
        leaves = (one for one in nodes if isinstance(one, If) and one is not node and exits(one.body))
        answered = any(about in names_in(value) for value in answers) or any(
            isinstance(test := strip(one.test), Unary) and about in names_in(test) for one in leaves
        )
        if answered and not _logged_before(node):
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


def _calls(module: Module, caught: Try, function: Function) -> bool:
    """Tell whether a ``try`` of another function may call this one, so that its refusal ends there."""
    if function_of(caught) is function:
        return False
    called = list(find(caught.body, Call))
    if any(one.name == function.name for one in called):
        return True
    unknown = any(isinstance(strip(one.callee), Name) and callee(module, one) is None for one in called)
    return unknown and _is_passed_on(module, function)


def _is_passed_on(module: Module, function: Function) -> bool:
    """Tell whether a function, or one around it, is handed to somebody as a value, who may call it."""
    around: Function | None = function
    while around is not None:
        if isinstance(around.parent, Call | Array) or (around.name and around.name in _mentioned(module)):
            return True
        around = around.outer
    return False


def _mentioned(module: Module) -> frozenset[str]:
    """Return the names that a module gives to others as values, without calling them."""

    def collect() -> frozenset[str]:
        given = (arg for call in module.all(Call) for arg in call.args)
        return frozenset(
            one.id if isinstance(one, Name) else one.name for one in given if isinstance(one, Name | Member)
        )

    return module.once("security.names-passed", collect)


def _is_mute(module: Module, function: Function, node: Node) -> bool:
    """Tell whether a node refuses and leaves no line."""
    if not _refuses(module, function, node) or _recorded(module, node) or covered(module, function, node):
        return False
    around = guarding_try(node)
    handled = find(around.handlers, Call) if around is not None else ()
    return not any(map(_is_log, handled))


def _refusal_of_helper(module: Module, function: Function, nodes: list[Node]) -> Node | None:
    """Return the refusal of a guard of the same file that is called here, and that neither side records."""
    for call in nodes:
        if not isinstance(call, Call) or guarding_try(call):
            continue
        target = callee(module, call)
        if target is None or target.module is not module or _recorded(module, call) or covered(module, function, call):
            continue
        below = list(walk(target.body, into_functions=False))
        if any(isinstance(node, Call) and is_record(module, node) for node in below):
            continue
        for node in below:
            if isinstance(node, Throw) and _is_mute(module, target, node):
                return node
    return None


def _refuses(module: Module, function: Function, node: Node) -> bool:
    """Tell whether a node leaves a function with a refusal, because permission is missing."""
    if isinstance(node, Return):
        value = uncast(node.value) if node.value is not None else None
        refusing = isinstance(value, Literal) and value.value is False and is_decision(function)
        rejects = isinstance(value, Call) and value.name == "reject"
        if _told_refused(node):
            return True
        told = isinstance(value, Object) and (says_no(value) or _says_refused(value))
        if not refusing and not rejects and not told and not _answers_403(node):
            return False
    elif not isinstance(node, Throw):
        return False
    found = conditions(node)
    if not found:
        return isinstance(node, Throw) and says_refused([node]) and _is_chosen(module, node)
    tested = found[0].test
    if asks_of_form(tested):
        return False
    told = isinstance(node, Throw) and says_refused([node])
    if not told and any(_is_work(one) for one in (*find(tested, Call), *_looked_up(module, tested))):
        return False
    return told or asks_permission(module, tested) or _asks_rights(module, tested)


def _is_chosen(module: Module, node: Node) -> bool:
    """Tell whether a refusal is one arm of a switch over what was asked about rights: ``match right in held:``."""
    switch = next((one.parent for one in ancestors(node) if isinstance(one, Case)), None)
    return isinstance(switch, Switch) and (
        asks_permission(module, switch.subject) or membership(strip(switch.subject))[0] is not None
    )


def _asks_rights(module: Module, test: Expr) -> bool:
    """Tell whether a condition asks for what was looked up among rights: ``held = acl.get(who)``.

    A constant holds the rights that there are, ``PERMISSIONS.get(name)``, and not who has which.
    """
    return any(path_words(one) & PERMISSION and not _is_constant(one) for one in _looked_up(module, test))


def _looked_up(module: Module, test: Expr) -> list[Call | Index]:
    """Return what the names of a condition were given by a call, or taken out of a table."""
    origins = [module.scopes.origin(name) for name in find(test, Name) if name.id != "this"]
    given = [strip(one.value) if isinstance(one, Await) else one for one in origins]
    return [one for one in given if isinstance(one, Call | Index)]


def _is_work(asked: Call | Index) -> bool:
    """Tell whether a call changes what is kept or looks whether it is well-formed: ``enforcer.addPolicies(…)``."""
    return isinstance(asked, Call) and not _WORKS.isdisjoint(words(asked.name)[:1])


def _is_constant(looked_up: Call | Index) -> bool:
    table = looked_up.object if isinstance(looked_up, Index) else looked_up.receiver
    held = strip(table) if table is not None else None
    return isinstance(held, Name) and held.id.isupper()


def _says_refused(answer: Object) -> bool:
    """Tell whether a record says in a word that somebody may not: ``{ status: "denied" }``."""
    texts = (strip(value) for _key, value in answer.entries)
    return any(isinstance(one, Literal) and str(one.value).strip().lower() in _SAID for one in texts)


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


def _recorded(module: Module, node: Node) -> bool:
    """Tell whether a record, or at least a log line, is written on the way to a node."""
    for earlier in before(node):
        if isinstance(earlier, Call) and (is_record(module, earlier) or _is_log(earlier)):
            return True
    return any(isinstance(part, Call) and is_record(module, part) for part in walk(node))


def _is_log(call: Call) -> bool:
    named = words(call.name)
    return call.receiver is not None and bool(named) and named[0] in _LOGS
