"""COM056: handlers are asked whether something may happen, and nobody looks at what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Await, Call, ExprStatement, Field, If, Literal, strip
from reviewer.code.text.words import identifiers, words
from reviewer.code.walk import ancestors, calls_in, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.aliases import alias_text
from reviewer.experts.communication.emissions import named_function
from reviewer.experts.communication.handler_types import declared_types
from reviewer.experts.communication.invocations import Invocation, invocations
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.data.patterns import found as matches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function, Node
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset(
    "veto vetoes vetos guard guards validator validators approver approvers checker checkers".split()
)
_QUESTIONS: Final = frozenset(
    "can may should is validate approve veto confirm authorize authorise permit allow".split()
)
_KEEPS: Final = frozenset({"push", "append", "add", "set", "extend", "insert"})
_TELLS: Final = frozenset("emit dispatch fire trigger publish notify send broadcast tell post announce".split())
_ANSWERS: Final = r"=>\s*(Promise<\s*)?boolean\b|\]\s*,\s*(Awaitable\[\s*|Coroutine\[.*,\s*)?bool\s*\]"


@module_check("COM056", words=HANDLERS | _ASKS | {"before", "can", "should"})
def answer_ignored(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over handlers that give an answer for whether somebody takes it."""
    if module.is_test:
        return
    seen: set[int] = set()
    for found in invocations(inquiry, module):
        if found.loop is None or id(found.loop) in seen or found.use.how != "dropped":
            continue
        sure = _answers(module, found)
        if not sure and not _asks(found):
            continue
        seen.add(id(found.loop))
        why = "its type says that it answers yes or no" if sure else f"'{_name(found)}' is a question"
        yield Match(
            found.call,
            f"The answer of '{module.text_of(found.call.callee)[:60]}(…)' is dropped, though {why}: a no changes "
            "nothing.",
            confidence=None if sure else Confidence.POSSIBLE,
        )


@module_check("COM056", words=HANDLERS | _ASKS | {"ask", "may", "can"})
def always_allowed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that goes through handlers, drops what they say, and answers yes to whoever asked."""
    if module.is_test:
        return
    seen: set[int] = set()
    for found in invocations(inquiry, module):
        function = function_of(found.call)
        if found.loop is None or function is None or id(function) in seen or not _falls_away(found.call):
            continue
        if set(words(function.name)[:1]) & _TELLS:
            continue  # that it was told is all that it answers
        answers = [strip(one.value) for one in returns_of(function) if one.value is not None]
        if not answers or not all(isinstance(one, Literal) and one.value is True for one in answers):
            continue
        decided = _decided_by(module, function)
        if decided is not None:
            seen.add(id(function))
            yield Match(
                found.call,
                f"The answer of '{module.text_of(found.call.callee)[:60]}(…)' is dropped, and '{function.name}' says "
                "yes whatever it was: a no changes nothing.",
                related=((decided, "decided by it here"),),
            )


def _falls_away(call: Call) -> bool:
    """Tell whether nobody keeps what a call gives, through what waits for it or bounds it: ``await within(5, f())``."""
    node: Node = call
    for around in ancestors(call):
        if isinstance(around, ExprStatement):
            return True
        handed = isinstance(around, Call) and node is not around.callee and around.name not in _KEEPS
        if not handed and not isinstance(around, Await):
            return False
        node = around
    return False


def _decided_by(module: Module, function: Function) -> Expr | None:
    """Return a test of the subject that goes by what a function answers."""
    project = module.project
    others = project.modules(naming={function.name}, tests=False) if project is not None and function.name else ()
    for other in (module, *(one for one in others if one is not module)):
        for test in other.all(If):
            for call in calls_in(test.test):
                if call.name == function.name and definition(other, call.callee) in (function, None):
                    return call
    return None


def _answers(module: Module, found: Invocation) -> bool:
    """Tell whether the declared type of the handlers says that they answer yes or no."""
    for text in declared_types(module, found):
        for part in (text, *(alias_text(module, name) for name in sorted(identifiers(text.encode()))[:12])):
            if part and matches(_ANSWERS, part):
                return True
    return False


def _asks(found: Invocation) -> bool:
    table = found.source.table
    named = set(words(found.source.name)) & _ASKS
    return bool(named and table is not None and isinstance(table.declared, Field | Assign)) or bool(
        set(words(_name(found))[:1]) & _QUESTIONS and found.says_handler
    )


def _name(found: Invocation) -> str:
    function = named_function(found.function)
    return function.name if function is not None else found.source.name
