"""SEC003: an error in the permission check is taken for a yes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings, use_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Expr,
    ExprStatement,
    Function,
    Handler,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Statement,
    Throw,
    Try,
    With,
    strip,
    uncast,
)
from reviewer.code.text.ideas import DEMANDS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, statement_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, surroundings, word_set
from reviewer.experts.security.deciding.by_request import is_by_request
from reviewer.experts.security.deciding.decisions import (
    decides,
    gives_boolean,
    is_check,
    is_decision,
    is_guard,
    is_question,
    readers,
)
from reviewer.experts.security.deciding.everything import is_everything
from reviewer.experts.security.deciding.refusing_only import only_refuses
from reviewer.experts.security.deciding.verdicts import awaited, says_no, says_yes
from reviewer.experts.security.fails_open.permissive import grants
from reviewer.experts.security.vocabulary import PERMISSION, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
_LEVELS: Final = frozenset(
    {"READ", "WRITE", "READ_WRITE", "READWRITE", "ADMIN", "FULL", "ALLOW", "ALL", "OWNER", "EDIT"}
)
"""Names of a level that gives something."""
_IN_ORDER: Final = word_set(
    "valid known genuine authentic legit legitimate accepted acceptable eligible admitted verified verify signed clean "
    "safe intact trusted matches passes member registered entitled licensed welcome good ok vetted approved allowed"
)
"""Words of functions that say whether something is in order."""
_OUT_OF_ORDER: Final = word_set("not in un missing exists exist online reachable available ready")
_STOPPED: Final = word_set(
    "recalled revoked banned blocked blocklisted blacklisted denied forbidden suspended quarantined barred expelled "
    "excluded withdrawn"
)
"""Last words of a question whether somebody was stopped."""
_REFUSED: Final = frozenset({"permission", "forbidden", "denied", "refused", "unauthorized", "unauthorised"})
"""Words in names of errors that refuse."""
_RIGHTS: Final = PERMISSION | {"scope", "scopes", "right", "role", "grant"}
"""Words of a call that gives what somebody holds, and refuses whoever holds nothing."""
_BREAKS_OFF: Final = frozenset({"abort", "exit", "fail", "quit", "notFound", "forbidden", "unauthorized"})
_WORDS: Final = TRIGGERS | _REFUSED | _STOPPED | (_IN_ORDER - {"ok", "good", "member"})


@module_check("SEC003", words=_WORDS)
def error_allows(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what handlers of failed checks answer."""
    if module.is_test:
        return
    for node in module.some(Try, Call, With):
        if isinstance(node, Try):
            yield from _of_try(inquiry, module, node)
        elif isinstance(node, Call) and node.name in ("catch", "then") and node.receiver is not None:
            yield from _of_catch(module, node)
        elif isinstance(node, With) and node.items:
            yield from _of_suppress(module, node)


def _of_try(inquiry: Inquiry, module: Module, node: Try) -> Iterator[Match]:
    function = function_of(node)
    for handler in node.handlers:
        if function is not None and (decides(inquiry, module, function) or _vouches(module, node, function)):
            answer = next((r for r in find(handler.body, Return, into_functions=False) if _yes(r.value)), None)
            if answer is not None:
                yield Match(answer, f"An error while '{function.name}' decides is answered with yes.")
                continue
            answers = find(handler.body, Return, into_functions=False)
            partly = next((r for r in answers if is_by_request(function, r.value)), None)
            if partly is not None:
                yield Match(partly, f"An error while '{function.name}' decides is a yes for some of what is asked.")
                continue
            fallen = _falls_to(node, handler, function)
            if fallen is not None and not _yes(fallen.value):
                yield Match(fallen, f"After an error while '{function.name}' decides, some of what is asked is a yes.")
                continue
            if fallen is not None:
                yield Match(fallen, f"After an error while '{function.name}' decides, this is the answer: yes.")
                continue
            opened = _opened_in(handler, function)
            if opened is not None:
                yield Match(opened, f"An error while '{function.name}' decides is answered with yes.")
                continue
            name = _left_open(node, handler, function)
            if name:
                yield Match(
                    handler,
                    f"'{name}' is true before the check, and stays true when the check fails with an error.",
                )
                continue
        level = _granting_level(function, handler) or _all_rights(module, function, handler)
        if level is not None:
            yield Match(level, f"'{short(module.text_of(level))}' is what is granted where nothing was found.")
            continue
        guard = _swallowed(module, node, handler)
        if guard is not None:
            text = short(module.text_of(guard))
            yield Match(handler, f"The error of '{text}' is caught here and the work goes on as if it had passed.")


