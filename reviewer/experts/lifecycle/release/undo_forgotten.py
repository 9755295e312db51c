"""LIF046: of several subscriptions that a function makes, one is not put on the list of what is to be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, strip
from reviewer.code.walk import calls_in, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.holding.undo_lists import is_undo
from reviewer.experts.lifecycle.values import last_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_KEEPS: Final = frozenset({"push", "append", "add", "unshift", "callback", "defer", "use"})


@module_check("LIF046", words=_KEEPS)
def undo_forgotten(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what each function keeps of one call, spelled alike, with what it drops of another."""
    if module.is_test:
        return
    for keep in module.calls(_KEEPS):
        function, kept = function_of(keep), strip(keep.args[0]) if len(keep.args) == 1 else None
        on = keep.receiver
        if function is None or not isinstance(kept, Call) or on is None or not is_undo(module, last_word(on)):
            continue
        dropped = _dropped(module, function, kept)
        if dropped is not None and not module.resolve(kept.callee).startswith("context."):
            yield Match(
                dropped,
                f"'{short(module.text_of(kept.callee))}' gives what ends a subscription: the other one of "
                f"'{function.name}' is put into '{short(module.text_of(on))}', this one is dropped and goes on after "
                "the end.",
                related=((keep, "kept here"),),
            )


def _dropped(module: Module, function: Function, kept: Call) -> Call | None:
    """Return a call of the same member of the same thing, with a function as well, whose answer nobody takes."""
    spelled = module.text_of(kept.callee)
    if kept.receiver is None or not _hands_function(module, kept):
        return None
    return next(
        (
            call
            for call in calls_in(function.body, into_functions=False)
            if call is not kept
            and call.name == kept.name
            and module.text_of(call.callee) == spelled
            and use_of(call).how == "dropped"
            and _hands_function(module, call)
        ),
        None,
    )


def _hands_function(module: Module, call: Call) -> bool:
    return any(isinstance(definition(module, given), Function) for given in call.args)
