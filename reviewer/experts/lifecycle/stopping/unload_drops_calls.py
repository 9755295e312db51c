"""LIF051: a plugin is unloaded while calls to it are known to be under way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Expr,
    For,
    Function,
    Index,
    Member,
    Name,
    Node,
    Object,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost, with_helpers
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hook_uses
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import stops

if TYPE_CHECKING:
    from reviewer.code.module import Module

_UNDER_WAY: Final = frozenset("calls pending inflight flight jobs tasks requests outstanding ongoing".split())
"""Words of a table that holds what is being done."""
_PUTS: Final = frozenset({"add", "push", "append", "set"})
_DROPS: Final = frozenset({"clear", "delete", "pop"})
_TAKES: Final = frozenset({"delete", "discard", "remove"})
_AT_END: Final = frozenset({"finally", "add_done_callback"})
_SETTLES: Final = frozenset({"finally", "callback"})
_WAITS: Final = frozenset(
    "all allSettled gather wait wait_for race cancel abort drain settle settled join quiesce idle result".split()
)
_TELLS: Final = frozenset({"reject", "set_exception"})
"""What tells those who wait that no answer will come."""


@module_check("LIF051", words=HOOK_WORDS)
def unload_drops_calls(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where the function that ends a plugin empties the table of calls under way, and waits for none of them."""
    if module.is_test or (_UNDER_WAY | _SETTLES).isdisjoint(module.words):
        return
    held = {name for call in module.calls(_PUTS) if (name := _holds_work(module, call))}
    held |= {name for node in module.all(Assign) if (name := _stores_work(module, node))}
    if not held:
        return
    ends = [f for use in hook_uses(inquiry, module) if use.kind == "stop" for f in [outermost(use.site)] if f]
    ends += [f for f in module.functions if f.owner is not None and f.params and stops(f.name)]
    for end in dict.fromkeys(ends):
        for call in calls_in(end.body):
            name = last_word(call.receiver) if call.name in _DROPS and call.receiver is not None else ""
            if name in held and use_of(call).how == "dropped" and not _waited_for(end, name):
                yield Match(
                    call,
                    f"'{end.name}' forgets what is under way in '{name}' and waits for none of it: calls go on in a "
                    "plugin that has ended, and their callers get an answer from nowhere, or none.",
                )
                break


def _holds_work(module: Module, call: Call) -> str:
    """Return the table that something which is being done is put into, or an empty string."""
    holder = strip(call.receiver) if call.receiver is not None else None
    if isinstance(holder, Name):  # const open = this.calls.get(id) ?? new Set()
        origin = module.scopes.origin(holder)
        origin = strip(origin) if isinstance(origin, Expr) else origin
        holder = strip(origin.left) if isinstance(origin, Binary) else origin if isinstance(origin, Call) else holder
    while isinstance(holder, Call) and holder.name in ("get", "setdefault") and holder.receiver is not None:
        holder = strip(holder.receiver)
    name = last_word(holder) if holder is not None else ""
    if not call.args or (_UNDER_WAY.isdisjoint(words(name)) and not _leaves_when_done(module, call)):
        return ""
    return name if _is_work(module, call.args[-1]) else ""


def _leaves_when_done(module: Module, put: Call) -> bool:
    """Tell whether what is put somewhere is taken out again when it has come to its end: ``job.finally(…)``."""
    work, function = strip(put.args[-1]), function_of(put)
    if not isinstance(work, Name) or put.receiver is None or function is None:
        return False
    held = _base(module, put.receiver)
    for call in calls_in(function.body):
        of = strip(call.receiver) if call.receiver is not None else None
        if call.name in _AT_END and isinstance(of, Name) and of.id == work.id:
            for member in find(call.args, Member):
                if member.name in _TAKES and _base(module, member.object) == held:
                    return True
    return False


def _base(module: Module, place: Expr) -> str:
    """Return the text of what holds the collections of which one is meant: ``this.jobs`` of ``this.jobs[id]``."""
    place = strip(place)
    while isinstance(place, Index) or (isinstance(place, Call) and place.name in ("get", "setdefault")):
        inner = place.object if isinstance(place, Index) else place.receiver
        if inner is None:
            break
        place = strip(inner)
    return module.text_of(place)


def _stores_work(module: Module, node: Assign) -> str:
    target = strip(node.target)
    name = last_word(target) if isinstance(target, Index) else ""
    if node.value is None or _UNDER_WAY.isdisjoint(words(name)):
        return ""
    return name if _is_work(module, node.value) else ""


def _is_work(module: Module, value: Expr) -> bool:
    value = strip(value)
    if isinstance(value, Object):
        return {"resolve", "reject"} <= set(value.keys)  # somebody waits for this one
    origin = module.scopes.origin(value) if isinstance(value, Name) else value
    if not isinstance(origin, Call) or origin.name in ("setTimeout", "setInterval"):
        return False
    return origin.name in ("create_task", "ensure_future", "submit") or (
        not origin.new and last_word(origin) not in ("Set", "set", "Map", "dict", "list") and _asynchronous(origin)
    )


def _asynchronous(call: Call) -> bool:
    """Tell whether a call stands unawaited in a function that waits for such things, or gives it back."""
    function = function_of(call)
    return function is not None and not isinstance(call.parent, Await) and call.name not in ("now", "time", "get")


def _waited_for(end: Function, table: str) -> bool:
    """Tell whether an end waits for, or cancels, anything that it has from the table."""
    for function in with_helpers(end, 1):
        names = _drawn(function, table)
        for node in walk(function.body):
            if isinstance(node, Await) and _speaks(node, {table}) and not isinstance(node.value, Name):
                return True
            if isinstance(node, Call) and node.name in _WAITS | _TELLS and _speaks(node, names):
                return True
    return False


def _drawn(function: Function, name: str) -> set[str]:
    """Return a table's name and the variables of a function that are drawn from it."""
    names = {name}
    for _ in range(2):
        for node in walk(function.body):
            if isinstance(node, Assign) and node.value is not None and _speaks(node.value, names):
                names.update(n.id for n in walk(node.target) if isinstance(n, Name) and n.id != "this")
            elif isinstance(node, For) and node.iterable is not None and _speaks(node.iterable, names):
                names.update(n.id for n in walk(node.target or ()) if isinstance(n, Name))
    return names


def _speaks(node: Node, names: set[str]) -> bool:
    return any(last_word(part) in names for part in walk(node) if isinstance(part, Name | Member))
