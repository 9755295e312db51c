"""PAT027: a limit is counted and compared, and whoever is over it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.branches import passes_by, ways
from reviewer.code.flow import exits, use_of
from reviewer.code.reach.links import callee, declared_type, named_type
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    ExprStatement,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Throw,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Statement
    from reviewer.experts.check import Inquiry

_LIMITS: Final = word_set("quota limit limits max maximum budget allowance cap most ceiling quotas")
"""Words of a number that must not be passed."""
_USED: Final = word_set(
    "used usage count counts counter calls requests spent bytes size total hits n number consumed amount tokens length "
    "failures failed faults strikes attempts violations"
)
_SHOWN: Final = word_set("problems lines rows warnings findings messages")
"""Words of what there is too much of to be shown."""
_SOFT: Final = word_set("soft warn warning threshold near nearly alert notice slow watermark log debug verbose trace")
"""Words of a limit that is meant to be told of only."""
_TELLS: Final = word_set(
    "log logger logging console warn warning info error debug print record emit notify inc increment metric metrics "
    "alert audit note report observe capture"
)
_YES_OR_NO: Final = frozenset({"boolean", "bool", "Promise<boolean>"})
_GIVES_BACK: Final = word_set("set reset release refund give delete remove clear evict purge drop close")
"""First words of calls that ask for no room."""
_RATIONS: Final = word_set("quota quotas budget budgets limiter throttle allowance meter bucket ration")


@module_check("PAT027", words=_LIMITS | _RATIONS | {"per"})
def limit_without_consequence(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison with a limit whose branch only tells of it, and at answers that nobody reads."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for node in module.all(If):
        function = function_of(node)
        if function is None or not _told_only(node) or _refuses_elsewhere(function, node):
            continue
        yield Match(
            node.test,
            f"Where '{short(module.text_of(node.test))}', it is only told, and the work goes on: the limit stops "
            "nobody.",
        )
    for call in module.all(Call):
        if use_of(call).how == "dropped" and _answers_whether_there_is_room(module, call):
            yield Match(
                call,
                f"'{short(module.text_of(call))}' answers whether there is room, and the answer is dropped: what is "
                "over the limit happens all the same.",
            )


def _over(test: Expr, *, holds: bool = True) -> bool:
    """Tell whether a test holds, or fails, where more is used than a limit allows."""
    test = strip(test)
    if not isinstance(test, Binary) or test.op not in (">", ">=", "<", "<="):
        return False
    used, limit = (test.left, test.right) if (test.op in (">", ">=")) is holds else (test.right, test.left)
    said, counted = _names(limit), _names(used)
    if counted & {"limit", "limits", "max", "maximum"}:
        return False  # two limits that are compared with each other
    if said & _SHOWN:
        return False
    told = bool(counted & (_USED | _RATIONS)) or bool(_summed(used) & (_USED | _RATIONS))
    return bool(said & (_LIMITS | {"per"})) and not said & _SOFT and told


def _summed(used: Expr) -> set[str]:
    """Return the words of what a local adds up: ``now = (used.get(plugin) ?? 0) + calls``."""
    function = function_of(used)
    if not isinstance(strip(used), Name) or function is None:
        return set()
    name = names_in(used)
    made = [one for one in find(function.body, Assign, into_functions=False) if names_in(one.target) == name]
    return {word for one in made if isinstance(one.value, Binary) and one.value.op == "+" for word in _names(one.value)}


def _names(node: Node) -> set[str]:
    found: set[str] = set()
    for part in walk(node, into_functions=False):
        if isinstance(part, Name):
            found.update(words(part.id))
        elif isinstance(part, Member):
            found.update(words(part.name))
    return found


def _reports(told: list[Statement]) -> bool:
    """Tell whether what is told is a finding of a checker, which does nothing else: ``report({ message })``."""
    return any(
        call.receiver is None and call.name == "report" and call.args and isinstance(strip(call.args[0]), Object)
        for call in find(told, Call)
    )


def _told_only(node: If) -> bool:
    """Tell whether somebody is told where more is used than a limit allows, and nothing else comes of it."""
    if passes_by(node):
        told = ways(node)[1]
        return _over(node.test, holds=False) and bool(told) and all(map(_tells, told)) and not _reports(told)
    if node.orelse or not node.body or exits(node.body):
        return False
    return _over(node.test) and all(map(_tells, node.body)) and not _reports(node.body)


def _tells(statement: Statement) -> bool:
    value = strip(statement.value) if isinstance(statement, ExprStatement) else None
    if isinstance(value, Await):
        value = strip(value.value)
    if not isinstance(value, Call):
        return False
    holder = set(last_words(value.receiver)) if value.receiver is not None else set()
    return bool((set(words(value.name)[:1]) | holder) & _TELLS)


def _refuses_elsewhere(function: Function, node: If) -> bool:
    """Tell whether the function stops somebody after all, or says how it stands."""
    for part in walk(function.body, into_functions=False):
        if isinstance(part, Throw) and part.start > node.start:
            return True
        if isinstance(part, If) and part is not node and _over(part.test) and exits(part.body):
            return True
        if isinstance(part, Return) and part.value is not None and _says_how_it_stands(part.value):
            return True
        if isinstance(part, Assign) and part.start > node.start and _names(part.target) & _USED:
            return True  # something is thrown out to make room
    return False


def _says_how_it_stands(answer: Expr) -> bool:
    answer = strip(answer)
    return (isinstance(answer, Binary) and answer.op in (">", ">=", "<", "<=")) or (
        isinstance(answer, Literal) and isinstance(answer.value, bool)
    )


def _promises_an_answer(module: Module, call: Call) -> bool:
    """Tell whether a quota's type says that the call answers yes or no: ``take(id: string): boolean``."""
    owner = named_type(module, declared_type(module, call.receiver)) if call.receiver is not None else None
    if owner is None or not set(words(owner.name)) & _RATIONS:
        return False
    method = next((one for one in owner.methods if one.name == call.name), None)
    return method is not None and method.signature_only and method.returns.strip() in _YES_OR_NO


def _answers_whether_there_is_room(module: Module, call: Call) -> bool:
    """Tell whether a call reaches a function of a quota that says yes or no and throws nothing."""
    if _promises_an_answer(module, call):
        return True
    target = callee(module, call)
    if target is None or not set(words(call.name)[:1]) - _GIVES_BACK:
        return False
    cls = class_of(target)
    said = (
        set(words(target.name))
        | set(words(cls.name if cls is not None else ""))
        | {word for one in target.body[:3] for word in _names(one)}
    )
    if not said & _RATIONS or any(True for _ in find(target.body, Throw, into_functions=False)):
        return False
    answers = [strip(r.value) for r in find(target.body, Return, into_functions=False) if r.value is not None]
    plain = {answer.value for answer in answers if isinstance(answer, Literal)}
    return {True, False} <= plain or (bool(answers) and all(_says_how_it_stands(answer) for answer in answers))
