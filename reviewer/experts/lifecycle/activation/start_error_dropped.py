"""LIF021: what a start raises is caught and dropped without a word, and nobody can learn why a plugin is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Delete,
    Function,
    If,
    Literal,
    Name,
    Return,
    Throw,
    Try,
    With,
    Yield,
    strip,
)
from reviewer.code.walk import ancestors, behind, find, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.activation.activation_error_swallowed import suppresses
from reviewer.experts.lifecycle.activation.start_errors_collected import lets_out
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hooks_of
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Handler, Node

_ANY: Final = frozenset({"Exception", "BaseException", "Error"})
_DEEPEST: Final = 3


@module_check("LIF021", words=HOOK_WORDS)
def start_error_dropped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at an empty clause around the start of one plugin, in the hook's own function or where that is called."""
    if module.is_test:
        return
    said: set[int] = set()
    for call in _starts(module):
        drop = _dropped(module, call)
        if drop is not None and id(drop) not in said:
            said.add(id(drop))
            yield Match(
                drop,
                f"What '{short(module.text_of(call.callee))}' raises ends here without a word: the plugin is not "
                "there, and nobody learns that, or why.",
                related=((call, "started here"),),
            )


def _starts(module: Module) -> list[Call]:
    """Return the calls by which plugins start: of hooks, and of functions that let out what those raise."""
    uses = [use for use in hooks_of(module) if use.kind == "start"]
    found = [use.site for use in uses]
    if uses:
        for call in module.all(Call):
            target = definition(module, call.callee) if call.args else None
            if isinstance(target, Function) and target.module is module and lets_out(target, _DEEPEST):
                found.append(call)
    return found


def _dropped(module: Module, call: Call) -> Node | None:
    """Return what catches the error of a call and does nothing at all about it."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Call) and around.name == "catch" and around.args and use_of(around).how == "dropped":
            return around if _does_nothing(around.args[0]) else None
        if isinstance(around, Call) and around.name == "then" and len(around.args) > 1 and around.callee is inner:
            return around if use_of(around).how == "dropped" and _does_nothing(around.args[1]) else None
        if isinstance(around, Try) and any(inner is one for one in around.body):
            first = next((one for one in around.handlers if _catches_any(module, one)), None)
            if first is None or len(around.handlers) > 1:
                return None
            return first if not any(map(_is_act, walk(first.body))) and not _asked_later(around) else None
        if isinstance(around, With):
            for value, _target in around.items:
                if suppresses(value) and isinstance(value, Call) and any(last_name(one) in _ANY for one in value.args):
                    return value if not _asked_later(around) else None
        if isinstance(around, Function):
            return None
        inner = around
    return None


def _does_nothing(callback: Expr) -> bool:
    """Tell whether a callback of ``catch`` is empty, or only gives nothing back."""
    step = strip(callback)
    if isinstance(step, Name):
        return step.id in ("noop", "ignore")
    return isinstance(step, Function) and not any(map(_is_act, walk(step.body)))


def _catches_any(module: Module, handler: Handler) -> bool:
    return module.language != "python" or not handler.types or any(last_name(one) in _ANY for one in handler.types)


def _is_act(node: Node) -> bool:
    """Tell whether a node of a clause does something about an error, or tells somebody."""
    if isinstance(node, Return):
        return node.value is not None and not _is_nothing(node.value)
    return isinstance(node, Call | Assign | Throw | Delete | Await | Yield)


def _is_nothing(value: Expr) -> bool:
    value = strip(value)
    return (isinstance(value, Literal) and value.value is None) or (isinstance(value, Name) and value.id == "undefined")


def _asked_later(attempt: Node) -> bool:
    """Tell whether the function asks something behind an attempt: it may see by that whether the start succeeded."""
    function = function_of(attempt)
    return function is not None and any(
        behind(test, attempt) or (isinstance(attempt, Try) and any(test is one for one in attempt.final))
        for test in find(function.body, If, into_functions=False)
    )
