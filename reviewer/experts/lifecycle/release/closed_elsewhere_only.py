"""LIF004: a plugin closes something when it opens the next one, or on request, and its end leaves the last one open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, Imported, Member, Name, strip
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.holding.acquired import describe
from reviewer.experts.lifecycle.holding.owners import owners

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.lifecycle.holding.owners import Owner

_CLOSES: Final = frozenset("close dispose destroy terminate disconnect unsubscribe kill shutdown aclose".split())


@module_check("LIF004", words=_CLOSES)
def closed_elsewhere_only(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what the owner of a thing closes anywhere for its end."""
    if module.is_test or inquiry.subject.kind != "plugin":
        return
    for owner in owners(inquiry, module):
        told: set[str] = set()
        for close in _closings(owner) if owner.plugin and owner.ends and owner.closed else ():
            held = close.receiver
            name = module.text_of(held).replace("?", "") if held is not None else ""
            if held is None or name in told or _is_released(owner, held) or _is_local(module, held):
                continue
            made = _made(module, owner, held)
            if made is not None:
                told.add(name)
                yield Match(
                    made,
                    f"What '{short(module.text_of(made))}' gives is closed in one place, and the end of "
                    f"{owner.name or 'the plugin'} never looks at '{name}': the last one stays open.",
                    related=((close, "closed here"),),
                )


def _closings(owner: Owner) -> Iterator[Call]:
    for node in owner.nodes:
        yield from (call for call in calls_in(node) if call.name in _CLOSES and not call.args)


def _is_released(owner: Owner, held: Expr) -> bool:
    """Tell whether the end reads what is closed, or it is nothing that outlives the function which closes it."""
    if is_this_member(held):
        return f"this.{held.name}" in owner.released
    return not isinstance(held, Name) or held.id in owner.released


def _is_local(module: Module, held: Expr) -> bool:
    """Tell whether a variable lives no longer than the function that closes what it holds."""
    own = function_of(held)
    if not isinstance(held, Name) or own is None:
        return False
    if isinstance(own.parent, Call) and own.parent.name == "finally":
        return True  # work.finally(() => held.dispose()): it is closed with the work that it was made for
    if module.language != "python":  # without a value it is declared in the text alone: ``let view;``
        said = module.source[own.raw.start_byte : own.raw.end_byte].decode("utf-8", "replace")
        return re.search(rf"\b(?:let|var|const)\b[^;=\n]*(?<![\w$]){re.escape(held.id)}(?![\w$])", said) is not None
    bound = [one for one in module.scopes.lookup(held.id, held) if not isinstance(one, Imported)]
    return not bound or any(function_of(one) is own for one in bound)


def _made(module: Module, owner: Owner, held: Expr) -> Call | None:
    """Return the call that gives a field or a variable what is closed, where nobody else has it."""
    found: Call | None = None
    for use in _uses(owner, held):
        around = use.parent
        if isinstance(around, Call) and use in around.args:
            return None  # somebody else has it, too
        if not isinstance(around, Assign) or around.target is not use or around.value is None:
            continue
        calls = [one for one in find(around.value, Call, into_functions=False) if one.name not in _CLOSES]
        if calls and function_of(around) is not None:
            found = found or calls[0]
    return found if found is None or describe(module, found) is None else None


def _uses(owner: Owner, held: Expr) -> Iterator[Name | Member]:
    held = strip(held)
    for node in owner.nodes:
        if isinstance(held, Member):
            yield from (one for one in find(node, Member) if one.name == held.name and is_this_member(one))
        elif isinstance(held, Name):
            yield from (one for one in find(node, Name) if one.id == held.id)
