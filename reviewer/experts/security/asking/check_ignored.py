"""SEC010: the permission is asked for and the answer has no consequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, returns_of, siblings, use_of
from reviewer.code.reach.links import callee, definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Conditional,
    Expr,
    ExprStatement,
    Function,
    If,
    Imported,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.ideas import GIVEN, HELD
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, word_set
from reviewer.experts.security.asking.shown_answers import answers_yes_or_no
from reviewer.experts.security.deciding.answers_together import is_left_out
from reviewer.experts.security.deciding.asked_elsewhere import PREDICATES, asked_elsewhere
from reviewer.experts.security.deciding.asked_plainly import lets_in_fact
from reviewer.experts.security.deciding.decisions import (
    asks_permission,
    checks_in,
    gives_boolean,
    hands_on_a_decision,
    is_decision,
    is_question,
)
from reviewer.experts.security.reaching.log_lines import LOGS, is_log
from reviewer.experts.security.vocabulary import ACTIONS, AUDITS, IDENTITIES, PERMISSION, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_GUARDS: Final = word_set(
    "guard check verify validate authorize authorise ensure assert require permit allow allows can may is has "
    "gate covers permits holds entitles granted allowed permitted"
)
_HELD: Final = HELD | word_set("role roles claims groups")
"""What says of somebody what he may do."""
_VERDICTS: Final = word_set("verdict decision allowed granted permitted authorized authorised")
"""Names of the answer to a question of permission."""
_AGREED: Final = GIVEN | word_set("consent agreements agreement approval")
"""Last words of what knows what somebody agreed to."""
_REFUSED: Final = word_set("refused refuse denied deny rejected blocked forbidden refusal denial")
"""Words of what is written down of a refusal."""
_ASKING: Final = frozenset({"guard", "verify", "check", "timing", "compare", "boolean", "bool", "status"})
_VERIFIERS: Final = frozenset(
    {"crypto.verify", "crypto.timingSafeEqual", "hmac.compare_digest", "secrets.compare_digest"}
)


@module_check("SEC010", words=TRIGGERS | _HELD | _ASKING | PREDICATES)
def check_ignored(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what becomes of every answer."""
    if module.is_test:
        return
    for node in module.all_nodes:
        if isinstance(node, Call):
            if node.name == "filter" and use_of(node).how == "dropped" and _filters_permission(module, node):
                text = short(module.text_of(node))
                yield Match(node, f"'{text}' gives a new list, which is dropped: the old one keeps what was refused.")
            use = use_of(node)
            idle = _consent_in_vain(module, node, use.by) if isinstance(use.by, Assign) else None
            if idle is not None and use.by is not None:
                yield Match(
                    idle,
                    f"What '{short(module.text_of(node))}' says is only logged: nothing that follows depends on what "
                    "was agreed to.",
                    related=((use.by, "asked for here"),),
                )
                continue
            thrown_away = (use.how == "dropped" or is_left_out(node)) and not _is_conditional(node)
            written = use.by if use.how == "assigned" and isinstance(use.by, Assign) else None
            if not thrown_away and (written is None or not _without_consequence(module, written)):
                continue  # its answer counts, whatever it is that it answers
            known = asked_elsewhere(module, node) and not _of_a_model(node)
            told = written is not None and (_is_told_valid(node, written) or _is_kept_verdict(node, written))
            if not (known or told or _answers(module, node)):
                continue
            text = short(module.text_of(node))
            if written is None:
                yield Match(
                    node,
                    f"'{text}' answers yes or no, and the answer is dropped: what follows happens either way.",
                    confidence=Confidence.POSSIBLE if _of_a_library(module, node) else None,
                )
            else:
                yield Match(written, f"The answer of '{text}' is only written down: what follows happens either way.")
        elif isinstance(node, If) and _only_logged(module, node):
            text = short(module.text_of(node.test))
            if _question(strip(node.test))[1]:
                yield Match(node.test, f"When '{text}', the refusal is only logged and the work goes on.")
            else:
                yield Match(node.test, f"'{text}' only decides what is written down: the work goes on either way.")


