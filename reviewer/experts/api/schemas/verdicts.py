"""What becomes of a verdict that is kept: whether somebody acts on it, or it is only told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, use_of
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    ExprStatement,
    For,
    Function,
    If,
    Jump,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Statement,
    Template,
    Unary,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, behind, find, function_of, inside
from reviewer.experts.api.vocabulary import LOGS, is_log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.code.module import Module

_TELLS: Final = frozenset({"say", "tell"})
_LOGGERS: Final = frozenset("log logger logging console journal audit out output sink reporter".split())
PARTS: Final = frozenset(
    "error errors issues problems problem violations success successful valid is_valid isValid ok passed".split()
)
"""Members of an answer that say whether something is as it has to be."""


def only_told(made: Assign, name: str) -> Node | None:
    """Return where a verdict is told, or where it is made if it is never used; None where somebody acts on it."""
    function = function_of(made)
    if function is None:
        return None
    asked = next((around for around in ancestors(made) if isinstance(around, If) and inside(made, around.test)), None)
    if asked is not None and not tells_only(asked.body):
        return None  # if problems := validate(raw): raise …
    if _asked_in_next_turn(made, name):
        return None
    uses = [node for node in find(function.body, Name) if node.id == name and behind(node, made)]
    if not uses:
        return made if not set(words(name)) <= {"_"} else None
    if not all(is_told(use) for use in uses):
        return None
    return outermost_statement(uses[0]) or made


def told_in_parts(module: Module, call: Call) -> Node | None:
    """Return where a verdict that is taken apart is told, ``const { error } = check(data)``; None where it is asked."""
    parts = [one for one in module.all(Member) if strip(one.object) is call and one.name in PARTS]
    told: list[Node] = []
    for part in parts:
        made = part.parent
        named = made.target if isinstance(made, Assign) and made.value is part else None
        where = only_told(made, named.id) if isinstance(made, Assign) and isinstance(named, Name) else None
        if where is None:
            return None
        told.append(where)
    return (
        next((one for one, part in zip(told, parts, strict=True) if one is not part.parent), told[0]) if told else None
    )


def told_and_taken(made: Assign, name: str) -> Node | None:
    """Return where a verdict is told whose data is taken all the same: ``if (!it.success) log(…); use(it.data)``."""
    function = function_of(made)
    uses = [node for node in find(function.body, Name) if node.id == name] if function is not None else []
    told: list[Node] = []
    taken = False
    for use in uses:
        part = use.parent if isinstance(use.parent, Member) else None
        if use is made.target or not behind(use, made):
            continue
        if part is not None and part.name in PARTS and is_told(use):
            told.append(use)
        elif part is not None and part.name in ("data", "value", "output") and not _is_asked(part):
            taken = True
        else:
            return None
    return outermost_statement(told[0]) or made if told and taken else None


def _is_asked(part: Member) -> bool:
    """Tell whether a member is asked whether it is there."""
    inner: Node = part
    for around in ancestors(part):
        if isinstance(around, If | While) and inner is around.test:
            return True
        if isinstance(around, Unary) or (isinstance(around, Binary) and around.op in ("and", "==", "!=", "??", "or")):
            return True
        if isinstance(around, Conditional) and inner is around.test:
            return True
        if isinstance(around, Statement):
            return False
        inner = around
    return False


def _asked_in_next_turn(made: Assign, name: str) -> bool:
    """Tell whether a loop around a verdict goes on by it: ``while (!valid) { …; valid = validate(answer); }``."""
    loops = [around for around in ancestors(made) if isinstance(around, While)]
    return any(node.id == name for loop in loops for node in find([loop.test], Name))


def outermost_statement(use: Node) -> Node | None:
    """Return the outermost statement of the function's own block that a use stands in."""
    for around in (use, *ancestors(use)):
        if isinstance(around, If | For | ExprStatement) and not isinstance(around.parent, If | For):
            return around
    return None


def is_told(use: Name) -> bool:
    """Tell whether a use of a verdict only tells somebody, or only decides whether to tell."""
    inner: Node = use
    counted = False
    for around in ancestors(use):
        if _counts(around, inner):
            inner, counted = around, True
            continue
        if counted and isinstance(around, Call) and inner is not around.callee and use_of(around).how == "dropped":
            return True  # ``gauge.set("problems", len(found))``
        if isinstance(around, If) and inner is around.test:
            return not exits(around.body) and tells_only(around.body) and tells_only(around.orelse, empty=True)
        if isinstance(around, For) and inner is around.iterable:
            return tells_only(around.body)
        if isinstance(around, Call) and inner is not around.callee and _is_log(around):
            return True
        if isinstance(around, Call) and inner is around.callee and around.name in ("forEach", "each"):
            given = around.arg(0)
            return given is not None and tells(given)
        if isinstance(around, Statement) and not isinstance(around, Function | If | For):
            return False
        inner = around
    return False


def _counts(around: Node, inner: Node) -> bool:
    """Tell whether a node is how many there are of something: ``len(found)``, ``found.length``."""
    if isinstance(around, Call):
        return around.name == "len" and around.receiver is None and inner is not around.callee
    return isinstance(around, Member) and around.name in ("length", "size") and around.object is inner


def tells(given: Expr) -> bool:
    """Tell whether a callback only logs: a function that does, or the log's own method."""
    given = strip(given)
    if isinstance(given, Function):
        return tells_only(given.body)
    name = given.name if isinstance(given, Member) else given.id if isinstance(given, Name) else ""
    return bool(name) and words(name)[:1] != () and words(name)[0] in LOGS


def tells_only(statements: Sequence[Statement], *, empty: bool = False) -> bool:
    """Tell whether statements do nothing but log; ``empty`` tells that doing nothing at all counts too."""
    told = empty
    for statement in statements:
        if isinstance(statement, If):
            if not (tells_only(statement.body) and tells_only(statement.orelse, empty=True)):
                return False
            told = True
        elif isinstance(statement, For):
            if not tells_only(statement.body):
                return False
            told = True
        elif isinstance(statement, Jump) and statement.kind == "continue":
            continue
        elif isinstance(statement, Return | ExprStatement):
            value = strip(statement.value) if statement.value is not None else None
            if isinstance(statement, Return) and not isinstance(statement.parent, Function):
                return False
            if isinstance(value, Literal | Template) and isinstance(statement, ExprStatement):
                continue
            if not isinstance(value, Call) or not _is_log(value):
                return False
            told = True
        elif not isinstance(statement, Assign):
            return False
    return told


def _is_log(call: Call) -> bool:
    if call.name in ("forEach", "each") and isinstance(call.callee, Member):
        given = call.arg(0)
        return given is not None and tells(given)
    receiver = call.receiver
    if call.name in ("error", "fail", "fatal") and _ends(call):
        return False
    if call.name in ("push", "append", "add", "set", "emit", "write", "record", "report", "notify", "count"):
        name = receiver.name if isinstance(receiver, Member) else receiver.id if isinstance(receiver, Name) else ""
        return bool(set(words(name)) & _LOGGERS)
    return is_log(call) or (call.name in _TELLS and use_of(call).how in ("dropped", "returned"))


def _ends(call: Call) -> bool:
    """Tell whether what tells an error ends the work as well: ``this.error(problem, { exit: 1 })``."""
    options = [strip(one) for one in call.args]
    return any(isinstance(one, Object) and {"exit", "exitCode", "code"} & set(one.keys) for one in options)
