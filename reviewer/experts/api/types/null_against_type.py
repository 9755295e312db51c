"""API014 and API015: a function gives nothing back although its declared type promises something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, falls_off, returns_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Assert,
    Await,
    Binary,
    Block,
    Call,
    Cast,
    Conditional,
    Expr,
    ExprStatement,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Return,
    Switch,
    Throw,
    Try,
    Unary,
    While,
    With,
    is_nothing,
    strip,
)
from reviewer.code.walk import find, function_of, names_in
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.api.types.all_kinds import asks_for_all_kinds
from reviewer.experts.api.types.declared import allows_nothing, promised
from reviewer.experts.api.types.standing_before import promised_before
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Statement
    from reviewer.experts.check import Inquiry

_LEAVES: Final = frozenset(
    "exit abort fail quit _exit reraise unreachable assert_never raise_error throw_error die panic skip".split()
)

_YES_OR_NO: Final = frozenset({"callable", "all", "any", "bool", "Boolean", "includes", "startsWith", "test"})
"""Calls that give yes or no, and never nothing."""
_NEVER: Final = frozenset({"NoReturn", "Never", "never"})
"""Declared results of functions that never come back."""


@module_check("API014")
def null_against_type(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what functions with a declared type return."""
    if module.is_test:
        return
    for function in module.functions:
        if not _concrete(function) or _gives_or_sets(function):
            continue
        answers = [(answer, _nothing(answer)) for answer in returns_of(function)]
        if not any(nothing for _answer, nothing in answers):
            continue
        kind = promised(module, function) or promised_before(module, function)
        for answer, nothing in answers if kind else ():
            if nothing:
                yield Match(
                    answer,
                    f"'{function.name or 'this function'}' promises {kind} and gives {nothing} here: callers fail "
                    "later, far from the cause.",
                    severity=_weight(function),
                    confidence=Confidence.POSSIBLE
                    if (module.language != "python" and allows_nothing(inquiry)) or _leaves_it_out(function, answer)
                    else None,
                )


