"""Two members of one thing that begin and end it, whatever they are called: by both names, or by what they do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.contexts import flat, is_stopper
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Function, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, inside
from reviewer.experts.lifecycle.holding.acquired import describe, waits
from reviewer.experts.lifecycle.hooks.opposites import turns_round

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_ENDS: Final = frozenset(
    "close cancel dispose terminate kill stop disconnect destroy abort end unsubscribe shutdown join unwatch".split()
)
"""What ends a thing that was acquired, by the name of its member."""
_CLEARS: Final = frozenset({"clearInterval", "clearTimeout", "cancelAnimationFrame", "clearImmediate"})
_PARTS: Final = frozenset(
    "pause suspend reset clear refresh restart flush cancel hide retry reload rearm renew reconnect toggle".split()
)
"""First words of members that end a part of a thing, and not the thing."""
_MOST: Final = 60
"""Members of a thing that is looked at: a table of a bundler's modules has thousands."""


class Pair(Struct, frozen=True):
    """A beginning and an end; ``named`` where their names say so, else what one acquires the other ends."""

    begin: Function
    end: Function
    named: bool


def paired(module: Module, members: list[Function]) -> Pair | None:
    """Return the members of a class, a record or a file that begin and end it, or None."""
    own = [one for one in members if not one.signature_only and not one.private and one.kind != "constructor"]
    if len(own) > _MOST or all(one.params for one in own):
        return None
    begins = [one for one in own if one.params and (_acquired(module, one) or _hangs_in(module, one))]
    for begin in begins:
        for end in own:
            if end is not begin and not end.params and turns_round(begin.name, end.name):
                return Pair(begin, end, named=True)
    for begin in begins:
        kept = _acquired(module, begin)
        ends = [one for one in own if one is not begin and not one.params and _ends_any(one, kept)]
        if len(ends) == 1 and _PARTS.isdisjoint(words(ends[0].name)[:1]) and not _is_called(module, own, ends[0]):
            return Pair(begin, ends[0], named=is_stopper(ends[0].name))
    return None


def ends_acquired(module: Module, factory: Function, end: Function) -> bool:
    """Tell whether a function ends what a function of the same factory has put into a variable of it."""
    inner = [one for one in module.functions if one is not end and inside(one, factory)]
    kept: set[str] = set().union(*(_acquired(module, one) for one in (factory, *inner)))
    return bool(kept) and _ends_any(end, kept)


def _acquired(module: Module, begin: Function) -> set[str]:
    """Return the fields and variables into which a member puts what has to be given back."""
    found: set[str] = set()
    for assign in find(begin.body, Assign, into_functions=False):
        value = strip(assign.value) if assign.value is not None else None
        target = strip(assign.target)
        if not isinstance(value, Call) or (describe(module, value) is None and not waits(module, value)):
            continue
        if is_this_member(target):
            found.add(f"this.{target.name}")
        elif isinstance(target, Name) and not _is_local(module, begin, target.id):
            found.add(target.id)
    return found


def _is_local(module: Module, begin: Function, name: str) -> bool:
    bound = module.scopes.table(begin).get(name, ())
    if module.language == "python":
        said = re.search(rf"\b(?:global|nonlocal)\b[^\n]*\b{re.escape(name)}\b", module.text_of(begin))
        return bool(bound) and said is None
    return any(isinstance(one, Assign) and one.declare for one in bound)


def _hangs_in(module: Module, begin: Function) -> bool:
    """Tell whether a member hands a function of its own to something that it was handed: ``desk.on("go", run)``."""
    given = {param.name for param in begin.params} - {""}
    for call in calls_in(begin.body, into_functions=False):
        holder = strip(call.receiver) if call.receiver is not None else None
        while isinstance(holder, Member) and not is_this_member(holder):
            holder = strip(holder.object)
        if isinstance(holder, Name) and holder.id in given and any(_is_function(module, arg) for arg in call.args):
            return True
    return False


def _is_function(module: Module, arg: Expr) -> bool:
    return isinstance(strip(arg), Function) or isinstance(definition(module, arg), Function)


def _ends_any(end: Function, kept: set[str]) -> bool:
    """Tell whether a member ends something that was acquired under one of these names, and acquires nothing anew."""
    for call in calls_in(end.body):
        if call.name in _CLEARS and any(_spelled(arg) in kept for arg in call.args):
            return True
        if _spelled(call.callee) in kept and not call.args:
            return True  # this.off()
        if call.name in _ENDS and call.receiver is not None and _spelled(call.receiver) in kept:
            return True
    return False


def _spelled(expr: Expr) -> str:
    expr = strip(expr)
    if is_this_member(expr):
        return f"this.{expr.name}"
    return expr.id if isinstance(expr, Name) else ""


def _is_called(module: Module, members: list[Function], end: Function) -> bool:
    """Tell whether another member of the same thing calls the end: then it ends a part, or begins again."""
    return any(
        flat(call.name) == flat(end.name) and definition(module, call.callee) is end
        for one in members
        if one is not end
        for call in calls_in(one.body)
    )
