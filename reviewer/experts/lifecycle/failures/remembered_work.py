"""Helpers that run the work they are handed once for each key: whether what they remember is a promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Await, Call, Field, Function, Member, Name, Param, strip
from reviewer.code.walk import inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr


def remembers_promise(module: Module, call: Call) -> bool:
    """Tell whether a call of work that was handed in gives a promise, by the work or by how its answers are used."""
    called = strip(call.callee)
    bound = module.scopes.lookup(called.id, called) if isinstance(called, Name) else []
    work = bound[0] if len(bound) == 1 else None
    helper = work.parent if isinstance(work, Param) else None
    if not isinstance(work, Param) or not isinstance(helper, Function) or not helper.name or not inside(call, helper):
        return False
    position = helper.params.index(work)
    for other, user in _users(module, helper):
        given = user.arg(position, work.name)
        made = strip(given) if given is not None else None
        known = made if isinstance(made, Function) else definition(other, made) if made is not None else None
        if (isinstance(known, Function) and known.asynchronous) or _is_awaited(other, user):
            return True
    return False


def _users(module: Module, helper: Function) -> Iterator[tuple[Module, Call]]:
    others = () if module.project is None else module.project.modules(naming={helper.name}, tests=False)
    for other in (module, *(one for one in others if one is not module)):
        for user in other.calls((helper.name,)):
            if definition(other, user.callee) is helper:
                yield other, user


def _is_awaited(module: Module, user: Call) -> bool:
    """Tell whether somebody waits for what the remembering function answers: ``await this.fetch(address)``."""
    name = _kept_as(user)
    others = () if module.project is None or not name else module.project.modules(naming={name}, tests=False)
    return any(isinstance(asked.parent, Await) for other in (module, *others) for asked in other.calls((name,)))


def _kept_as(user: Call) -> str:
    """Return the name or the member that a remembering function is kept under."""
    around = user.parent
    target: Expr | None = around.target if isinstance(around, Assign) and around.value is user else None
    if isinstance(around, Field):
        return around.name
    return target.name if isinstance(target, Member) else target.id if isinstance(target, Name) else ""
