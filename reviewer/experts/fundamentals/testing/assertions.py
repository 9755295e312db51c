"""What a test asserts by itself, and whether something else asserts for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.contexts import flat
from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assert,
    Await,
    Binary,
    Call,
    Expr,
    ExprStatement,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.fundamentals.testing.always_holds import COMPARED, LATE, QUESTIONS, always, judged

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ROOTS: Final = frozenset({"expect", "assert", "should", "chai", "sinon", "cy", "expectTypeOf", "assertType", "td"})
_WORDS: Final = frozenset(
    "assert asserts asserting expect expects should verify verifies check checks ensure ensures fail raises raise "
    "warns snapshot matches compare require requires throws rejects must validate equal equals same fnmatch".split()
)
_HOLDERS: Final = frozenset("assert asserts assertion assertions expect expects expectation verify should".split())
"""Words of an object whose methods assert: ``assertEntity.required(Entity, "name")``."""
_OUTSIDE: Final = frozenset({"plan", "log", "comment", "diagnostic", "teardown", "after", "before", "timeout", "skip"})
"""Methods of a runner's context that assert nothing."""
_WAITS: Final = frozenset("waitSignal waitSignals waitUntil waitExposed wait_until wait_signal waitFor".split())
"""Calls of a runner that fail where what they wait for does not come."""
_TOLD_STATUS: Final = ("status", "code", "status_code", "expected_status", "expect_status")
_STATUSES: Final = range(200, 600)
_TELLS_TRUE: Final = frozenset({"assertTrue", "assertFalse", "isTrue", "isFalse", "ok", "isOk", "notOk"})
"""Assertions of one value, with a message behind it."""
_TELLS_FALSE: Final = frozenset({"assertFalse", "isFalse", "notOk"})
_QUESTIONS: Final = frozenset("isinstance issubclass hasattr callable startswith endswith all any bool exists".split())
"""Calls whose answer is yes or no."""
_COMPARES: Final = frozenset({"==", "!=", "<", ">", "<=", ">=", "in", "not in", "is", "is not", "instanceof"})


class Assertion(Struct, frozen=True):
    """One assertion; ``why`` says why it always holds, empty where it may fail."""

    at: Node
    why: str
    alone: bool = False
    """Whether it is wrong by itself, whatever else the test asserts."""


def assertions(module: Module, function: Function) -> list[Assertion]:
    """Return what a test asserts by itself, in source order."""
    stated = ((one, always(module, one.test)) for one in find(function.body, Assert))
    found = [Assertion(one, why, alone=LATE in why) for one, why in stated]
    for call in find(function.body, Call):
        made = _of_call(module, call) or (_misspelt(module, call) if module.language == "python" else None)
        if made is not None:
            found.append(made)
    for statement in find(function.body, ExprStatement):
        made = _of_statement(module, statement)
        if made is not None:
            found.append(made)
    return sorted(found, key=lambda one: one.at.raw.start_byte)


_JUDGES: Final = frozenset(
    "validate validates check checks verify verifies ensure require must parse compile lint guard confirm test "
    "compare match matches conform analyze analyse typecheck resolve run".split()
)
"""Words of functions of the program that are called to see whether they throw."""


def asserts_elsewhere(module: Module, function: Function, depth: int = 0) -> bool:
    """Tell whether a function throws, or calls something that asserts for it."""
    judges = depth == 0 or module.is_test or not _JUDGES.isdisjoint(words(function.name))
    for throw in find(function.body, Throw) if judges else ():
        inside = function_of(throw)
        if inside is None or inside is function or inside.body[:1] != [throw]:  # not only what a fake is to do
            return True
        if _is_trap(throw):
            return True
    for call in find(function.body, Call):
        if (
            _expects_status(call)
            or call.name in _WAITS
            or not _WORDS.isdisjoint(words(call.name))
            or not _HOLDERS.isdisjoint(words(_root(call)))
        ):
            return True
        if module.resolve(call.callee).startswith("assert"):  # import { ok } from "node:assert"
            return True
        target = definition(module, call.callee) if depth < 2 else None
        if isinstance(target, Function) and target is not function:
            if any(True for _ in find(target.body, Assert)) or asserts_elsewhere(target.module, target, depth + 1):
                return True
            if any(_is_assertion(inner) for inner in find(target.body, Call)):
                return True
        elif target is None and isinstance(strip(call.callee), Call):
            return True
    return False


def _is_trap(throw: Throw) -> bool:
    """Tell whether what is thrown says that it is never to be: ``throw new Error("must not be called")``."""
    said = " ".join(one.value for one in find(throw, Literal) if isinstance(one.value, str)).lower()
    return any(word in said.split() for word in ("never", "not", "shouldn't", "mustn't", "unexpected"))


def _expects_status(call: Call) -> bool:
    """Tell whether a client is told which answer to expect: ``app.xget(401, url)``, ``app.get(url, status=403)``."""
    told = next((call.keywords[one] for one in _TOLD_STATUS if one in call.keywords), None)
    given = told if told is not None else call.args[0] if len(call.args) > 1 else None
    value = strip(given) if given is not None and call.receiver is not None else None
    if isinstance(value, Member) and "status" in call.keywords:
        return True  # status=Status.forbidden
    return isinstance(value, Literal) and isinstance(value.value, int) and value.value in _STATUSES


