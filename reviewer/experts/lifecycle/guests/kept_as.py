"""What goes by the name of something that a host keeps: an entry of a table, a part of one, a field, a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Function, Index, Member, Name, Object, Param, strip
from reviewer.code.tables import tables
from reviewer.experts.lifecycle.bringing.dependencies import callers
from reviewer.experts.lifecycle.values import last_word

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr


def is_kept_as(module: Module, receiver: Expr, noun: str) -> bool:
    """Tell whether something is taken out of what is given that which goes by a noun: ``old = voices[name]``.

    That is a table, directly or by a variable, or a field: ``this.voice``.
    """
    receiver = strip(receiver)
    made = module.scopes.origin(receiver) if isinstance(receiver, Name) else receiver
    if isinstance(made, Member) and not is_this_member(made) and _is_kept_part(module, made, noun):
        return True
    if is_this_member(receiver) or (isinstance(made, Member) and is_this_member(made)):
        field = receiver.name if isinstance(receiver, Member) else made.name if isinstance(made, Member) else ""
        return (field, noun) in _fields_given(module)
    holder = made.object if isinstance(made, Index) else made.receiver if isinstance(made, Call) else None
    if holder is None or (isinstance(made, Call) and made.name not in ("get", "pop")):
        return False
    return any(
        _goes_by(module, strip(access.value), noun)
        for table in tables(module)
        if table.name == last_word(holder)
        for access in table.of("write")
        if access.value is not None
    )


def _is_kept_part(module: Module, part: Member, noun: str) -> bool:
    """Tell whether something is the part of an entry that holds what goes by a noun: ``{ rider: old } = riders[name]``.

    Likewise a member that is given that somewhere: ``cast.program`` of ``cast.program = fresh``.
    """
    if any(
        isinstance(one.target, Member)
        and one.target.name == part.name
        and isinstance(value := strip(one.value) if one.value is not None else None, Name)
        and value.id == noun
        for one in module.all(Assign)
    ):
        return True
    entry = module.scopes.origin(part.object)
    holder = entry.object if isinstance(entry, Index) else entry.receiver if isinstance(entry, Call) else None
    return holder is not None and any(
        isinstance(record := module.scopes.origin(access.value), Object)
        and isinstance(held := record.get(part.name), Name)
        and held.id == noun
        for table in tables(module)
        if table.name == last_word(holder)
        for access in table.of("write")
        if access.value is not None
    )


def is_part_of_entry(module: Module, receiver: Expr) -> bool:
    """Tell whether something is the part of an entry that was put there under this name: ``slots.get(id).pump``."""
    made = module.scopes.origin(receiver) if isinstance(strip(receiver), Name) else strip(receiver)
    if not isinstance(made, Member) or is_this_member(made):
        return False
    entry = module.scopes.origin(made.object)
    holder = entry.object if isinstance(entry, Index) else entry.receiver if isinstance(entry, Call) else None
    return holder is not None and any(
        isinstance(record := strip(access.value), Object)
        and isinstance(part := record.get(made.name), Name)
        and part.id == last_word(receiver)
        for table in tables(module)
        if table.name == last_word(holder)
        for access in table.of("write")
        if access.value is not None
    )


def is_given_on(module: Module, receiver: Expr) -> bool:
    """Tell whether a helper was handed something under the name that its caller has for it: ``end(key, stage)``."""
    receiver = strip(receiver)
    held = module.scopes.origin(receiver) if isinstance(receiver, Name) else None
    helper = held.parent if isinstance(held, Param) else None
    if not isinstance(helper, Function) or not isinstance(receiver, Name) or not helper.name:
        return False
    return any(
        isinstance(given := strip(arg), Name) and given.id == receiver.id
        for call in callers(helper)
        for arg in call.args
    )


def _goes_by(module: Module, value: Expr, noun: str) -> bool:
    """Tell whether a value is a variable of this name, or what a function answers that calls it so."""
    if isinstance(value, Name):
        return value.id == noun
    made = definition(module, value.callee) if isinstance(value, Call) else None
    return isinstance(made, Function) and any(
        isinstance(one.value, Name) and one.value.id == noun for one in returns_of(made)
    )


def _fields_given(module: Module) -> frozenset[tuple[str, str]]:
    """Return the fields of ``this`` with the variables that they are given; worked out once."""
    return module.once(
        "lifecycle.fields_given",
        lambda: frozenset(
            (one.target.name, one.value.id)
            for one in module.all(Assign)
            if isinstance(one.value, Name) and is_this_member(one.target)
        ),
    )
