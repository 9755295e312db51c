"""LIF161: the way back after a failed exchange leads to what was put to rest, or to another of what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Handler, Index, Member, Name, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hooks_of, runs_hook
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_PUTS_BACK: Final = word_set(
    "exchange swap set put restore replace assign install register attach adopt reinstate revert reset insert add keep"
)


@module_check("LIF161", words=HOOK_WORDS)
def rollback_to_the_stopped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each handler puts back, or makes anew."""
    if module.is_test:
        return
    for attempt in module.all(Try):
        for handler in attempt.handlers:
            for place, name in _put_back(handler):
                if _was_stopped(module, attempt, name) and not _woken_again(inquiry, module, handler, name):
                    yield Match(
                        place,
                        f"'{name.id}' was put to rest before the attempt, and is put back here without being started "
                        "again: what is in place after a failure does nothing any more.",
                    )
                    break
            again = _made_again(module, attempt, handler)
            if again is not None:
                yield Match(
                    again,
                    f"'{module.text_of(again)}' makes another one of what has just failed: what was in place before "
                    "is not what comes back.",
                )


def _put_back(handler: Handler) -> Iterator[tuple[Node, Name]]:
    """Yield what a handler writes from a variable into a field, a table or another owner."""
    for assign in find(handler.body, Assign, into_functions=False):
        value = strip(assign.value) if assign.value is not None else None
        if isinstance(value, Name) and isinstance(strip(assign.target), Member | Index):
            yield assign, value
    for call in calls_in(handler.body, into_functions=False):
        if not _PUTS_BACK.isdisjoint(words(call.name)[:1]):
            yield from ((call, value) for arg in call.args if isinstance(value := strip(arg), Name))


def _was_stopped(module: Module, attempt: Try, name: Name) -> bool:
    """Tell whether the end of what a variable holds was run before, in the same function."""
    return any(
        use.kind == "stop"
        and _is(use.receiver, name)
        and use.site.start < attempt.start
        and use.frame is attempt.function
        for use in hooks_of(module)
    )


def _woken_again(inquiry: Inquiry, module: Module, handler: Handler, name: Name) -> bool:
    """Tell whether the handler starts what it puts back, itself or by a function that does so."""
    if any(
        use.kind == "start" and _is(use.receiver, name) and handler.start <= use.site.start < handler.stop
        for use in hooks_of(module)
    ):
        return True
    return any(
        runs_hook(inquiry, module, call, "start") and any(_is(arg, name) for arg in call.args)
        for call in calls_in(handler.body)
    )


def _is(expr: Expr, name: Name) -> bool:
    expr = strip(expr)
    return isinstance(expr, Name) and expr.id == name.id


def _made_again(module: Module, attempt: Try, handler: Handler) -> Call | None:
    """Return the making of an instance in a handler that is the attempt's own, handed on as something else."""
    tried = {
        module.text_of(call.callee): [module.text_of(arg) for arg in call.args]
        for call in calls_in(attempt.body, into_functions=False)
        if any(_makes(arg) for arg in call.args)
    }
    for call in calls_in(handler.body, into_functions=False):
        before = tried.get(module.text_of(call.callee))
        given = [module.text_of(arg) for arg in call.args]
        made = next((one for arg in call.args if isinstance(one := strip(arg), Call) and _makes(one)), None)
        if before is not None and made is not None and given != before and module.text_of(made) in before:
            return made
    return None


def _makes(arg: Expr) -> bool:
    made = strip(arg)
    return isinstance(made, Call) and made.new and isinstance(made.callee, Name)
