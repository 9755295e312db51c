"""PAT100: a stored value is read, changed and written back, and nothing keeps a second change out in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reviewer.code.branches import exclusive
from reviewer.code.contexts import is_starter, is_stopper
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Expr, Function, Name, Node, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, class_of, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words
from reviewer.experts.patterns.alone import alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_STORES: Final = frozenset(
    "storage store stores kv shelf memento vault state globalstate workspacestate settings drawer repository repo "
    "persistence cabinet locker cupboard vault drawer".split()
)
_READS: Final = frozenset("get read load getItem fetch".split())
_WRITES: Final = frozenset("set put write save store setItem update".split())
_FEW: Final = 4
"""Calls in a function that does nothing but to read or to write."""


class _Access(NamedTuple):
    """One call that reads or writes a stored value, at once or through a function of the file that only does that."""

    call: Call
    holder: str
    key: str
    value: Expr | None


@module_check("PAT100", words=_STORES)
def changed_between(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that writes back what it has made of what it read."""
    if module.is_test:
        return
    told: set[int] = set()
    for direct in module.calls(_WRITES):
        for write in (_direct(module, direct, 1), *_through(module, direct, 1)):
            function = function_of(write.call) if write is not None else None
            if write is None or function is None or id(write.call) in told:
                continue
            if not function.asynchronous or not _many_times(function) or alone(module, function):
                continue
            read = _read_before(module, function, write)
            if read is not None:
                told.add(id(write.call))
                yield Match(
                    write.call,
                    f"What is written under '{short(write.key)}' was made of what '{read.name}' gave before an await: "
                    "of two changes at the same time, the second one drops the first.",
                    related=((read, "read here"),),
                )


def _direct(module: Module, call: Call, place: int) -> _Access | None:
    """Return what a call of a store reads or writes: under which key, and which value."""
    if call.receiver is None or len(call.args) <= place:
        return None
    if not path_words(call.receiver) & _STORES and not _of_own_store(call):
        return None
    value = call.args[1] if place else None
    return _Access(call, module.text_of(call.receiver), module.text_of(call.args[0]), value)


def _of_own_store(call: Call) -> bool:
    """Tell whether a store calls its own method: ``await this.get(name)`` in a class that is called a cupboard."""
    cls = class_of(call)
    return is_this_member(call.callee) and cls is not None and bool(set(words(cls.name)) & _STORES)


def _through(module: Module, direct: Call, place: int) -> Iterator[_Access]:
    """Yield the calls of the function around a call of a store, where all it does is to read or to write there."""
    inner, access = function_of(direct), _direct(module, direct, place)
    if access is None or inner is None or not inner.name or len(list(calls_in(inner.body))) > _FEW:
        return
    names = [param.name for param in inner.params]
    told = strip(access.value) if access.value is not None else None
    written = next((one.id for one in find(told, Name) if one.id in names), "") if told is not None else ""
    if place and not written:
        return
    for call in module.calls((inner.name,)):
        if call.receiver is not None and not (is_this_member(call.callee) and class_of(call) is class_of(inner)):
            continue
        if function_of(call) is inner or len(call.args) > len(names):
            continue
        given = dict(zip(names, call.args, strict=False))
        key = module.text_of(given[access.key]) if access.key in given else access.key
        yield _Access(call, access.holder, key, given.get(written))


def _many_times(function: Function) -> bool:
    """Tell whether a function can run a second time before it is through."""
    if set(words(function.name)) & {"migrate", "migrates", "upgrade", "upgrades"}:
        return False  # brought up once, before anybody else begins
    around: Function | None = function
    while around is not None:
        if is_starter(around.name) or is_stopper(around.name) or around.kind == "constructor":
            return around is not function
        around = around.outer
    return True


def _read_before(module: Module, function: Function, write: _Access) -> Call | None:
    """Return the awaited read of the same key that the written value is made of."""
    for read in _reads(module, function):
        if read.call.raw.start_byte > write.call.raw.start_byte or write.value is None:
            continue
        if read.holder != write.holder or read.key != write.key or exclusive(read.call, write.call):
            continue
        kept = next((one for one in ancestors(read.call) if isinstance(one, Assign)), None)
        awaited = any(isinstance(one, Await) for one in _up_to(read.call, kept))
        if kept is None or not awaited or not isinstance(kept.target, Name):
            continue
        if _made_of(module, write.value, kept.target.id, 3):
            return read.call
    return None


def _reads(module: Module, function: Function) -> Iterator[_Access]:
    """Yield what a function reads of stores, at once or through a function of the file."""
    for direct in module.calls(_READS):
        if function_of(direct) is function:
            access = _direct(module, direct, 0)
            if access is not None:
                yield access
        else:
            yield from (one for one in _through(module, direct, 0) if function_of(one.call) is function)


def _up_to(node: Node, end: Node | None) -> Iterator[Node]:
    for around in ancestors(node):
        if around is end:
            return
        yield around


def _made_of(module: Module, value: Node, name: str, depth: int) -> bool:
    """Tell whether a value is made of a variable, through others on the way."""
    names = names_in(value)
    if name in names:
        return True
    if depth == 0:
        return False
    for one in find(value, Name):
        for bound in module.scopes.lookup(one.id, one)[:3]:
            made = bound.value if isinstance(bound, Assign) else None
            if made is not None and _made_of(module, strip(made), name, depth - 1):
                return True
    return False
