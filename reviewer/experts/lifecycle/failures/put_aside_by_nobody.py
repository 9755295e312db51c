"""LIF042: what fails is begun anew for ever, although a mark for those that are put aside is asked and never set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Class, Jump, Literal, Member, Name, Object, Return, While, strip
from reviewer.code.walk import calls_in, find, function_of, inside, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.failures.restart_without_limit import goes_round
from reviewer.experts.lifecycle.hooks.doors import passages, steps, ways
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Field

_PAUSES: Final = frozenset({"sleep", "setTimeout", "delay", "wait", "call_later"})


@module_check("LIF042", words=HOOK_WORDS | {"subprocess", "popen", "spawn", "fork", "worker"})
def put_aside_by_nobody(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at an endless loop of starts where a class of the file has a mark that nothing ever makes true."""
    if module.is_test:
        return
    for loop in module.all(While):
        function = function_of(loop)
        if function is None or not goes_round(loop.test) or "start" not in ways(module, function) or _leaves(loop):
            continue
        if not any(inside(call, loop) for call in passages(function)) and not steps(function):
            continue
        mark = next((field for cls in module.classes for field in _marks(inquiry, module, cls)), None)
        if mark is not None:
            pauses = [call for call in calls_in(loop.body) if call.name in _PAUSES]
            yield Match(
                pauses[-1] if pauses else loop,
                f"The loop begins it anew for ever: '{mark.name}' is asked of those that are put aside, and nothing "
                "ever sets it, however often one has failed.",
                related=((mark, "never set"),),
            )


def _leaves(loop: While) -> bool:
    return any(
        isinstance(node, Return) or (isinstance(node, Jump) and node.kind == "break")
        for node in walk(loop.body, into_functions=False)
    )


def _marks(inquiry: Inquiry, module: Module, cls: Class) -> Iterator[Field]:
    """Yield the fields of a class that begin as false, are asked somewhere, and are never made true."""
    for field in cls.fields:
        begun = strip(field.value) if field.value is not None else None
        if not isinstance(begun, Literal) or begun.value is not False or not _asked(module, field.name):
            continue
        if not any(_is_set(other, field.name) for other in inquiry.project.modules(naming={field.name}, tests=False)):
            yield field


def _asked(module: Module, name: str) -> bool:
    return any(
        member.name == name and not (isinstance(member.parent, Assign) and member.parent.target is member)
        for member in module.all(Member)
    )


def _is_set(module: Module, name: str) -> bool:
    """Tell whether a file gives a member of this name any value but false, or may do so by its name."""
    for assign in module.all(Assign):
        value = strip(assign.value) if assign.value is not None else None
        false = isinstance(value, Literal) and value.value is False
        if isinstance(assign.target, Member | Name) and not false:
            target = assign.target.name if isinstance(assign.target, Member) else assign.target.id
            if target == name:
                return True
    if any(name in call.keywords for call in module.all(Call)):
        return True
    keys = (key for record in module.all(Object) for key, _value in record.entries)
    return any(isinstance(key, Literal) and key.value == name for key in keys) or any(
        literal.value == name for literal in find(module.body, Literal)
    )