def _of_a_library(module: Module, call: Call) -> bool:
    """Tell whether a question was imported from somewhere else and is awaited for itself alone: it may well throw."""
    origin = module.scopes.origin(call.callee) if isinstance(call.callee, Name) else None
    project = module.project
    foreign = isinstance(origin, Imported) and (project is None or project.definition(module, origin) is None)
    return foreign and isinstance(call.parent, Await)


def _filters_permission(module: Module, call: Call) -> bool:
    """Tell whether what is left out of a list is what somebody may not have."""
    by = strip(call.args[0]) if call.args else None
    answers = [part for part in walk(by.body) if isinstance(part, Return)] if isinstance(by, Function) else []
    return any(part.value is not None and asks_permission(module, part.value) for part in answers)


def _answers(module: Module, call: Call) -> bool:
    """Tell whether a call answers yes or no about permission, and doesn't throw."""
    if module.resolve(call.callee) in _VERIFIERS:
        return not _with_itself(module, call)
    name = words(call.name)
    if not name or call.new or name[-1] in ("many", "batch", "bulk") or _hands_itself(call):
        return False
    target = callee(module, call)
    if target is None and _tells_a_callback(module, call):
        return False
    if target is not None:
        named = name[0] in _GUARDS and (_is_guard_name(call) or _hands_on_answer(target)) and not lets_in_fact(target)
        if not (is_decision(target) or named or _reads_rights(target) or hands_on_a_decision(target)):
            return False
        return gives_boolean(target.module, target)
    if name[0] in _GUARDS and _asks_about_rights(call) and answers_yes_or_no(module, call):
        return True
    if name[0] in ("allows", "permits"):  # of the permissions it is a question, of anything else it may let them
        asked = _asks_about_rights(call) and len(call.args) + len(call.keywords) > 1
        return asked and not _throws_somewhere(module, call.name)
    return (
        is_question(call) and not _of_a_model(call) and name[0] not in ("allow", "grants", "permit", "has", "includes")
    )


def _throws_somewhere(module: Module, name: str) -> bool:
    """Tell whether a function of the subject that has a name throws: the call may well reach that one."""
    project = module.project

    def throws() -> bool:
        files = project.modules({name}, tests=False) if project is not None else [module]
        named = (one for file in files for one in file.functions if one.name == name)
        return any(next(find(one.body, Throw), None) is not None for one in named)

    return project.once(f"security.throws {name}", throws) if project is not None else throws()


def _of_a_model(call: Call) -> bool:
    """Tell whether a question of a library's object is asked of what it can do, not of what somebody may.

    ``model.canFetchMore(index)``: nothing says whose question it is, or for which right.
    """
    told = set(words(call.name)[1:]) | (path_words(call.receiver) if call.receiver is not None else set())
    for arg in [*call.args, *call.keywords.values()]:
        told |= path_words(arg)
        told |= {"action"} if isinstance(strip(arg), Literal) else set()
    return words(call.name)[:1] == ("can",) and not told & (PERMISSION | IDENTITIES | ACTIONS)


def _tells_a_callback(module: Module, call: Call) -> bool:
    """Tell whether the answer goes to a function that is handed in last: ``isAllowed((allowed) => ...)``."""
    last = strip(call.args[-1]) if call.args else None
    if isinstance(last, Call) and last.name == "bind" and last.receiver is not None:
        return True  # only a function has one: isAllowed(this.answered.bind(this))
    found = definition(module, last) if isinstance(last, Name | Member) else last
    return isinstance(found, Function) and len(found.params) > 0


def _hands_on_answer(function: Function) -> bool:
    """Tell whether a function only answers with what a question about permission answers."""
    answers = [strip(answer.value) for answer in returns_of(function) if answer.value is not None]
    return bool(answers) and all(isinstance(answer, Call) and is_question(answer) for answer in answers)


def _reads_rights(function: Function) -> bool:
    """Tell whether the answer of a function hangs on the roles or rights of whom it is given: ``user.roles``."""
    given = {name for param in function.params for name in (param.name, *param.fields.values())}
    for answer in walk(function.body, into_functions=False):
        if isinstance(answer, Return) and answer.value is not None:
            for part in walk(answer.value):
                if isinstance(part, Member) and set(words(part.name)) & _HELD and names_in(part.object) & given:
                    return True
    return False


