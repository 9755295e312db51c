"""REG061: what a store holds is read, something else is waited for, and the old copy is written back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Function, Name, With, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_READS: Final = frozenset("load read all entries list snapshot fetch get current".split())
_WRITES: Final = frozenset("save write store persist put commit replace dump flush".split())


@module_check("REG061", words=_WRITES)
def old_copy_written(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at functions that keep what they read of a store over an await and hand the same copy back to it."""
    if module.is_test:
        return
    for function in module.functions:
        if not function.asynchronous or not function.name:
            continue
        for kept in find(function.body, Assign, into_functions=False):
            read = strip(kept.value) if kept.value is not None else None
            if not isinstance(kept.target, Name) or not isinstance(read, Call) or not _is_of_store(read, _READS):
                continue
            write = _written_back(module, function, read, kept.target.id)
            if write is None or not _waits_between(function, read, write) or _is_alone(module, function, read):
                continue
            yield Match(
                read,
                f"'{function.name}' reads '{kept.target.id}' here, waits for other things and writes that copy back "
                f"on line {write.line}: what somebody else has entered meanwhile is lost.",
                related=((write, "the write that takes the other change back"),),
            )
            break


def _is_of_store(call: Call, verbs: frozenset[str]) -> bool:
    """Tell whether a call is of a field of the instance, by one of these verbs: ``this.#ledger.read()``."""
    held = strip(call.receiver) if call.receiver is not None else None
    return is_this_member(held) and not verbs.isdisjoint(words(call.name)[:1]) and (verbs is _WRITES or not call.args)


def _written_back(module: Module, function: Function, read: Call, copy: str) -> Call | None:
    """Return the call by which the copy goes back to the store that it was read of, here or in a method."""
    for call in calls_in(function.body, into_functions=False):
        if call.start <= read.start or not any(copy in names_in(arg) for arg in call.args):
            continue
        if _goes_back(module, call, read, copy):
            return call
        target = definition(module, call.callee) if is_this_member(strip(call.callee)) else None
        if not isinstance(target, Function) or target.module is not module:
            continue
        at = next((place for place, arg in enumerate(call.args) if getattr(strip(arg), "id", "") == copy), -1)
        given = target.params[at].name if 0 <= at < len(target.params) else ""
        if given and any(_goes_back(module, inner, read, given) for inner in calls_in(target.body)):
            return call
    return None


def _goes_back(module: Module, call: Call, read: Call, copy: str) -> bool:
    same = (
        call.receiver is not None
        and read.receiver is not None
        and module.text_of(call.receiver) == module.text_of(read.receiver)
    )
    return same and _is_of_store(call, _WRITES) and any(getattr(strip(arg), "id", "") == copy for arg in call.args)


def _waits_between(function: Function, read: Call, write: Call) -> bool:
    return any(
        read.start < one.start < write.start and not inside(write, one) and not inside(read, one)
        for one in find(function.body, Await, into_functions=False)
    )


def _is_alone(module: Module, function: Function, read: Call) -> bool:
    """Tell whether one change runs at a time: inside of a ``with``, or as a job that something is handed."""
    if _is_held(read):
        return True
    calls = list(callers(function))
    if (function.private or function.name.startswith(("_", "#"))) and calls:
        return all(_is_held(call) for call in calls)
    return _is_handed(module, function)


def _is_held(node: Node) -> bool:
    for around in ancestors(node):
        if isinstance(around, With):
            return True
        if isinstance(around, Function) and isinstance(around.parent, Call) and around in around.parent.args:
            return True
    return False


def _is_handed(module: Module, function: Function) -> bool:
    """Tell whether the function itself is given to something that runs it: ``queue.run(this.install)``."""
    return any(
        getattr(strip(arg), "name", getattr(strip(arg), "id", "")) == function.name
        for call in module.all(Call)
        for arg in call.args
        if function_of(call) is not function and not isinstance(strip(arg), Call | Function)
    )
