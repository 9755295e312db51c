"""LIF011, in a host: the plugin that a field holds is replaced by another, and goes on without anybody to end it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.contexts import is_starter
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Function, Member, Name, strip
from reviewer.code.walk import class_of, find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost, with_helpers
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, HookUse, hook_uses
from reviewer.experts.lifecycle.values import root_name

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("LIF011", words=HOOK_WORDS)
def instance_overwritten(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where what was handed in and started is put into a field whose plugin is ended elsewhere, unseen."""
    if module.is_test:
        return
    uses = hook_uses(inquiry, module)
    ended = {root_name(use.receiver): use for use in uses if use.kind == "stop"}
    for use in uses:
        function = outermost(use.site) if use.kind == "start" else None
        kept = _kept(use, function) if function is not None else None
        if kept is None or function is None or not isinstance(kept.target, Member):
            continue
        end = ended.get(f"this.{kept.target.name}")
        if end is not None and class_of(end.site) is class_of(kept) and not _seen(function, kept):
            yield Match(
                kept,
                f"'{module.text_of(kept.target)}' may hold a plugin that runs: '{function.name}' puts another in its "
                "place without ending it, and nobody can reach it any more.",
                related=((end.site, "only the last one is ended here"),),
            )


def _kept(use: HookUse, function: Function) -> Assign | None:
    """Return where a function that is called for each plugin keeps the one that it is given and starts."""
    given = strip(use.receiver)
    if not isinstance(given, Name) or is_starter(function.name) or function.kind == "constructor":
        return None
    if function.name == "__init__" or given.id not in {param.name for param in function.params}:
        return None
    for assign in find(function.body, Assign):
        value = strip(assign.value) if assign.value is not None else None
        if is_this_member(assign.target) and isinstance(value, Name) and value.id == given.id:
            return assign
    return None


def _seen(function: Function, kept: Assign) -> bool:
    """Tell whether the function, or a helper of it, looks at what the field holds."""
    return isinstance(kept.target, Member) and any(
        member.name == kept.target.name and is_this_member(member) and member is not kept.target
        for reached in with_helpers(function, 1)
        for member in find(reached.body, Member)
    )
