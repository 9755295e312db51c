"""REG042: a verification whose failure stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, exits, returns_of, use_of
from reviewer.code.reach.links import declared_type, definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    ExprStatement,
    For,
    Function,
    Handler,
    If,
    Literal,
    Member,
    Name,
    Object,
    Opaque,
    Return,
    Statement,
    Throw,
    Try,
    Unary,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.verification import SIGNED, comparisons, is_load, is_verification
from reviewer.experts.registry.vocabulary import VERIFIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_TALKS: Final = frozenset(
    "log logger logging console warn warning info debug error print report emit trace notify audit record".split()
)
_REFUSES: Final = frozenset({"fail", "abort", "exit", "refuse", "reject", "throw", "push", "append"})
_YES_OR_NO: Final = frozenset({"boolean", "bool", "Promise<boolean>", "Awaitable[bool]"})
_LIBRARY: Final = frozenset({"compare_digest", "timingSafeEqual"})


@module_check("REG042", words=SIGNED | {"verify"})
def mismatch_ignored(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find mismatches that are only told, results that are dropped, and errors that are swallowed."""
    if module.is_test:
        return
    told: set[int] = set()
    for one in comparisons(module):
        test = _test_of(one.node, mismatch=not one.same)
        if test is not None and id(test) not in told:
            told.add(id(test))
            yield Match(test.test, "A wrong digest is told and nothing more: the package is used all the same.")
    for call in module.all(Call):
        if not (is_verification(call) or call.name in _LIBRARY or _answers(module, call)):
            continue
        if _is_dropped(module, call):
            yield Match(
                call,
                f"'{call.name}' answers whether the package is the right one, and nobody looks at the answer.",
            )
            continue
        test = _test_of(call, mismatch=False)
        if test is not None and id(test) not in told:
            told.add(id(test))
            yield Match(
                test.test, f"A failed '{call.name}' is told and nothing more: the package is used all the same."
            )
        # What has another name may well use the package itself, once it has found it right.
        handler = _swallowed(module, call) if is_verification(call) else None
        if handler is not None and id(handler) not in told:
            told.add(id(handler))
            yield Match(
                handler,
                f"The error of '{call.name}' is caught here and the package is used all the same.",
                related=((call, "the verification"),),
            )


def _test_of(node: Expr, *, mismatch: bool) -> If | None:
    """Return the ``if`` whose body runs for a wrong digest and only talks; ``mismatch`` says when the node is true."""
    inner: Node = node
    wrong = mismatch
    for around in ancestors(node):
        if isinstance(around, Await):
            pass
        elif isinstance(around, Unary) and around.op == "not":
            wrong = not wrong
        elif isinstance(around, If) and around.test is inner:
            return around if wrong and _only_talks(around.body) and not around.orelse and _goes_on(around) else None
        elif isinstance(around, Assign) and isinstance(around.target, Name):
            return _test_of_name(around, wrong=wrong)
        elif not isinstance(around, Binary) or getattr(around, "op", "") != "and":
            return None
        inner = around
    return None


def _test_of_name(made: Assign, *, wrong: bool) -> If | None:
    """Return the ``if`` that looks at a kept answer and only talks, where nothing else looks at it."""
    name = made.target.id if isinstance(made.target, Name) else ""
    uses = [node for node in after(made) if isinstance(node, Name) and node.id == name]
    if len(uses) != 1:
        return None
    return _test_of(uses[0], mismatch=wrong)


def _only_talks(body: list[Statement]) -> bool:
    """Tell whether statements do nothing but write to a log."""
    if not body:
        return False
    for statement in body:
        value = strip(statement.value) if isinstance(statement, ExprStatement) else None
        if not isinstance(value, Call):
            return False
        said = set(words(value.name))
        base = value.receiver
        while isinstance(base, Member):
            said.update(words(base.name))
            base = base.object
        if isinstance(base, Name):
            said.update(words(base.id))
        if not (said & _TALKS or _is_told_of(value)) or said & _REFUSES:
            return False
    return True


def _is_told_of(call: Call) -> bool:
    """Tell whether a call writes down what happened: ``book.write({ event: "digest", name })``."""
    told = strip(call.args[0]) if len(call.args) == 1 else None
    return isinstance(told, Object) and bool({"event", "action", "level", "what", "outcome"} & set(told.keys))


def _goes_on(test: If) -> bool:
    """Tell whether something runs after a test, so that the package is used."""
    return any(isinstance(node, Call | Return) for node in after(test)) or _in_loop(test)


def _in_loop(node: Node) -> bool:
    return any(isinstance(around, For | While) for around in ancestors(node))


def _is_dropped(module: Module, call: Call) -> bool:
    """Tell whether an answer that is yes or no is not looked at."""
    use = use_of(call)
    if use.how != "dropped":
        return False
    if call.name in _LIBRARY:
        return True
    target = definition(module, call.callee)
    if isinstance(target, Function):
        returned = [
            strip(one.value) for one in find(target.body, Return, into_functions=False) if one.value is not None
        ]
        throws = any(isinstance(node, Throw) for node in walk(target.body, into_functions=False))
        return bool(returned) and not throws and all(_is_answer(value) for value in returned)
    if declared_type(module, call).strip("'\" ") in _YES_OR_NO:
        return True  # what an interface says that it gives
    name = module.resolve(call.callee)
    return name in ("crypto.verify", "nacl.sign.detached.verify") or (
        call.name == "verify" and module.language != "python" and "createVerify" in name
    )


def _answers(module: Module, call: Call) -> bool:
    """Tell whether a call that is dropped or asked is of a function that verifies, whatever its name."""
    if use_of(call).how not in ("dropped", "tested"):
        return False
    target = definition(module, call.callee)
    if not isinstance(target, Function) or not any(answer.value is not None for answer in returns_of(target)):
        return False
    return any(is_verification(one) or one.name in _LIBRARY for one in calls_in(target.body)) or any(
        inside(one.node, target) for one in comparisons(target.module)
    )


def _is_answer(value: Expr) -> bool:
    if isinstance(value, Literal):
        return isinstance(value.value, bool)
    if isinstance(value, Call):
        return value.name in (*_LIBRARY, "verify", "equals", "startsWith", "includes")
    return isinstance(value, Binary) or (isinstance(value, Unary) and value.op == "not")


def _swallowed(module: Module, call: Call) -> Handler | None:
    """Return the handler that catches a failed verification and goes on to the package."""
    for around in ancestors(call):
        if isinstance(around, Function):
            return None
        if isinstance(around, Try) and around.handlers and any(inside(call, one) for one in around.body):
            loads = any(is_load(module, one) for one in calls_in(around.body) if one is not call)
            if loads or exits(around.body):
                return None
            for handler in around.handlers:
                talks = not handler.body or _only_talks(handler.body) or _is_empty(handler.body)
                if talks and (any(isinstance(node, Call) for node in after(around)) or _passes_when_silent(around)):
                    return handler
            return None
    return None


def _passes_when_silent(around: Try) -> bool:
    """Tell whether a function that answers nothing is a check: who calls it goes on unless it throws."""
    function = function_of(around)
    if function is None or any(answer.value is not None for answer in returns_of(function)):
        return False
    said = set(words(function.name))
    refuses = any(not inside(one, around) for one in find(function.body, Throw, into_functions=False))
    return (bool(said & (VERIFIES - {"compare"})) or refuses) and not said & {"log", "report", "show", "print"}


def _is_empty(body: list[Statement]) -> bool:
    return all(isinstance(one, Opaque) or one.raw.type in ("pass_statement", "empty_statement") for one in body)
