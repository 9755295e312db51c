"""What a test asserts, and which assertions hold whatever the code under test does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.contexts import flat
from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition, is_async, named_type
from reviewer.code.syntax import (
    Array,
    Assert,
    Assign,
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
    Throw,
    Unary,
    strip,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.fundamentals.testing.made_in_test import always_there, called_before, made_of, used_before
from reviewer.experts.paths import last_name

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
_TRUTHY: Final = frozenset("ok toBeTruthy toBeDefined assert exist exists isOk isTrue true assertTrue truthy".split())
_NOT_NOTHING: Final = frozenset("isNotNone assertIsNotNone isDefined isNotNull notNull isObject".split())
_UNEQUAL: Final = frozenset({"notEqual", "notStrictEqual", "notDeepEqual", "assertNotEqual", "assertIsNot"})
_NEGATED: Final = frozenset("toBeNull toBeUndefined toBeFalsy undefined null".split())
_KIND: Final = frozenset("toBeInstanceOf instanceOf isInstance assertIsInstance instanceof toBeTypeOf".split())
_MOCKS: Final = frozenset({"MagicMock", "Mock", "AsyncMock", "NonCallableMock", "create_autospec"})
_SAME: Final = frozenset(
    "equal strictEqual deepEqual deepStrictEqual toBe toEqual toStrictEqual is same assertEqual assertIs eql "
    "deepEquals assertEquals assertStrictEquals assertSequenceEqual assertDictEqual assertListEqual".split()
)


_QUESTIONS: Final = frozenset(
    "called_once called_with called_once_with has_calls not_called awaited_once awaited_with awaited_once_with "
    "has_awaits not_awaited any_call any_await".split()
)
"""Assertions of Python's mocks without their first word: a mock answers them with another mock."""


class Assertion(Struct, frozen=True):
    """One assertion; ``why`` says why it always holds, empty where it may fail."""

    at: Node
    why: str
    alone: bool = False
    """Whether it is wrong by itself, whatever else the test asserts."""


def assertions(module: Module, function: Function) -> list[Assertion]:
    """Return what a test asserts by itself, in source order."""
    found = [Assertion(one, _always(module, one.test)) for one in find(function.body, Assert)]
    for call in find(function.body, Call):
        made = _of_call(module, call) or (_misspelt(module, call) if module.language == "python" else None)
        if made is not None:
            found.append(made)
    for statement in find(function.body, ExprStatement):
        made = _of_statement(module, statement)
        if made is not None:
            found.append(made)
    return sorted(found, key=lambda one: one.at.raw.start_byte)


def asserts_elsewhere(module: Module, function: Function, depth: int = 0) -> bool:
    """Tell whether a function throws, or calls something that asserts for it."""
    for throw in find(function.body, Throw):
        inside = function_of(throw)
        if inside is None or inside is function or inside.body[:1] != [throw]:  # not only what a fake is to do
            return True
    for call in find(function.body, Call):
        if not _WORDS.isdisjoint(words(call.name)) or not _HOLDERS.isdisjoint(words(_root(call))):
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


def _is_assertion(call: Call) -> bool:
    root = _root(call)
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
    if _root(call) == "expect":
        if not names:
            dropped = isinstance(call.parent, ExprStatement)
            return Assertion(call, "it compares nothing: expect() without a matcher always holds", alone=dropped)
        subject = _subject(call)
        negated = "not" in names
        return Assertion(call, _judged(module, call.name, subject, call.arg(0), negated=negated) if subject else "")
    why = _judged(module, call.name, call.arg(0), call.arg(1), negated=False)
    return Assertion(call, why, alone=call.name in _SAME and why.startswith("it compares"))


def _misspelt(module: Module, call: Call) -> Assertion | None:
    """Read ``mock.called_once_with(…)`` standing alone: a question to the mock that nobody asked for the answer of."""
    if call.name not in _QUESTIONS or call.receiver is None or use_of(call).how != "dropped":
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
        return Assertion(statement, _judged(module, value.name, subject, None, negated=negated) if subject else "")
    if value.name.startswith("assert_") and module.language == "python":
        return Assertion(statement, f"'{value.name}' is named and never called", alone=True)
    if "should" in list(_chain(value)):
        return Assertion(statement, "")
    return None


