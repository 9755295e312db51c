"""LIF184: a plugin gives back the stack of its ends when all went well, and nobody has it when something failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, returns_of
from reviewer.code.syntax import Assign, Call, Function, Name, Try, With, strip
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.activation.stack_dropped import is_called_on
from reviewer.experts.lifecycle.holding.stacks import STACKS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_FILLS: Final = frozenset(
    "enter_context enter_async_context callback push push_async_callback push_async_exit use adopt defer".split()
)
_CLOSES: Final = frozenset({"close", "aclose", "dispose", "disposeAsync"})


@module_check("LIF184", words={"stack"})
def stack_left_by_start(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each stack of ends that a plugin gives back when all went well, for who closes it when it did not."""
    if module.is_test or inquiry.subject.kind != "plugin":
        return
    for call in module.calls(STACKS):
        made = call.parent
        if not isinstance(made, Assign) or not isinstance(made.target, Name) or "using" in made.declare:
            continue
        name, function = made.target.id, function_of(made)
        if function is None or not function.params or not _given_back(module, function, name):
            continue
        fills = [
            one
            for one in calls_in(function.body, into_functions=False)
            if one.name in _FILLS and is_called_on(one, name)
        ]
        risky = next(
            (
                one
                for one in fills
                if _registers(module, one) and (one is not fills[0] or enclosing_loop(one) is not None)
            ),
            None,
        )
        if risky is not None and not _closed(function, name):
            yield Match(
                risky,
                f"When this fails, '{name}' is given to nobody, with all that was put on it: what was registered "
                "before stays registered for a plugin that never started.",
                fix="Close the stack where the start fails, and throw on.",
            )


def _registers(module: Module, fill: Call) -> bool:
    """Tell whether what is put on a stack is made by a call of the host, which may refuse it."""
    made = [strip(arg) for arg in fill.args]
    return any(isinstance(one, Call) and module.resolve(one.callee).startswith("context.") for one in made)


def _given_back(module: Module, function: Function, name: str) -> bool:
    """Tell whether a function answers with the end of a stack, or with the stack."""
    answers = (module.text_of(one.value) for one in returns_of(function) if one.value is not None)
    return any(text == name or text.startswith(f"{name}.") for text in answers)


def _closed(function: Function, name: str) -> bool:
    """Tell whether a clause of the function closes a stack, or the function stands in a block of it."""
    for guard in find(function.body, Try):
        failed = [*guard.final, *(one for handler in guard.handlers for one in handler.body)]
        if any(call.name in _CLOSES and is_called_on(call, name) for call in calls_in(failed)):
            return True
    blocks = (value for block in find(function.body, With) for value, _target in block.items)
    return any(isinstance(one, Name) and one.id == name for one in blocks)
