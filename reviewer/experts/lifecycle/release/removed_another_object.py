"""LIF006: what is taken out of a list is not what was put in: a record of it was, and the removal finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Expr,
    Function,
    Index,
    Member,
    Name,
    Object,
    Param,
    strip,
)
from reviewer.code.walk import class_of, find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from reviewer.code.module import Module

_PUTS: Final = frozenset({"append", "add", "push", "insert", "appendleft"})
_TAKES: Final = frozenset({"remove", "discard", "delete", "indexOf", "index"})


@module_check("LIF006", words={"remove", "discard", "delete", "index"})
def removed_another_object(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what is taken out of each list with everything that is put into it."""
    if module.is_test:
        return
    for call in module.calls(_TAKES):
        taken = strip(call.args[0]) if len(call.args) == 1 else None
        if not isinstance(taken, Name) or call.receiver is None or not _is_given(module, taken):
            continue
        put = [one for one in module.calls(_PUTS) if _same_list(module, call, one)]
        if put and all(_wraps(module, one, taken) for one in put):
            yield Match(
                call,
                f"'{short(module.text_of(call))}' finds nothing: line {put[0].line} puts a record in that holds "
                f"'{taken.id}', and not '{taken.id}' itself.",
                related=((put[0], "put in here"),),
            )


def _is_given(module: Module, name: Name) -> bool:
    bound = module.scopes.lookup(name.id, name)
    return len(bound) == 1 and isinstance(bound[0], Param)


def _same_list(module: Module, taking: Call, putting: Call) -> bool:
    """Tell whether two calls are of the same list of the same object, or of the same function."""
    if taking.receiver is None or putting.receiver is None or not putting.args:
        return False
    if _list_of(module, taking.receiver) != _list_of(module, putting.receiver):
        return False
    taken_from, put_into = strip(taking.receiver), strip(putting.receiver)
    if isinstance(taken_from, Name) and isinstance(put_into, Name):
        held = module.scopes.lookup(taken_from.id, taken_from)
        return len(held) == 1 and held == module.scopes.lookup(put_into.id, put_into)
    return class_of(taking) is class_of(putting)


def _list_of(module: Module, receiver: Expr) -> str:
    """Return the list that is meant, one of a table by whatever way it is looked up: ``table[]``."""
    receiver = strip(receiver)
    if isinstance(receiver, Call) and receiver.name in ("get", "setdefault") and receiver.receiver is not None:
        return f"{module.text_of(receiver.receiver)}[]"
    if isinstance(receiver, Index):
        return f"{module.text_of(receiver.object)}[]"
    if isinstance(receiver, Member) and (given := _given_by(module, receiver.object)):
        return f"{given}.{receiver.name}"
    if isinstance(receiver, Name):
        bound = module.scopes.lookup(receiver.id, receiver)
        only = bound[0] if len(bound) == 1 else None
        value = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
        if isinstance(value, Member) and _given_by(module, value.object):
            return _list_of(module, value)
    return module.text_of(receiver)


def _given_by(module: Module, holder: Expr) -> str:
    """Return the function of the file that gives the record which holds a list: ``channelOf()``."""
    holder = strip(holder)
    if isinstance(holder, Name):
        bound = module.scopes.lookup(holder.id, holder)
        only = bound[0] if len(bound) == 1 else None
        same = isinstance(only, Assign) and isinstance(only.target, Name) and only.value is not None
        holder = strip(only.value) if same and isinstance(only, Assign) and only.value is not None else holder
    target = definition(module, holder.callee) if isinstance(holder, Call) else None
    return f"{target.name}@{target.start}()" if isinstance(target, Function) and target.module is module else ""


def _wraps(module: Module, put: Call, taken: Name) -> bool:
    """Tell whether what is put in is a new record that holds, among other things, what is taken out later."""
    value: Expr | None = strip(put.args[-1])
    if isinstance(value, Name):
        bound = module.scopes.lookup(value.id, value)
        only = bound[0] if len(bound) == 1 else None
        value = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    if isinstance(value, Call) and value.name == "freeze" and value.args:
        value = strip(value.args[0])
    if value is None or not _is_record(module, value):
        return False
    # What a function inside calls so is something else.
    return any(name.id == taken.id for name in find(value, Name, into_functions=False))


def _is_record(module: Module, value: Expr) -> bool:
    """Tell whether a value is a new object of several parts: a tuple, an object, an instance of a class of the file."""
    if isinstance(value, Array):
        return value.kind in ("tuple", "list") and len(value.items) > 1
    if isinstance(value, Object):
        return bool(value.entries)
    made = definition(module, value.callee) if isinstance(value, Call) else None
    return isinstance(made, Class) and not any(method.name == "__eq__" for method in made.methods)
