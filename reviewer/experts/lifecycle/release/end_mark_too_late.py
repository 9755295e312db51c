"""LIF579: a plugin is marked as one that takes no more work only when it has been ended already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, exits
from reviewer.code.syntax import Assign, Await, Call, Function, If, Literal, Member, Name, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, behind, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.assigned import assigns
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, uses_in
from reviewer.experts.lifecycle.values import root_name

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.lifecycle.hooks.hooks import HookUse

_TAKES: Final = frozenset(
    "accepting accepts accept taking takes open opened closing closed stopping stopped draining drained leaving ending "
    "ended retired going refusing refuses available".split()
)
"""Words of a mark by which new work is let in or refused."""
_STANDS: Final = frozenset("running active started enabled alive live ready up on".split())
"""Words of one that says what a plugin is doing."""


@module_check("LIF579", words=HOOK_WORDS)
def end_mark_too_late(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each mark that is set behind the end of a plugin for somebody who lets work in by it."""
    if module.is_test:
        return
    told: set[int] = set()
    for use in uses_in(inquiry, module, "stop"):
        function = use.frame
        if function is None or not any(isinstance(one, Await) for one in ancestors(use.site)):
            continue
        for mark in find(function.body, Assign, into_functions=False):
            said = _mark(mark, use)
            if said is None or id(mark) in told or not behind(mark, use.site) or _is_shut_before(use, function):
                continue
            asked = _asked(module, said, function, holds=assigns(mark, True))
            if asked is not None:
                told.add(id(mark))
                sure = bool(set(words(said)) & _TAKES)
                yield Match(
                    mark,
                    f"'{said}' is set only when the plugin has been ended: what comes in while that is waited for "
                    "finds it as it was before, and runs in a plugin that is being taken down.",
                    fix="Set it before the end is begun.",
                    related=((asked, "work is let in by it here"), (use.call, "the end that is waited for")),
                    confidence=None if sure else Confidence.POSSIBLE,
                )


def _mark(mark: Assign, use: HookUse) -> str | None:
    """Return the name of a mark on the record of the very plugin that is ended."""
    target = strip(mark.target)
    value = strip(mark.value) if mark.value is not None else None
    if not isinstance(target, Member) or not isinstance(value, Literal) or not isinstance(value.value, bool):
        return None
    holder = strip(target.object)
    own = isinstance(holder, Name) and holder.id != "this" and holder.id == root_name(use.receiver)
    return target.name if own and set(words(target.name)) & (_TAKES | _STANDS) else None


def _is_shut_before(use: HookUse, function: Function) -> bool:
    """Tell whether a mark is set, or the plugin taken out of its table, before the end is begun."""
    root = root_name(use.receiver)
    for node in before(use.site):
        if isinstance(node, Assign) and isinstance(node.target, Member) and function_of(node) is function:
            return True
        if isinstance(node, Call) and node.name in ("delete", "pop", "remove", "discard", "clear"):
            return True
    return not root


def _asked(module: Module, name: str, function: Function, *, holds: bool) -> If | None:
    """Return the test of another function that refuses work where the mark is as it is set."""
    for test in module.all(If):
        if function_of(test) is function or not exits(test.body):
            continue
        if any(_refuses(part, name, holds=holds) for part in _parts(test.test)):
            return test
    return None


def _parts(test: Expr) -> Iterator[Expr]:
    test = strip(test)
    left, right = getattr(test, "left", None), getattr(test, "right", None)
    if getattr(test, "op", "") == "or" and left is not None and right is not None:
        yield from _parts(left)
        yield from _parts(right)
    else:
        yield test


def _refuses(part: Expr, name: str, *, holds: bool) -> bool:
    """Tell whether a test holds where the mark has the value: ``!entry.accepting``, ``entry.closing``."""
    denied = isinstance(part, Unary) and part.op == "not"
    inner = strip(part.operand) if isinstance(part, Unary) and denied else part
    return isinstance(inner, Member) and inner.name == name and denied is not holds