def _judged(module: Module, name: str, subject: Expr | None, other: Expr | None, *, negated: bool) -> str:
    """Say why an assertion always holds, or return an empty string."""
    if subject is None:
        return ""
    shown = _short(module, subject)
    if name in _NOT_NOTHING | {"toBeDefined"} and not negated and used_before(subject):
        return f"'{shown}' was used before, so that it is there"
    if (name in _TRUTHY or name in _NOT_NOTHING) and not negated:
        return _always(module, subject)
    unequal = name in _UNEQUAL and other is not None and _is_nothing(other)
    if (unequal or (name in _NEGATED and negated)) and (always_there(module, subject) or used_before(subject)):
        return f"'{shown}' was made or used in the test itself and is always there"
    if name in _KIND and not negated and other is not None and made_of(module, subject, other):
        return f"'{shown}' was made as one in the test itself"
    if name in _SAME and not negated and other is not None:
        if _same(module, subject, other):
            return f"it compares '{shown}' with itself"
        if negated is False and isinstance(strip(subject), Literal) and isinstance(strip(other), Literal):
            return "both sides are constants"
    if name in _SAME and not negated and other is not None and _asks_kind_of_called(subject, other):
        return f"'{shown}' is asked of what the test itself has called"
    zero = strip(other) if other is not None else None
    counted = isinstance(zero, Literal) and zero.value == 0 and not isinstance(zero.value, bool)
    if name in ("toBeGreaterThanOrEqual", "isAtLeast", "assertGreaterEqual", "gte") and counted and _is_length(subject):
        return "a length is never below zero"
    return ""


def _always(module: Module, test: Expr) -> str:
    """Say why a condition always holds, or return an empty string."""
    if isinstance(uncast(test), Call) and _unawaited(module, uncast(test)):
        kind = "coroutine that nothing runs" if module.language == "python" else "promise"
        return f"'{_short(module, test)}' gives a {kind}, which is always true: nobody waits for it"
    test = strip(test)
    shown = _short(module, test)
    if isinstance(test, Literal) and test.value and isinstance(test.value, bool | int | float):
        return f"'{shown}' is a constant"
    if isinstance(test, Array) and test.kind == "tuple" and test.items:
        return "a tuple that is not empty is always true: the parentheses make the message a part of the condition"
    if always_there(module, test):
        return f"'{shown}' was made in the test itself and is always there"
    if called_before(test):
        return f"'{shown}' was called before, so that it is there"
    if isinstance(test, Binary):
        return _always_compared(module, test)
    if isinstance(test, Call) and test.name == "isinstance" and len(test.args) == 2 and test.receiver is None:
        return f"'{shown}' was made as one in the test itself" if made_of(module, test.args[0], test.args[1]) else ""
    if isinstance(test, Call) and (kind := _answers_enum(module, test)):
        return f"'{shown}' is one of {kind}, and each of them is true"
    if isinstance(test, Call) and test.name in _QUESTIONS:
        return f"a mock answers '{test.name}' with another mock, which is always true"
    return ""


def _unawaited(module: Module, value: Expr) -> bool:
    """Tell whether a call gives a promise or a coroutine, by the function that it reaches."""
    return isinstance(value, Call) and not value.new and is_async(module, value) is True


