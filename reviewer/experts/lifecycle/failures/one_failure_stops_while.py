"""LIF036, of loops that take one after another out of a list: the first that fails ends the loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, guarding_try, in_handler
from reviewer.code.syntax import Assign, Call, For, Index, Name, While, strip
from reviewer.code.walk import ancestors, calls_in, find, inside, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, uses_in
from reviewer.experts.lifecycle.values import root_name

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.lifecycle.hooks.hooks import HookUse

_TAKES: Final = frozenset({"pop", "shift", "popitem", "popleft", "splice"})


@module_check("LIF036", words=HOOK_WORDS)
def one_failure_stops_while(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the end of a plugin that a loop has just taken out of the list that it empties."""
    if module.is_test:
        return
    seen: set[int] = set()
    for use in uses_in(inquiry, module, "stop"):
        loop = enclosing_loop(use.site)
        counted = isinstance(loop, For) and loop.style == "c"
        if loop is None or not (isinstance(loop, While) or counted) or id(loop) in seen:
            continue
        if in_handler(use.site) is not None:
            continue
        guard = guarding_try(use.site)
        if (guard is not None and inside(guard, loop)) or _minded(use) or not _takes_one(loop, use):
            continue
        seen.add(id(loop))
        yield Match(
            use.call,
            f"When '{module.text_of(use.member)}' fails for one plugin the loop ends, and those that are still in the "
            "list are never reached: there is no 'try' around each.",
        )


def _given(made: Assign, root: str) -> list[Index]:
    """Return what is looked up where a variable of this name is given a value."""
    return list(find(made.value, Index)) if made.value is not None and root in names_in(made.target) else []


def _minded(use: HookUse) -> bool:
    """Tell whether an error is caught where it comes out of a promise, or what is called is not waited for."""
    return any(isinstance(around, Call) and around.name in ("catch", "allSettled") for around in ancestors(use.member))


def _takes_one(loop: While | For, use: HookUse) -> bool:
    """Tell whether what is ended was taken out of a list in the same turn of the loop, or is the next one in it."""
    root = root_name(use.receiver)
    if isinstance(loop, For):
        counted = {name for one in loop.header for name in names_in(one)}
        looked_up = [*find(use.receiver, Index), *(i for one in find(loop.body, Assign) for i in _given(one, root))]
        return any(isinstance(key := strip(one.key), Name) and key.id in counted for one in looked_up)
    if any(call.name in _TAKES for call in calls_in(use.receiver)):
        return True
    return any(
        root in names_in(made.target) and any(call.name in _TAKES for call in calls_in(made.value))
        for made in (*find(loop.test, Assign), *find(loop.body, Assign, into_functions=False))
        if made.value is not None
    )