def _falls_to(node: Try, handler: Handler, function: Function) -> Return | None:
    """Return the yes, to all or to some of what is asked, behind a ``try`` that answers, where its handler runs on."""
    if exits(handler.body) or not exits([*node.body, *node.orelse]):
        return None
    beside = siblings(node)
    later = beside[beside.index(node) + 1 :] if node in beside else []
    answer = next((statement for statement in later if isinstance(statement, Return)), None)
    if answer is None or answer is not later[0]:
        return None
    return answer if _yes(answer.value) or is_by_request(function, answer.value) else None


def _vouches(module: Module, node: Try, function: Function) -> bool:
    """Tell whether a function answers whether something is in order, and finds that out in the ``try``."""
    if not set(words(function.name)) & _IN_ORDER or set(words(function.name)) & _OUT_OF_ORDER:
        return False
    answers = [r.value for r in find(node.body, Return, into_functions=False) if r.value is not None]
    found_out = any(not isinstance(uncast(value), Literal) for value in answers)
    return found_out and gives_boolean(module, function)


def _granting_level(function: Function | None, handler: Handler) -> Return | None:
    """Return the answer by which a function about rights grants a level after an error: ``return Level.READ``."""
    if function is None or not surroundings(function) & (PERMISSION | {"rights", "level", "role"}):
        return None
    for answer in find(handler.body, Return, into_functions=False):
        value = uncast(answer.value) if answer.value is not None else None
        if isinstance(value, Member) and value.name.upper() in _LEVELS and value.name[:1].isupper():
            return answer
    return None


def _all_rights(module: Module, function: Function | None, handler: Handler) -> Return | None:
    """Return the answer that is all rights there are, of a function that a decision asks."""
    for answer in find(handler.body, Return, into_functions=False):
        if is_everything(module, answer.value) and any(function is one for one in readers(module)):
            return answer
    return None


def _opened_in(handler: Handler, function: Function) -> Assign | None:
    """Return where a handler says yes in a variable that the function gives back later."""
    if exits(handler.body):
        return None
    returned = set()
    for answer in find(function.body, Return, into_functions=False):
        value = strip(answer.value) if answer.value is not None else None
        while isinstance(value, Member):  # answer.trusted
            value = strip(value.object)
        returned |= {value.id} if isinstance(value, Name) else set()
    for assign in find(handler.body, Assign, into_functions=False):
        if isinstance(assign.target, Name) and assign.target.id in returned and _yes(assign.value):
            return assign
    return None


def _left_open(node: Try, handler: Handler, function: Function) -> str:
    """Return a name that is true before the ``try``, is set inside it, and is returned after a failed check."""
    if exits(handler.body):
        return ""
    inside = {a.target.id for a in find(node.body, Assign, into_functions=False) if isinstance(a.target, Name)}
    again = {a.target.id for a in find(handler.body, Assign, into_functions=False) if isinstance(a.target, Name)}
    for earlier in find(function.body, Assign, into_functions=False):
        target = earlier.target
        if earlier.raw.start_byte >= node.raw.start_byte or not isinstance(target, Name):
            continue
        if target.id in inside - again and earlier.value is not None and _yes(earlier.value):
            returned = [r.value for r in find(function.body, Return, into_functions=False) if r.value is not None]
            if any(isinstance(value, Name) and value.id == target.id for value in returned):
                return target.id
    return ""


def _swallowed(module: Module, node: Try, handler: Handler) -> Call | None:
    """Return the guard whose error is caught and forgotten, when work follows the ``try``."""
    if exits(handler.body) or _breaks_off(handler) or exits(node.final) or len(node.body) > 2 or node.orelse:
        return None
    if any(isinstance(part, Assign | Throw | Return) for part in walk(handler.body)):
        return None
    guard = _only_guards(module, node.body, handler)
    return guard if guard is not None and _work_follows(module, node) else None


def _breaks_off(handler: Handler) -> bool:
    """Tell whether the last thing a handler does is to break off by what a framework throws: ``abort(403)``."""
    last = handler.body[-1] if handler.body else None
    call = awaited(last.value) if isinstance(last, ExprStatement) else None
    return isinstance(call, Call) and call.name in _BREAKS_OFF