@module_check("API015")
def falls_off_the_end(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for ends of functions that are reached without an answer."""
    if module.is_test:
        return
    for function in module.functions:
        if not _concrete(function) or not falls_off(function) or _gives_or_sets(function):
            continue
        given = [answer for answer in returns_of(function) if answer.value is not None]
        if not given or _leaves(module, function.body) or _stub(function) or asks_for_all_kinds(function):
            continue
        kind = promised(module, function) or promised_before(module, function)
        if kind:
            nothing = "None" if module.language == "python" else "undefined"
            yield Match(
                function.body[-1],
                f"'{function.name or 'this function'}' promises {kind}, but past this it ends without an answer: "
                f"callers get {nothing}.",
                severity=_weight(function),
                confidence=None if function.returns else Confidence.POSSIBLE,
            )


def _leaves_it_out(function: Function, answer: Return) -> bool:
    """Tell whether a bare ``return`` breaks what only a comment promises, which often means it as "or nothing"."""
    return not function.returns and answer.value is None


def _weight(function: Function) -> Severity | None:
    """Return how much a broken promise weighs: one in a comment, which no compiler reads, is known by few callers."""
    return None if function.returns else Severity.LOW


def _concrete(function: Function) -> bool:
    return not (function.signature_only or function.generator or function.kind in ("constructor", "setter"))


def _gives_or_sets(function: Function) -> bool:
    """Tell whether a function is two: called with nothing it gives a value, as its comment says, else it takes one."""
    if function.returns:
        return False
    own = {param.name for param in function.params}
    for one in function.body[:2]:
        if isinstance(one, If) and not one.orelse and any(True for _ in find(one.body, Return)):
            test = strip(one.test)
            if isinstance(test, Binary) and test.op == "==" and is_nothing(test.right):
                return isinstance(held := strip(test.left), Name) and held.id in own
            return isinstance(test, Unary) and "arguments.length" in function.module.text_of(test)
    return False


def _stub(function: Function) -> bool:
    return any(getattr(strip(one), "name", "") == "abstractmethod" for one in function.decorators)


def _nothing(answer: Return) -> str:
    """Return how a ``return`` spells nothing, or an empty string where it gives something back."""
    if answer.value is None:
        return "nothing" if not isinstance(answer.parent, Function) or answer.parent.kind != "arrow" else ""
    return _spelled(answer.value) or _cast_away(answer)


def _cast_away(answer: Return) -> str:
    """Say what a cast hides that may be nothing: ``return this.apps.find(…) as App``, ``return apps.get(id)!``.

    Only where the function is asked for whatever its caller names, and looks nowhere whether that is there.
    """
    value = answer.value
    while isinstance(value, Await):
        value = value.value
    function = function_of(answer)
    if not isinstance(value, Cast) or value.kind not in ("as", "!", "cast") or function is None:
        return ""
    found = strip(value)
    short = _short_circuit(found) if value.kind != "cast" else None
    if short is not None:
        return f"undefined where '{function.module.text_of(short)}' is nothing"
    if isinstance(found, Binary) and found.op == "and" and value.kind != "!":
        return _only_where(function, found)
    if not isinstance(found, Call) or found.name not in ("find", "get") or len(found.args) != 1:
        return ""
    given = {param.name for param in function.params}
    holder = found.receiver
    if holder is None or not names_in(found.args[0]) & given:
        return ""
    spelled = function.module.text_of(holder)
    asked = [call for call in find(function.body, Call) if call.receiver is not None and call is not found]
    if any(function.module.text_of(call.receiver) == spelled for call in asked if call.receiver is not None):
        return ""
    nothing = "None" if function.module.language == "python" else "undefined"
    return f"{nothing} where '{spelled}' has no such entry"


def _short_circuit(found: Expr) -> Expr | None:
    """Return what has to be there for ``slot?.tool.run(x)`` to give something, whatever a cast says of it."""
    chain: Expr = found
    while isinstance(chain, Member | Call | Index):
        holder = chain.callee if isinstance(chain, Call) else chain.object
        if chain.optional:
            return holder
        chain = strip(holder)
    return None


def _only_where(function: Function, found: Binary) -> str:
    """Say what ``(station && {…}) as Sensors`` gives where its left side is nothing: that, in spite of the cast."""
    left = strip(found.left)
    if not isinstance(left, Name | Call | Member | Index):
        return ""  # a comparison gives a boolean
    if isinstance(left, Call) and (left.name in _YES_OR_NO or left.name.startswith(("is", "has"))):
        return ""
    said = function.module.text_of(left)
    nothing = "None" if function.module.language == "python" else "undefined"
    return f"{nothing} where '{said}' is"


def _spelled(value: Expr) -> str:
    if isinstance(value, Cast) and value.type.strip() in ("void", "never"):
        return ""
    value = strip(value)
    if isinstance(value, Conditional):
        return _spelled(value.then) or _spelled(value.other)
    if isinstance(value, Binary) and value.op in ("??", "or"):
        return _spelled(value.right)
    if isinstance(value, Literal) and value.value is None:
        return value.raw_text
    if isinstance(value, Name) and value.id == "undefined":
        return "undefined"
    if isinstance(value, Call) and value.name == "resolve" and len(value.args) == 1:
        return _spelled(value.args[0]) if getattr(value.receiver, "id", "") == "Promise" else ""
    return ""


def _leaves(module: Module, statements: Sequence[Statement]) -> bool:
    """Tell whether control leaves in a way that a plain look at the last statement does not show."""
    last = statements[-1] if statements else None
    if last is None or exits(statements) or isinstance(last, Throw | Switch):
        return True  # whether a switch names all kinds is for the type checker
    if isinstance(last, While):
        test = strip(last.test)
        return isinstance(test, Literal) and bool(test.value)
    if isinstance(last, For):
        if last.orelse:  # what Python does after a loop that found nothing
            return _leaves(module, last.orelse)
        return last.style == "c" and not any(isinstance(part, Binary) for part in last.header)
    if isinstance(last, If):
        return bool(last.orelse) and _leaves(module, last.body) and _leaves(module, last.orelse)
    if isinstance(last, With | Block):
        return _leaves(module, last.body)
    if isinstance(last, Try):
        if last.final and _leaves(module, last.final):
            return True
        main = last.orelse or last.body
        return _leaves(module, main) and all(_leaves(module, handler.body) for handler in last.handlers)
    if isinstance(last, Assert):
        return isinstance(strip(last.test), Literal)
    value = strip(last.value) if isinstance(last, ExprStatement) else None
    return isinstance(value, Call) and (
        _leaving(module, value) or any(_leaving(module, call) for call in find(value, Call))
    )


def _leaving(module: Module, call: Call) -> bool:
    if call.name in _LEAVES or call.name.startswith(("raise_", "throw", "fail")):
        return True
    first = strip(call.args[0]) if call.args else None
    if call.name in ("ok", "assert") and isinstance(first, Literal) and first.value is False:
        return True  # ``assert.ok(false, …)``
    target = callee(module, call)
    if target is None:
        return False
    return target.returns.strip("'\"").rsplit(".", 1)[-1] in _NEVER or _always_throws(target.body)


def _always_throws(statements: Sequence[Statement]) -> bool:
    """Tell whether every way through some statements ends with an error: ``if … raise … else: raise …``."""
    last = statements[-1] if statements else None
    if isinstance(last, If):
        return bool(last.orelse) and _always_throws(last.body) and _always_throws(last.orelse)
    return isinstance(last, Throw)
