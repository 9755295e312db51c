"""COM100: the handler of a command is called a second time where the first call came too late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import Call, Expr, Handler, If, Index, Name, Node, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, behind, calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RUNS: Final = frozenset("run execute invoke handle handler perform call dispatch act apply".split())
_KEYS: Final = frozenset(
    "idempotency idempotent dedupe dedup deduplication nonce uuid uuid4 ulid nanoid repeat repeats repeatable "
    "retryable retriable twice safe pure readonly effects".split()
)
"""Words of code that asks whether a command may run twice, or lets it know."""
_LATE: Final = frozenset("timeout timedout deadline late slow overdue elapsed expired".split())
_ANY: Final = frozenset({"Exception", "BaseException"})


@module_check("COM100", words=_RUNS)
def called_once_more(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each handler of errors for the very call that its ``try`` has made already."""
    if module.is_test:
        return
    for tried in module.all(Try):
        made = {module.text_of(call): call for call in calls_in(tried.body) if _runs_command(module, call)}
        for handler in tried.handlers if made else ():
            again = next((call for call in _what_follows(tried, handler) if module.text_of(call) in made), None)
            if again is None or not _comes_when_late(module, handler) or _asks_first(tried, again):
                continue
            yield Match(
                again,
                f"'{short(module.text_of(again))}' runs again after a call that only came too late, and may have done "
                "its work: what it does is done twice, and nothing lets it know.",
                related=((made[module.text_of(again)], "run here first"),),
            )


def _what_follows(tried: Try, handler: Handler) -> Iterator[Call]:
    """Yield the calls of a handler, and those behind it where only a failure comes that far."""
    yield from calls_in(handler.body)
    if exits(tried.body) and not exits(handler.body):
        yield from (call for part in siblings(tried) if behind(part, tried) for call in calls_in(part))


def _runs_command(module: Module, call: Call) -> bool:
    """Tell whether a call runs what a table holds under a name: ``commands.get(verb).run(args)``."""
    if not call.args:
        return False
    callee: Expr = strip(call.callee)
    if call.receiver is not None and set(words(call.name)) & _RUNS:
        callee = strip(call.receiver)
    made = module.scopes.origin(callee) if isinstance(callee, Name) else callee
    made = strip(made) if isinstance(made, Expr) else made
    if isinstance(made, Call):
        return made.name in ("get", "find", "lookup", "resolve") and bool(made.args)
    return isinstance(made, Index)


def _comes_when_late(module: Module, handler: Handler) -> bool:
    """Tell whether a handler is entered after a deadline: it names one, or takes whatever comes."""
    kinds = [set(words(module.text_of(kind))) for kind in handler.types]
    if any(kind & _LATE for kind in kinds):
        return True
    if kinds and not any(getattr(kind, "id", "") in _ANY for kind in handler.types):
        return False
    asked = [test.test for test in find(handler.body, If, into_functions=False) if handler.name in _names(test.test)]
    return not asked or any(_said(module, test) & _LATE for test in asked)


def _names(node: Node) -> set[str]:
    return {name.id for name in find(node, Name)}


def _said(module: Module, node: Node) -> set[str]:
    return set(words(module.text_of(node)))


def _asks_first(tried: Try, again: Call) -> bool:
    """Tell whether the second call stands behind a question of whether the command may run twice."""
    function = function_of(tried)
    asked = {word for around in ancestors(again) if isinstance(around, If) for word in said_in(around.test)}
    asked |= {word for one in find(tried.handlers, If, into_functions=False) for word in said_in(one.test)}
    named = {word for param in function.params for word in words(param.name)} if function is not None else set()
    return bool((asked | named | path_words(again.callee)) & _KEYS)
