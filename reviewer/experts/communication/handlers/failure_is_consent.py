"""COM055: whoever may object is taken to agree where the question to it fails, by a promise or in a block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Await,
    Call,
    Expr,
    For,
    Function,
    Handler,
    If,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Try,
    Unary,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

OBJECTS: Final = frozenset(
    "veto vetoes object objects objection objections refuse refuses deny denies block blocks forbid forbids reject "
    "rejects prohibits".split()
)
"""First words of a method by which somebody may say no."""
AGREES: Final = frozenset(
    "allow allows approve approves permit permits passes accept accepts authorize authorizes authorise authorises "
    "screen screens vet vets consent consents admits admit clears inspect inspects".split()
)
"""First words of a method by which somebody has to say yes."""


_THINGS: Final = frozenset({"object", "objects", "block", "blocks"})
"""Words that are those of things as well."""


@module_check("COM055", words=())
def failure_is_consent(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each question to somebody else whose failure is made an answer on the spot."""
    if module.is_test:
        return
    for call in module.calls({"catch"}):
        asked = _question(call.receiver)
        given = strip(call.args[0]) if call.args else None
        if asked is None or not isinstance(given, Function):
            continue
        answers = [answer.value for answer in find(given.body, Return, into_functions=False)]
        if len(answers) == 1 and _agrees(asked, answers[0]):
            yield _match(module, asked, call)
    for attempt in module.all(Try):
        asked = _returned(attempt)
        for handler in attempt.handlers if asked is not None else ():
            last = handler.body[-1] if handler.body else None
            if asked is not None and isinstance(last, Return) and _agrees(asked, last.value):
                yield _match(module, asked, handler)
    for attempt in module.all(Try):
        agreeing = _yes_of_all(module, attempt)
        if agreeing is not None:
            yield Match(
                agreeing,
                "All have to agree, and one that fails is taken so: a check that crashes lets everything through.",
            )
    for block in module.all(With):
        asked = _refused_in(block)
        if asked is not None:
            yield _match(module, asked, block)


def _question(expr: Expr | None) -> Call | None:
    """Return the call by which somebody else is asked for a yes or a no."""
    asked = strip(expr) if expr is not None else None
    while isinstance(asked, Await):
        asked = strip(asked.value)
    if not isinstance(asked, Call) or asked.receiver is None or is_this_member(asked.callee):
        return None
    base = strip(asked.receiver)
    own = isinstance(base, Name) and base.id in ("Promise", "this", "super")
    if asked.name in _THINGS and asked.keywords:
        return None  # object(name=…) makes one
    return asked if not own and set(words(asked.name)[:1]) & (OBJECTS | AGREES) else None


def _agrees(asked: Call, answer: Expr | None) -> bool:
    """Tell whether an answer means that nobody minds."""
    said = strip(answer) if answer is not None else None
    if set(words(asked.name)[:1]) & AGREES:
        return isinstance(said, Literal) and said.value is True
    if isinstance(said, Name):
        return said.id == "undefined"
    return (isinstance(said, Literal) and said.value in (None, False)) or (isinstance(said, Array) and not said.items)


def _returned(attempt: Try) -> Call | None:
    """Return the question whose answer a block gives back as it is."""
    last = attempt.body[-1] if attempt.body else None
    return _question(last.value) if isinstance(last, Return) and last.value is not None else None


def _yes_of_all(module: Module, attempt: Try) -> Handler | None:
    """Return what says yes where one of those that all have to agree fails: ``all(ask(one) for one in checks)``."""
    function, last = function_of(attempt), attempt.body[-1] if attempt.body else None
    if function is None or not function.name or not isinstance(last, Return) or last.value is None:
        return None
    given = {param.name for param in function.params}
    asked = any(
        isinstance(called := strip(call.callee if call.receiver is None else call.receiver), Name)
        and called.id in given
        for call in find(last.value, Call)
    )
    if not asked or _question(last.value) is not None or not _all_must_agree(module, function):
        return None
    return next((one for one in attempt.handlers if _says_yes(one)), None)


def _says_yes(handler: Handler) -> bool:
    answer = handler.body[-1] if handler.body else None
    value = strip(answer.value) if isinstance(answer, Return) and answer.value is not None else None
    return isinstance(value, Literal) and value.value is True


def _all_must_agree(module: Module, function: Function) -> bool:
    """Tell whether the first no of those whom a function asks decides: by ``all`` or ``every``, or in a loop."""
    for call in module.calls((function.name,)):
        for around in ancestors(call):
            if isinstance(around, Function):
                break
            if isinstance(around, Call) and around.name in ("all", "every") and not _is_promise(around):
                return True
            if isinstance(around, If) and _leaves_at_no(around, call):
                return any(isinstance(outer, For) for outer in ancestors(around))
    return False


def _leaves_at_no(test: If, call: Call) -> bool:
    """Tell whether a function is left where what a call answers is no: ``if not await ask(one): return False``."""
    denied = strip(test.test)
    asked = strip(denied.operand) if isinstance(denied, Unary) and denied.op == "not" else None
    while isinstance(asked, Await):
        asked = strip(asked.value)
    return asked is call and exits(test.body)


def _is_promise(call: Call) -> bool:
    return isinstance(call.receiver, Name) and call.receiver.id == "Promise"


def _refused_in(block: With) -> Call | None:
    """Return the question in a block that swallows every error, where a yes to it ends the matter."""
    if not any(_swallows_all(given) for given, _target in block.items):
        return None
    for test in find(block.body, If):
        asked = _question(test.test)
        if asked is not None and set(words(asked.name)[:1]) & OBJECTS and exits(test.body):
            return asked
    return None


def _swallows_all(given: Expr) -> bool:
    made = strip(given)
    if not isinstance(made, Call) or made.name != "suppress":
        return False
    return any(isinstance(kind, Name | Member) and words(_name(kind))[-1:] == ("exception",) for kind in made.args)


def _name(kind: Name | Member) -> str:
    return kind.id if isinstance(kind, Name) else kind.name


def _match(module: Module, asked: Call, at: Node) -> Match:
    return Match(
        at,
        f"When '{module.text_of(asked.callee)[:60]}(…)' fails, it is taken to agree: a check that crashes lets "
        "everything through.",
        related=((asked, "its answer decides"),),
    )
