"""Which assertions hold whatever the code under test does, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import falls_off, in_handler, returns_of
from reviewer.code.reach.links import definition, named_type
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Spread,
    Unary,
    is_nothing,
    strip,
    uncast,
)
from reviewer.code.walk import find, function_of
from reviewer.experts.fundamentals.testing.gives_nothing import gives_nothing, promised, throws_late
from reviewer.experts.fundamentals.testing.made_in_test import (
    MOCKS,
    always_there,
    called_before,
    constant_of_class,
    is_kind,
    is_of_mock,
    made_of,
    may_count_as_nothing,
    put_anew,
    put_last,
    used_before,
)
from reviewer.experts.fundamentals.testing.method_there import (
    asks_for_method,
    is_callable,
    is_kind_of_method,
    is_method,
)
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module

_TRUTHY: Final = frozenset("ok toBeTruthy toBeDefined assert exist exists isOk isTrue true assertTrue truthy".split())
_NOT_NOTHING: Final = frozenset("isNotNone assertIsNotNone isDefined isNotNull notNull isObject".split())
_UNEQUAL: Final = frozenset({"notEqual", "notStrictEqual", "notDeepEqual", "assertNotEqual", "assertIsNot"})
_NEGATED: Final = frozenset("toBeNull toBeUndefined toBeFalsy undefined null".split())
_KIND: Final = frozenset("toBeInstanceOf instanceOf isInstance assertIsInstance instanceof toBeTypeOf".split())
_ASKS_NOTHING: Final = frozenset(
    "toBeUndefined toBeFalsy isNone assertIsNone isUndefined notOk isNotOk assertFalse isFalsy".split()
)
"""Assertions that hold of what a function gives which gives nothing."""
_THROWS: Final = frozenset({"toThrow", "toThrowError", "throw", "throws", "Throw"})
_DEEP: Final = frozenset(
    "deepEqual deepStrictEqual toEqual toStrictEqual deepEquals assertDictEqual assertListEqual".split()
)
COMPARED: Final = frozenset(
    "equal strictEqual deepEqual deepStrictEqual toBe toEqual toStrictEqual is same assertEqual assertIs eql "
    "deepEquals assertEquals assertStrictEquals assertSequenceEqual assertDictEqual assertListEqual".split()
)
BY_CLASS: Final = "is a constant of its class, whatever was done before"
OF_CLASS: Final = "has what its class gives to every one, whatever that does"
LATE: Final = "which is always true: nobody waits for it"
QUESTIONS: Final = frozenset(
    "called_once called_with called_once_with has_calls not_called awaited_once awaited_with awaited_once_with "
    "has_awaits not_awaited any_call any_await".split()
)
"""Assertions of Python's mocks without their first word: a mock answers them with another mock."""


def judged(module: Module, name: str, subject: Expr | None, other: Expr | None, *, negated: bool) -> str:
    """Say why an assertion always holds, or return an empty string."""
    if subject is None:
        return ""
    shown = _short(module, subject)
    if (negated and name in _THROWS) or name == "doesNotThrow":
        return "what it runs gives a promise, which throws nothing by itself" if throws_late(module, subject) else ""
    if other is not None and is_nothing(other) and name in _UNEQUAL:
        name, negated = "undefined", True
    if negated and name in COMPARED and _is_no_kind(subject, other):
        return f"'{shown}' is a text, and never what it is compared with"
    if negated:
        there = name in _NEGATED and (always_there(module, subject) or used_before(subject))
        return f"'{shown}' was made or used in the test itself and is always there" if there else ""
    if name in _NOT_NOTHING | {"toBeDefined"} and used_before(subject):
        return f"'{shown}' was used before, so that it is there"
    if name in _TRUTHY or name in _NOT_NOTHING:
        return always(module, subject)
    if name in _ASKS_NOTHING:
        return f"'{shown}' never gives anything else" if gives_nothing(module, subject) else ""
    return _why_compared(module, name, subject, other) if other is not None else ""


def _is_no_kind(subject: Expr, other: Expr | None) -> bool:
    """Tell whether ``typeof x`` is compared with what is none of its texts: ``typeof x`` is not ``undefined``."""
    asked = strip(subject)
    if not isinstance(asked, Unary) or asked.op != "typeof" or other is None:
        return False
    told = strip(other)
    return is_nothing(told) or (isinstance(told, Literal) and not isinstance(told.value, str))