def _asks_about_rights(call: Call) -> bool:
    """Tell whether a call goes to what knows the permissions: ``context.permissions.check(user, right)``."""
    return bool((set(words(call.name)) | path_words(call.receiver)) & PERMISSION) and len(call.args) > 0


def _is_told_valid(call: Call, kept: Assign) -> bool:
    """Tell whether a verification gives yes or no, as the name says that its answer is kept under."""
    said = set(words(kept.target.id)) if isinstance(kept.target, Name) else set()
    return bool(said & {"valid", "ok", "verified", "matches", "passed", "good"}) and bool(
        set(words(call.name)[:1]) & {"verify", "check", "validate"} and _is_guard_name(call)
    )


def _is_kept_verdict(call: Call, kept: Assign) -> bool:
    """Tell whether what knows the permissions is asked, and the name says that its answer is the verdict."""
    said = set(words(kept.target.id)) if isinstance(kept.target, Name) else set()
    asks = bool(words(call.name)) and words(call.name)[0] in _GUARDS and _asks_about_rights(call)
    return bool(said & _VERDICTS) and asks


def _with_itself(module: Module, call: Call) -> bool:
    """Tell whether a value is compared with itself: that takes as long as a comparison, and answers nothing."""
    return len(call.args) == 2 and module.text_of(call.args[0]) == module.text_of(call.args[1])


def _hands_itself(call: Call) -> bool:
    """Tell whether a call only hands over a function of its own name, as bundles export things."""
    only = call.args[0] if len(call.args) == 1 else None
    return isinstance(only, Name) and only.id == call.name


def _is_guard_name(call: Call) -> bool:
    name = set(words(call.name))
    return name == {"guard"} or bool(name & PERMISSION) or bool(name & {"signature", "digest", "checksum"})


def _is_conditional(call: Call) -> bool:
    """Tell whether a dropped call is the left side of ``check() && act()`` or stands in a test harness."""
    return any(isinstance(around, Call) and around.name in ("expect", "assert") for around in ancestors(call))


def _without_consequence(module: Module, assign: Assign) -> bool:
    """Tell whether a name is read nowhere, or only handed to records."""
    function = function_of(assign)
    if function is None or not isinstance(assign.target, Name):
        return False
    name = assign.target.id
    bindings = module.scopes.lookup(name, assign)
    if len(bindings) != 1:
        return False
    recorded = False
    for node in walk(function.body):
        if isinstance(node, Name) and node.id == name and node is not assign.target:
            if not _in_record(node):
                return False
            recorded = True
    return (recorded or assign.declare in ("const", "let", "var", "")) and _work_follows(assign, name)


def _consent_in_vain(module: Module, call: Call, kept: Assign) -> Name | None:
    """Return where what somebody agreed to is read, if it is read for nothing but a line in the log."""
    function = function_of(kept)
    of_consent = set(last_words(call.receiver)) & _AGREED if call.receiver is not None else set()
    if not of_consent or function is None or not isinstance(kept.target, Name) or not call.args:
        return None
    name = kept.target.id
    if len(module.scopes.lookup(name, kept)) != 1:
        return None
    reads = [one for one in find(function.body, Name) if one.id == name and one is not kept.target]
    idle = bool(reads) and all(_in_record(one) or _in_logging_test(one) for one in reads)
    return reads[0] if idle and _work_follows(kept, name) else None


def _in_logging_test(name: Name) -> bool:
    """Tell whether a name only decides whether something is logged."""
    inner: Node = name
    for around in ancestors(name):
        if isinstance(around, If):
            calls = [strip(one.value) for one in around.body if isinstance(one, ExprStatement)]
            logs = len(calls) == len(around.body) and all(isinstance(one, Call) and is_log(one) for one in calls)
            return inner is around.test and not around.orelse and logs
        if isinstance(around, ExprStatement | Function | Call):
            return False
        inner = around
    return False


def _in_record(name: Name) -> bool:
    """Tell whether a name is read only to be written to a log or an audit trail."""
    for around in ancestors(name):
        if isinstance(around, Call):
            last = words(around.name)
            return bool(last) and (last[0] in LOGS or bool(set(last) & AUDITS))
        if isinstance(around, ExprStatement | Function):
            return False
        if isinstance(around, If | Return | Conditional | Unary | Binary | Assign | Throw | Await):
            return False
    return False


