"""LIF161: where the new one fails, the handler takes the old one out as well, which was still at work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Delete, Expr, Function, Index, Member, Name, Node, Try, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.hooks.hooks import hooks_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Handler
    from reviewer.experts.check import Inquiry

_EXCHANGES: Final = frozenset("reload update upgrade swap replace exchange restart refresh renew redeploy".split())
"""First words of a function that puts one in the place of another."""
_TAKES_OUT: Final = frozenset({"pop", "delete", "remove", "discard"})
_READS: Final = frozenset({"get", "at"})


@module_check("LIF161", words=_EXCHANGES)
def old_dropped_on_failure(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the handlers of each exchange for an end of what was in place before."""
    if module.is_test:
        return
    for attempt in module.all(Try):
        function = attempt.function
        if not isinstance(function, Function) or not set(words(function.name)[:1]) & _EXCHANGES:
            continue
        old, table = _in_place(function.body, attempt)
        if old is None or table is None or not _starts_another(module, attempt, old):
            continue
        if _ended_before(module, attempt, old):
            continue
        for handler in attempt.handlers:
            end = _end(module, handler, old, table)
            if end is not None and not _put_in(handler.body, table) and not _put_in(attempt.body, table):
                yield Match(
                    end,
                    f"'{old.id}' was at work until here: when the new one fails nothing is left, though the old one "
                    "could have gone on.",
                    related=((old, "still in place here"),),
                )
                break


def _in_place(body: Sequence[Node], attempt: Try) -> tuple[Name | None, Member | None]:
    """Return the variable with what a table of the object holds before an attempt, and that table."""
    for assign in find(body, Assign, into_functions=False):
        if assign.start >= attempt.start:
            break
        read = strip(assign.value) if assign.value is not None else None
        holder: Expr | None = None
        if isinstance(read, Index):
            holder = strip(read.object)
        elif isinstance(read, Call) and read.name in _READS:
            holder = read.receiver
        if isinstance(assign.target, Name) and isinstance(holder, Member) and is_this_member(holder):
            return assign.target, holder
    return None, None


def _ended_before(module: Module, attempt: Try, old: Name) -> bool:
    """Tell whether the old one was put to rest, or may have been, before the attempt has failed."""
    return any(
        use.kind == "stop" and _about(use.receiver, old) and use.site.start < attempt.stop
        for use in hooks_of(module)
        if use.frame is attempt.function and not any(inside(use.site, handler) for handler in attempt.handlers)
    )


def _starts_another(module: Module, attempt: Try, old: Name) -> bool:
    """Tell whether the attempt starts something that is not the old one."""
    return any(
        use.kind == "start" and not _about(use.receiver, old) and any(inside(use.site, one) for one in attempt.body)
        for use in hooks_of(module)
        if use.frame is attempt.function
    )


def _end(module: Module, handler: Handler, old: Name, table: Member) -> Node | None:
    """Return where a handler ends the old one, or takes it out of the table."""
    for use in hooks_of(module):
        if use.kind == "stop" and _about(use.receiver, old) and inside(use.site, handler):
            return use.site
    for node in walk(handler.body, into_functions=False):
        if isinstance(node, Call) and node.name in _TAKES_OUT and _is(node.receiver, table):
            return node
        if isinstance(node, Delete) and any(isinstance(one, Index) and _is(one.object, table) for one in node.targets):
            return node
        taken = node.operand if isinstance(node, Unary) and node.op == "delete" else None
        if isinstance(taken, Index) and _is(taken.object, table):
            return node
    return None


def _put_in(body: Sequence[Node], table: Member) -> bool:
    """Tell whether statements enter something into a table."""
    for node in walk(body, into_functions=False):
        if isinstance(node, Assign) and isinstance(node.target, Index) and _is(node.target.object, table):
            return True
        if isinstance(node, Call) and node.name in ("set", "setdefault", "update", "add") and _is(node.receiver, table):
            return True
    return False


def _is(holder: Expr | None, table: Member) -> bool:
    held = strip(holder) if holder is not None else None
    return isinstance(held, Member) and is_this_member(held) and held.name == table.name


def _about(receiver: Expr | None, old: Name) -> bool:
    """Tell whether a hook is run of the old one, or of what it holds: ``old``, ``old.instance``."""
    held = strip(receiver) if receiver is not None else None
    while isinstance(held, Member):
        held = strip(held.object)
    return isinstance(held, Name) and held.id == old.id