def _why_compared(module: Module, name: str, subject: Expr, other: Expr) -> str:
    """Say why an assertion about two values always holds, or return an empty string."""
    shown = _short(module, subject)
    if name in _KIND and _is_of(module, subject, other):
        return f"'{shown}' was made as one in the test itself"
    if name in COMPARED and is_nothing(other) and gives_nothing(module, subject):
        return f"'{shown}' never gives anything else"
    if name in COMPARED:
        deep = name in _DEEP and _is_alias(module, uncast(subject), uncast(other), deep=True)
        if deep or _same(module, subject, other):
            return f"it compares '{shown}' with itself"
        if _constant(module, subject) is not None and _constant(module, other) is not None:
            return "both sides are constants"
        if is_kind_of_method(module, subject, other):
            return f"'{shown}' {OF_CLASS}"
        told, always_so = strip(other), constant_of_class(module, subject)
        if always_so is not None and isinstance(told, Literal) and told.value == always_so.value:
            return f"'{shown}' {BY_CLASS}"
        return f"'{shown}' is asked of what the test itself has called" if _asks_kind_of_called(subject, other) else ""
    if (name in COMPARED and is_kind_of_method(module, subject, other)) or asks_for_method(
        module, name, subject, other
    ):
        return f"'{shown}' {OF_CLASS}"
    zero = strip(other)
    counted = isinstance(zero, Literal) and zero.value == 0 and not isinstance(zero.value, bool)
    if name in ("toBeGreaterThanOrEqual", "isAtLeast", "assertGreaterEqual", "gte") and counted and _is_length(subject):
        return "a length is never below zero"
    return ""


def always(module: Module, test: Expr) -> str:
    """Say why a condition always holds, or return an empty string."""
    if promised(module, test):
        kind = "coroutine that nothing runs" if module.language == "python" else "promise"
        return f"'{_short(module, test)}' gives a {kind}, {LATE}"
    test = strip(test)
    if isinstance(test, Binary):
        return _always_compared(module, test)
    if isinstance(test, Call):
        return _always_answered(module, test) or _always_there(module, test)
    return _always_there(module, test)


def _always_there(module: Module, test: Expr) -> str:
    """Say why a value always counts as true."""
    shown = _short(module, test)
    if isinstance(test, Literal) and test.value and isinstance(test.value, bool | int | float):
        return f"'{shown}' is a constant"
    if isinstance(test, Array) and test.kind == "tuple" and test.items:
        return "a tuple that is not empty is always true: the parentheses make the message a part of the condition"
    if isinstance(test, Unary) and test.op == "not" and gives_nothing(module, test.operand):
        return f"'{_short(module, test.operand)}' never gives anything"
    if (put := put_last(module, test)) is not None and put.value and isinstance(put.value, bool | int | float):
        return f"the test itself has put '{shown}' to {put.raw_text}"
    for holds, why in (
        (
            always_there(module, test) and not may_count_as_nothing(module, test),
            "was made in the test itself and is always there",
        ),
        (called_before(test), "was called before, so that it is there"),
        (is_method(module, test), OF_CLASS),
        (is_of_mock(module, test), "is a member of a mock, which has every member, and each is true"),
        (_is_caught(test), "is what was caught, and always there"),
    ):
        if holds:
            return f"'{shown}' {why}"
    return ""


def _always_answered(module: Module, test: Call) -> str:
    """Say why what a call answers always counts as true."""
    first = test.args[0] if test.args else None
    made = False
    if test.name == "isArray" and first is not None:
        made = is_kind(module, first, "Array")
    elif test.name == "isinstance" and len(test.args) == 2 and test.receiver is None and first is not None:
        made = _is_of(module, first, test.args[1])
    if made and first is not None:
        return f"'{_short(module, first)}' was made as one in the test itself"
    if kind := _answers_enum(module, test):
        return f"'{_short(module, test)}' is one of {kind}, and each of them is true"
    if _answers_whole(module, test):
        return f"'{_short(module, test)}' is made anew by each call, and always there"
    if is_callable(module, test):
        return f"'{_short(module, test.args[0])}' {OF_CLASS}"
    if test.name in QUESTIONS:
        return f"a mock answers '{test.name}' with another mock, which is always true"
    return ""