def _only_guards(module: Module, body: list[Statement], handler: Handler | None = None) -> Call | None:
    """Return the first guard where statements are nothing but guards that throw.

    Whatever demands something is one where the handler is for refusals alone: ``except PermissionError``.
    """
    refused = handler is not None and any(set(words(last_name(one))) & _REFUSED for one in handler.types)
    guards: list[Call] = []
    for statement in body:
        value = awaited(statement.value) if isinstance(statement, ExprStatement) else None
        if not isinstance(value, Call) or is_question(value):
            return None
        of_rights = set(words(value.name)) & _RIGHTS or set(words(value.name)[:1]) & DEMANDS
        if not is_check(module, value) and not (refused and of_rights):
            return None
        guards.append(value)
    return guards[0] if guards else None


def _work_follows(module: Module, node: Statement) -> bool:
    beside = siblings(node, module)
    later = beside[beside.index(node) + 1 :] if node in beside else []
    return any(True for _ in calls_in(later, into_functions=False))


def _of_catch(module: Module, call: Call) -> Iterator[Match]:
    handler = call.arg(0 if call.name == "catch" else 1)
    if not isinstance(handler, Function) or call.receiver is None:
        return
    asked = _begun_with(call.receiver)
    if asked is None:
        return
    if _goes_on(module, call, asked, handler):
        yield Match(call, f"The error of '{short(module.text_of(asked))}' ends in this handler, and the work goes on.")
        return
    given = list(find(handler.body, Return, into_functions=False))
    if _asks_whether_stopped(asked):
        open_ = next((r for r in given if says_no(r.value)), None)
        if open_ is not None:
            yield Match(
                open_,
                f"An error of '{short(module.text_of(asked))}' is answered as if nothing were stopped: whoever was "
                "stopped goes on.",
            )
        return
    answers = [r for r in given if _yes(r.value)]
    if not answers:
        return
    around = function_of(call)
    if is_check(module, asked) or (around is not None and is_decision(around) and _is_returned(call)):
        yield Match(answers[0], f"An error of '{short(module.text_of(asked))}' is answered with yes.")


def _goes_on(module: Module, chain: Call, asked: Call, handler: Function) -> bool:
    """Tell whether the refusal of a guard ends in a handler, and work follows whatever it was."""
    use = use_of(chain)
    if use.how != "dropped" or not use.awaited or chain.name != "catch" or not is_guard(asked):
        return False
    known = callee(module, asked)  # what it does is known then, and SEC011 tells of it
    if (known is not None and only_refuses(known)) or next(find(handler.body, Throw), None) is not None:
        return False
    statement = statement_of(chain)
    return isinstance(statement, Statement) and _work_follows(module, statement)


def _asks_whether_stopped(call: Call) -> bool:
    """Tell whether a call asks whether somebody was stopped: ``isRevoked(id)``, where no is what lets through."""
    said = words(call.name)
    return len(said) > 1 and said[0] in ("is", "was") and said[-1] in _STOPPED and "not" not in said


def _begun_with(expr: Expr) -> Call | None:
    """Return the call with which a chain of promises begins: ``ask()`` of ``ask().then(…).finally(…)``."""
    expr = strip(expr)
    while isinstance(expr, Call) and expr.name in ("then", "finally") and expr.receiver is not None:
        expr = strip(expr.receiver)
    return expr if isinstance(expr, Call) else None


def _of_suppress(module: Module, node: With) -> Iterator[Match]:
    """Find ``with suppress(…): return check()`` that is followed by yes, and a guard whose error is suppressed."""
    function = function_of(node)
    opened = strip(node.items[0][0])
    if not isinstance(opened, Call) or opened.name != "suppress" or function is None:
        return
    guard = _only_guards(module, node.body)
    if guard is not None and _work_follows(module, node):
        yield Match(guard, f"The error of '{short(module.text_of(guard))}' is suppressed, and the work goes on.")
        return
    if not is_decision(function) or not any(True for _ in find(node.body, Return, into_functions=False)):
        return
    beside = siblings(node, module)
    later = beside[beside.index(node) + 1 :] if node in beside else []
    answer = next((s for s in later if isinstance(s, Return)), None)
    if answer is not None and _yes(answer.value):
        yield Match(answer, f"An error that is suppressed while '{function.name}' decides is answered with yes.")


def _is_returned(call: Call) -> bool:
    parent: Node | None = call.parent
    while isinstance(parent, Await):
        parent = parent.parent
    return isinstance(parent, Return)


def _yes(value: Expr | None) -> bool:
    made = uncast(value) if value is not None else None
    return says_yes(made) or (isinstance(made, Object | Literal) and grants(made))