def _is_assertion(call: Call) -> bool:
    root = _root(call)
    if root == "sinon":  # what else begins with it only sets up what a fake answers
        return "assert" in list(_chain(call))
    if root in _ROOTS:
        return True
    if root in ("t", "self", "this", "tc", "assertions") and call.receiver is not None:
        receiver = strip(call.receiver)
        direct = isinstance(receiver, Name) or (isinstance(receiver, Member) and receiver.name in ("assert", "not"))
        if root == "t":
            return direct and call.name not in _OUTSIDE
        return direct and flat(call.name).startswith(("assert", "fail"))
    return call.name in ("raises", "warns", "deprecated_call", "fail") or flat(call.name).startswith(
        ("assert", "expect")
    )


def _root(expr: Expr) -> str:
    """Return the name that a chain of members and calls begins with."""
    for _ in range(40):
        expr = strip(expr)
        if isinstance(expr, Call):
            expr = expr.callee
        elif isinstance(expr, Member):
            expr = expr.object
        else:
            break
    return expr.id if isinstance(expr, Name) else ""


def _chain(expr: Expr) -> Iterator[str]:
    """Yield the names of a chain, last first."""
    for _ in range(40):
        expr = strip(expr)
        if isinstance(expr, Call):
            expr = expr.callee
        elif isinstance(expr, Member):
            yield expr.name
            expr = expr.object
        else:
            return


def _subject(expr: Expr) -> Expr | None:
    """Return what ``expect(x)`` at the start of a chain is given."""
    for _ in range(40):
        expr = strip(expr)
        if isinstance(expr, Call) and isinstance(strip(expr.callee), Name):
            return expr.arg(0)
        if isinstance(expr, Call):
            expr = expr.callee
        elif isinstance(expr, Member):
            expr = expr.object
        else:
            return None
    return None


def _of_call(module: Module, call: Call) -> Assertion | None:
    if not _is_assertion(call) or isinstance(call.parent, Member):
        return None
    if call.name in ("assertions", "hasAssertions", "extend", "setConfig") or call.name in _OUTSIDE:
        return None
    names = list(_chain(call))
    late = not {"resolves", "rejects", "doesNotReject", "eventually"}.isdisjoint(names)
    if late and use_of(call).how == "dropped" and not use_of(call).awaited:
        return Assertion(call, "nobody waits for it: the test is over before it can fail", alone=True)
    if "resolves" in names:
        return Assertion(call, "")  # it fails where the promise is rejected, whatever is asked of what it gives
    if _root(call) == "expect":
        if not names and _is_count(call.arg(0)):
            return Assertion(call, "")
        if not names:
            dropped = isinstance(call.parent, ExprStatement)
            return Assertion(call, "it compares nothing: expect() without a matcher always holds", alone=dropped)
        subject = _subject(call)
        negated = "not" in names
        return Assertion(call, judged(module, call.name, subject, call.arg(0), negated=negated) if subject else "")
    if call.name in _TELLS_TRUE and _is_no_message(call.arg(1)) and not _asks(call):
        return Assertion(
            call, f"'{call.name}' takes what follows the first for a message: it compares nothing", alone=True
        )
    why = judged(module, call.name, call.arg(0), call.arg(1), negated=False)
    # Whether a promise is there nobody asks on purpose: an await is missing.
    alone = (call.name in COMPARED and why.startswith("it compares")) or (call.name in _TELLS_TRUE and LATE in why)
    return Assertion(call, why, alone)


def _asks(call: Call) -> bool:
    """Tell whether a question is asserted already, and its answer repeated: ``assertTrue(callable(x), True)``."""
    given, said = call.arg(0), call.arg(1)
    asked, answer = (strip(one) if one is not None else None for one in (given, said))
    if not isinstance(answer, Literal) or answer.value is not (call.name not in _TELLS_FALSE):
        return False
    if isinstance(asked, Call):
        return asked.name in _QUESTIONS or words(asked.name)[:1] in (("is",), ("has",))
    return (isinstance(asked, Binary) and asked.op in _COMPARES) or (isinstance(asked, Unary) and asked.op == "not")


def _is_no_message(given: Expr | None) -> bool:
    """Tell whether what stands where a message belongs is a value that somebody wanted to compare with."""
    given = strip(given) if given is not None else None
    if isinstance(given, Literal):
        return not isinstance(given.value, str) and given.value is not None
    return isinstance(given, Array | Object)


def _is_count(given: Expr | None) -> bool:
    """Tell whether ``expect(2)`` says how many assertions will be made, as QUnit wants it."""
    value = strip(given) if given is not None else None
    return isinstance(value, Literal) and isinstance(value.value, int) and not isinstance(value.value, bool)


def _misspelt(module: Module, call: Call) -> Assertion | None:
    """Read ``mock.called_once_with(…)`` standing alone: a question to the mock that nobody asked for the answer of."""
    if call.name not in QUESTIONS or call.receiver is None or use_of(call).how != "dropped":
        return None
    if definition(module, call.callee) is not None:
        return None
    return Assertion(call, f"'{call.name}' asks a mock and compares nothing: 'assert_' is missing", alone=True)


def _of_statement(module: Module, statement: ExprStatement) -> Assertion | None:
    """Read an assertion that is no call: ``expect(x).to.exist``, and those that should be one."""
    value = statement.value.value if isinstance(statement.value, Await) else statement.value
    if not isinstance(value, Member):
        return None
    if _root(value) == "expect":
        if value.name.startswith("to") and value.name[2:3].isupper():
            return Assertion(statement, f"'{value.name}' is named and never called", alone=True)
        subject = _subject(value)
        negated = "not" in list(_chain(value))
        return Assertion(statement, judged(module, value.name, subject, None, negated=negated) if subject else "")
    if value.name.startswith("assert_") and module.language == "python":
        return Assertion(statement, f"'{value.name}' is named and never called", alone=True)
    if "should" in list(_chain(value)):
        return Assertion(statement, "")
    return None