def _answers_enum(module: Module, call: Call) -> str:
    """Return the enumeration of the subject of which a call gives one member, where every member is true."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or target.generator or target.asynchronous or "None" in target.returns:
        return ""
    kind = named_type(target.module, target.returns) if target.returns else None
    if kind is None or any(method.name in ("__bool__", "__len__") for method in kind.methods):
        return ""
    return kind.name if [last_name(base) for base in kind.bases] == ["Enum"] else ""


def _answers_whole(module: Module, call: Call) -> bool:
    """Tell whether a function of the subject gives nothing but objects that it makes there: ``return { marks };``."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or target.generator or target.kind == "constructor" or falls_off(target):
        return False
    given = [strip(one.value) if one.value is not None else None for one in returns_of(target)]
    empty = module.language == "python"
    return bool(given) and all(
        (isinstance(one, Object) and (not empty or bool(one.keys)))
        or (isinstance(one, Array) and (not empty or any(not isinstance(item, Spread) for item in one.items)))
        for one in given
    )


def _asks_mock(module: Module, test: Binary) -> bool:
    """Tell whether a mock is compared with what it was told: ``m.run.return_value = 1``, ``m.run() == 1``."""
    asked = strip(test.left)
    if test.op != "==" or not isinstance(asked, Call):
        return False
    root = asked.callee
    while isinstance(root, Member):
        root = strip(root.object)
    made = module.scopes.origin(root) if isinstance(root, Name) else None
    if not isinstance(made, Call) or made.name not in MOCKS:
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
    if test.op == "==" and is_nothing(right) and gives_nothing(module, test.left):
        return f"'{_short(module, test.left)}' never gives anything else"
    if test.op == "!=" and isinstance(right, Literal) and right.value is None:
        if always_there(module, test.left) or is_kind(module, test.left):
            return f"'{_short(module, test.left)}' was made in the test itself and is always there"
        if used_before(test.left):
            return f"'{_short(module, test.left)}' was used before, so that it is there"
    if test.op == "or" and (always(module, test.right) or always(module, test.left)):
        return "one side of the 'or' always holds"
    if test.op == "instanceof" and _is_of(module, test.left, test.right):
        return f"'{_short(module, test.left)}' was made as one in the test itself"
    zero = isinstance(right, Literal) and right.value == 0 and not isinstance(right.value, bool)
    if test.op == ">=" and zero and _is_length(test.left):
        return "a length is never below zero"
    return ""


def _is_of(module: Module, value: Expr, kind: Expr) -> bool:
    return made_of(module, value, kind) or is_kind(module, value, module.text_of(kind))


def _is_caught(expr: Expr) -> bool:
    """Tell whether a name is that of what the handler around it has caught."""
    handler = in_handler(expr) if isinstance(expr, Name) else None
    return handler is not None and isinstance(expr, Name) and handler.name == expr.id


def _constant(module: Module, expr: Expr) -> Literal | None:
    expr = strip(expr)
    return expr if isinstance(expr, Literal) else put_last(module, expr)


def _same(module: Module, left: Expr, right: Expr) -> bool:
    left, right = uncast(left), uncast(right)
    if not isinstance(left, Name | Member) or any(True for _ in find(left, Call)):
        return False
    return _in_full(module, left) == _in_full(module, right) or _is_alias(module, left, right)


def _is_alias(module: Module, left: Expr, right: Expr, *, deep: bool = False) -> bool:
    """Tell whether one side is only another name of the collection on the other: nothing was copied meanwhile.

    What is compared ``deep`` is taken for a collection; of anything else it has to be seen.
    """
    for name, whole in ((left, right), (right, left)):
        bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
        only = bound[0] if len(bound) == 1 else None
        given = strip(only.value) if isinstance(only, Assign) and only.op == "=" and only.value is not None else None
        if not isinstance(given, Member) or not isinstance(whole, Member) or any(True for _ in find(given, Call)):
            continue
        if module.text_of(given) == module.text_of(whole) and (deep or is_kind(module, whole)):
            return not put_anew(module, whole.name)
    return False


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


def _is_length(expr: Expr) -> bool:
    expr = strip(expr)
    if isinstance(expr, Call):
        return expr.name == "len" and expr.receiver is None
    return isinstance(expr, Member) and expr.name in ("length", "size") and not isinstance(expr.object, Unary)


def _short(module: Module, expr: Expr) -> str:
    text = " ".join(module.text_of(expr).split())
    return text if len(text) <= 40 else text[:39] + "…"