def _answers_enum(module: Module, call: Call) -> str:
    """Return the enumeration of the subject of which a call gives one member, where every member is true."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or target.generator or target.asynchronous or "None" in target.returns:
        return ""
    kind = named_type(target.module, target.returns) if target.returns else None
    if kind is None or any(method.name in ("__bool__", "__len__") for method in kind.methods):
        return ""
    return kind.name if [last_name(base) for base in kind.bases] == ["Enum"] else ""


def _asks_mock(module: Module, test: Binary) -> bool:
    """Tell whether a mock is compared with what it was told: ``m.run.return_value = 1``, ``m.run() == 1``."""
    asked = strip(test.left)
    if test.op != "==" or not isinstance(asked, Call):
        return False
    root = asked.callee
    while isinstance(root, Member):
        root = strip(root.object)
    made = module.scopes.origin(root) if isinstance(root, Name) else None
    if not isinstance(made, Call) or made.name not in _MOCKS:
        return False
    told = f"{module.text_of(asked.callee)}.return_value"
    return any(
        module.text_of(assign.target) == told
        and assign.value is not None
        and module.text_of(assign.value) == module.text_of(test.right)
        for assign in module.all(Assign)
        if function_of(assign) is function_of(test)
    )


def _always_compared(module: Module, test: Binary) -> str:
    right = strip(test.right)
    if _asks_mock(module, test):
        return f"'{_short(module, test.left)}' is a mock that answers what the test has told it to"
    if test.op == "==" and _same(module, test.left, test.right):
        return f"it compares '{_short(module, test.left)}' with itself"
    if test.op == "!=" and isinstance(right, Literal) and right.value is None:
        if always_there(module, test.left):
            return f"'{_short(module, test.left)}' was made in the test itself and is always there"
        if used_before(test.left):
            return f"'{_short(module, test.left)}' was used before, so that it is there"
    if test.op == "or" and (_always(module, test.right) or _always(module, test.left)):
        return "one side of the 'or' always holds"
    if test.op == "instanceof" and made_of(module, test.left, test.right):
        return f"'{_short(module, test.left)}' was made as one in the test itself"
    zero = isinstance(right, Literal) and right.value == 0 and not isinstance(right.value, bool)
    if test.op == ">=" and zero and _is_length(test.left):
        return "a length is never below zero"
    return ""


def _same(module: Module, left: Expr, right: Expr) -> bool:
    left, right = uncast(left), uncast(right)
    if not isinstance(left, Name | Member) or any(True for _ in find(left, Call)):
        return False
    return _in_full(module, left) == _in_full(module, right)


def _in_full(module: Module, expr: Expr) -> str:
    """Return how an expression is spelled, with constants that only are another name of a thing seen through.

    ``before.length`` is ``open.length`` where ``const before = open``: whatever happens to the list, they are one.
    """
    said = module.text_of(expr)
    root = expr
    while isinstance(root, Member):
        root = uncast(root.object)
    if not isinstance(root, Name) or root is expr:
        return said  # of a plain value another name is a copy
    bound = module.scopes.lookup(root.id, root)
    only = bound[0] if len(bound) == 1 else None
    given = strip(only.value) if isinstance(only, Assign) and only.op == "=" and only.value is not None else None
    if not isinstance(given, Name) or not isinstance(only, Assign) or not isinstance(only.target, Name):
        return said
    again = module.scopes.lookup(given.id, given)
    if len(again) != 1:
        return said  # it may be another thing by now
    return given.id + said.removeprefix(root.id)


def _asks_kind_of_called(subject: Expr, kind: Expr) -> bool:
    """Tell whether ``typeof stop`` is compared with what it must be after ``stop()``."""
    subject, kind = strip(subject), strip(kind)
    asked = isinstance(subject, Unary) and subject.op == "typeof" and called_before(subject.operand)
    return asked and isinstance(kind, Literal) and kind.value == "function"


def _is_nothing(expr: Expr) -> bool:
    expr = strip(expr)
    return (isinstance(expr, Literal) and expr.value is None) or (isinstance(expr, Name) and expr.id == "undefined")


def _is_length(expr: Expr) -> bool:
    expr = strip(expr)
    if isinstance(expr, Call):
        return expr.name == "len" and expr.receiver is None
    return isinstance(expr, Member) and expr.name in ("length", "size") and not isinstance(expr.object, Unary)


def _short(module: Module, expr: Expr) -> str:
    text = " ".join(module.text_of(expr).split())
    return text if len(text) <= 40 else text[:39] + "…"
