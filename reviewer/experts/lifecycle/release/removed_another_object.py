"""LIF006: what is taken out of a list is not what was put in: a record of it or a wrapper was, which nothing finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Comprehension,
    Expr,
    Function,
    Index,
    Member,
    Name,
    Object,
    Return,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import class_of, find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.holding.wrapping import is_given, wraps

if TYPE_CHECKING:
    from reviewer.code.module import Module

_PUTS: Final = frozenset({"append", "add", "push", "insert", "appendleft"})
_TAKES: Final = frozenset({"remove", "discard", "delete", "indexOf", "index"})


@module_check("LIF006", words={"remove", "discard", "delete", "index", "filter", "append"})
def removed_another_object(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what is taken out of each list with everything that is put into it."""
    if module.is_test:
        return
    for call in module.calls(_TAKES):
        taken = strip(call.args[0]) if len(call.args) == 1 else None
        if taken is not None and call.receiver is not None and _is_made_anew(module, taken):
            put = [one for one in module.calls(_PUTS) if _same_list(module, call, one)]
            if put and _is_collection(module, call.receiver):
                yield Match(
                    call,
                    f"'{short(module.text_of(call))}' finds nothing: what it looks for is made anew here, and is not "
                    f"what line {put[0].line} puts in, whatever it holds.",
                    related=((put[0], "put in here"),),
                )
            continue
        if not isinstance(taken, Name) or call.receiver is None or not is_given(module, taken):
            continue
        put = [one for one in module.calls(_PUTS) if _same_list(module, call, one)]
        record = bool(put) and all(_holds(module, one, taken) for one in put)
        if record or (put and all(wraps(module, one.args[-1], taken) for one in put)):
            what = "record in that holds" if record else "new function in that calls"
            yield Match(
                call,
                f"'{short(module.text_of(call))}' finds nothing: line {put[0].line} puts a {what} "
                f"'{taken.id}', and not '{taken.id}' itself.",
                related=((put[0], "put in here"),),
            )
    yield from _left_in(module)


def _is_made_anew(module: Module, taken: Expr) -> bool:
    """Tell whether something is a new object or function, which equals nothing that is there already."""
    if isinstance(taken, Function) or (isinstance(taken, Call) and taken.name in ("bind", "partial") and taken.args):
        return True
    return module.language != "python" and isinstance(taken, Object | Array)


def _is_collection(module: Module, holder: Expr) -> bool:
    """Tell whether the module itself makes a list or a set, or looks one up in a table: no store that takes queries."""
    holder = strip(holder)
    if isinstance(holder, Member):
        return is_this_member(holder) and any(
            one.name == holder.name and one.owner is class_of(holder) for one in tables(module)
        )
    bound = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    values = [one.value for one in bound if isinstance(one, Assign) and one.value is not None]
    return any(
        isinstance(part, Array) or (isinstance(part, Call) and part.name in ("Set", "set", "list", "deque", "Array"))
        for value in values
        for part in find(value, Expr)
    )


def _left_in(module: Module) -> Iterator[Match]:
    """Find what is to leave out one of a list and leaves out none: ``list.filter((one) => one.fn !== fn)``."""
    for test in module.all(Binary):
        sought = strip(test.right) if test.op == "!=" else None
        kept, listed = _sifted(test) if isinstance(sought, Name) and is_given(module, sought) else (None, None)
        if kept is None or listed is None or not isinstance(sought, Name):
            continue
        put = [one for one in module.calls(_PUTS) if _is_of_list(module, listed, one)]
        if put and all(_part_wraps(module, one, kept, sought) for one in put):
            yield Match(
                test,
                f"'{short(module.text_of(test))}' holds for all of them, and nothing is taken out: line {put[0].line} "
                f"puts a new function in that calls '{sought.id}', and not '{sought.id}' itself.",
                related=((put[0], "put in here"),),
            )