def _work_follows(assign: Assign, name: str) -> bool:
    statement: Node | None = assign.parent
    while statement is not None and not isinstance(statement, ExprStatement):
        statement = statement.parent
    if statement is None:
        return False
    beside = siblings(statement)
    later = beside[beside.index(statement) + 1 :] if statement in beside else []
    return any(name not in {n.id for n in walk(call) if isinstance(n, Name)} for call in calls_in(later))


def _only_logged(module: Module, node: If) -> bool:
    """Tell whether ``if (!allowed) log(…)`` is all that a refusal leads to, or ``if (allowed) log(…)`` all of a yes."""
    if node.orelse or exits(node.body) or not node.body:
        return False
    named, refused = _question(strip(node.test))
    asked = named
    if isinstance(asked, Name):
        origin = module.scopes.origin(asked)
        asked = strip(origin) if isinstance(origin, Expr) else asked
    if not _is_not_held(asked):
        if not isinstance(asked, Call) or not (is_question(asked) or _answers(module, asked)):
            return False
        if not refused and not _asks_for_this(module, node, asked):
            return False
    for statement in node.body:
        value = strip(statement.value) if isinstance(statement, ExprStatement) else None
        if isinstance(value, Await):
            value = strip(value.value)
        if (
            not isinstance(value, Call)
            or not (is_log(value) or _only_records(module, value))
            or any(isinstance(p, Throw) for p in walk(value))
        ):
            return False
    beside = siblings(node)
    later = beside[beside.index(node) + 1 :] if node in beside else []
    if isinstance(named, Name) and any(isinstance(part, Name) and part.id == named.id for part in walk(later)):
        return False
    return any(True for _ in calls_in(later, into_functions=False))


def _is_not_held(test: Expr) -> bool:
    """Tell whether a right is sought among those that somebody holds, and is not there: ``right not in grants``."""
    if not isinstance(test, Binary) or test.op != "not in":
        return False
    held = strip(test.right)
    if isinstance(held, Call) and held.name == "get" and held.args:
        first = strip(held.args[0])
        return isinstance(first, Literal) and not (PERMISSION | _HELD).isdisjoint(words(str(first.value)))
    return bool(path_words(held) & (PERMISSION | _HELD))


def _question(test: Expr) -> tuple[Expr, bool]:
    """Return what is asked, and whether the branch is that of a no: ``!may``, ``may === false``, ``may !== true``."""
    if isinstance(test, Unary) and test.op == "not":
        return strip(test.operand), True
    if isinstance(test, Binary) and test.op in ("==", "!="):
        said = strip(test.right)
        if isinstance(said, Literal) and isinstance(said.value, bool):
            return strip(test.left), said.value is (test.op == "!=")
    return test, False


def _asks_for_this(module: Module, node: If, asked: Call) -> bool:
    """Tell whether a decision of the subject is asked who may do this, by a name and a right that are both open.

    ``if (may(user, "admin")) audit(…)`` records the use of a role, and asks nobody for leave. Nor is it the one
    question that decides where the function asks another.
    """
    open_args = [arg for arg in asked.args if not isinstance(strip(arg), Literal)]
    function = function_of(node)
    if len(open_args) < 2 or function is None or callee(module, asked) is None:
        return False
    return all(one is asked for statement in function.body for one in checks_in(module, statement))


def _only_records(module: Module, call: Call) -> bool:
    """Tell whether a call keeps a record and stops nobody: it says that somebody was refused, and throws nothing."""
    target = callee(module, call)
    refusing = target is not None and bool(set(words(call.name)[:1]) & _REFUSED)
    if not refusing and words(call.name)[:1] not in (("record",), ("note",), ("journal",), ("report",), ("write",)):
        return False
    if target is not None:
        return not any(isinstance(node, Throw) for node in walk(target.body))
    said = [value.value for arg in call.args if isinstance(value := strip(arg), Literal)]
    return any(not _REFUSED.isdisjoint(words(text)) for text in said if isinstance(text, str))