def _sifted(test: Binary) -> tuple[Expr | None, Expr | None]:
    """Return what of each entry is compared, and the list that is sifted by nothing else than this comparison."""
    kept, around = strip(test.left), test.parent
    root = strip(kept.object) if isinstance(kept, Member) else kept
    if isinstance(around, Return):
        around = around.parent
    if not isinstance(root, Name):
        return None, None
    if isinstance(around, Function) and [param.name for param in around.params] == [root.id]:
        sift = around.parent
        if isinstance(sift, Call) and sift.name == "filter" and len(around.body) == 1:
            return kept, sift.receiver
    elif isinstance(around, Comprehension) and len(around.clauses) == 1 and around.tests == [test]:
        target, listed = around.clauses[0]
        if isinstance(target, Name) and target.id == root.id:
            return kept, listed
    return None, None


def _part_wraps(module: Module, put: Call, kept: Expr, sought: Name) -> bool:
    """Tell whether what is compared of an entry is, in what is put in, a wrapper around what is sought."""
    value = strip(put.args[-1])
    if isinstance(kept, Member):
        made = module.scopes.origin(_thawed(value))
        held = made.get(kept.name) if isinstance(made, Object) else None
        return held is not None and wraps(module, held, sought)
    return wraps(module, value, sought)


def _same_list(module: Module, taking: Call, putting: Call) -> bool:
    """Tell whether two calls are of the same list of the same object, or of the same function."""
    return taking.receiver is not None and _is_of_list(module, taking.receiver, putting)


def _is_of_list(module: Module, listed: Expr, putting: Call) -> bool:
    """Tell whether a call puts something into this list of the same object, or of the same function."""
    if putting.receiver is None or not putting.args:
        return False
    meant = _list_of(module, listed)
    if meant != _list_of(module, putting.receiver):
        return False
    taken_from, put_into = strip(listed), strip(putting.receiver)
    if not meant.endswith("[]") and isinstance(taken_from, Name) and isinstance(put_into, Name):
        held = module.scopes.lookup(taken_from.id, taken_from)
        return len(held) == 1 and held == module.scopes.lookup(put_into.id, put_into)
    return class_of(listed) is class_of(putting)


def _list_of(module: Module, receiver: Expr) -> str:
    """Return the list that is meant, one of a table by whatever way it is looked up: ``table[]``."""
    receiver = strip(receiver)
    if isinstance(receiver, Assign) and receiver.op in ("??=", "||="):
        receiver = strip(receiver.target)  # (table[topic] ??= []).push(one)
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
        if isinstance(value, Binary) and value.op in ("??", "or"):
            value = strip(value.left)  # table.get(topic) ?? []
        looked_up = isinstance(value, Index) or (isinstance(value, Call) and value.name in ("get", "setdefault"))
        if value is not None and (looked_up or (isinstance(value, Member) and _given_by(module, value.object))):
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


def _holds(module: Module, put: Call, taken: Name) -> bool:
    """Tell whether what is put in is a new record that holds, among other things, what is taken out later."""
    value: Expr | None = strip(put.args[-1])
    if isinstance(value, Name):
        bound = module.scopes.lookup(value.id, value)
        only = bound[0] if len(bound) == 1 else None
        value = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    if value is None or not _is_record(module, value := _thawed(value)):
        return False
    # What a function inside calls so is something else.
    return any(name.id == taken.id for name in find(value, Name, into_functions=False))


def _thawed(value: Expr) -> Expr:
    """Return what is frozen: the record itself."""
    return strip(value.args[0]) if isinstance(value, Call) and value.name == "freeze" and value.args else value


def _is_record(module: Module, value: Expr) -> bool:
    """Tell whether a value is a new object of several parts: a tuple, an object, an instance of a class of the file."""
    if isinstance(value, Array):
        return value.kind in ("tuple", "list") and len(value.items) > 1
    if isinstance(value, Object):
        return bool(value.entries)
    made = definition(module, value.callee) if isinstance(value, Call) else None
    return isinstance(made, Class) and not any(method.name == "__eq__" for method in made.methods)
