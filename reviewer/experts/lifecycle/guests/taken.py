"""What takes something out of a store again, and which functions the end of a guest reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Assign, Call, Delete, For, Function, Index, Member, Name, Unary
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, inside
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost
from reviewer.experts.lifecycle.guests.stores import ITSELF, PUTS
from reviewer.experts.lifecycle.holding.listening import OFFS
from reviewer.experts.lifecycle.holding.undo_lists import is_undo, list_name
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.syntax import Node
    from reviewer.experts.lifecycle.guests.stores import Store

_TAKES: Final = frozenset(
    "delete discard remove pop splice clear shift popitem filter off removeListener removeEventListener "
    "removeAllListeners".split()
)
_OFFS: Final = frozenset({"off", "removeListener", "removeAllListeners", "removeEventListener"})
"""What an emitter has to take listeners off."""
_LOOKS: Final = frozenset(
    "list tuple len sorted reversed iter enumerate set dict from get values items keys entries has forEach map some "
    "every find print log info debug warn warning error".split()
)
"""Calls that are given a store, or made of it, and take nothing out."""
_OF_COLLECTIONS: Final = (
    _LOOKS
    | PUTS
    | frozenset(
        "concat reduce reduceRight slice findIndex indexOf includes index count copy join at flat flatMap extend "
        "setdefault update sort reverse toSorted toReversed fill with difference union intersection".split()
    )
)
"""What collections can do by themselves that takes nothing out."""
_SAYS: Final = frozenset(
    "on once add listen subscribe emit publish post send tell notify dispatch broadcast fire trigger announce get has "
    "is list call invoke run handle register count say report note record write".split()
)
"""First words of what an object is told or asked while a plugin is there."""
_DEEPEST: Final = 4
_MOST: Final = 60


def reached_by_end(function: Function, begins: list[Function]) -> list[Function]:
    """Return a function and what calls it, and all that these run in turn but to wake another."""
    found = [function]
    edge = [function]
    for _ in range(2):
        edge = [one for f in edge for call in callers(f) if (one := outermost(call)) is not None and one not in found]
        found += edge
    return run_by(found, begins)


def run_by(functions: list[Function], but: list[Function]) -> list[Function]:
    """Return functions and those that they run, in whatever file, but those by which a guest begins."""
    found = list(functions)
    edge = list(found)
    undone = list(_undone_from_the_start(but))
    for _ in range(_DEEPEST):
        further: list[Function] = []
        for current in edge:
            gone_through = {list_name(loop.iterable) for loop in find(current.body, For)} if undone else set()
            started = [one for name, one in undone if name in gone_through and one not in found]
            found += started
            further += started
            for call in calls_in(current.body):
                target = definition(current.module, call.callee)
                if isinstance(target, Function) and target not in found and target not in but:
                    found.append(target)
                    further.append(target)
        edge = further if len(found) < _MOST else []
    return found


def _undone_from_the_start(begins: list[Function]) -> Iterator[tuple[str, Function]]:
    """Yield what a start puts on a list of what is to be undone as it makes it: ``undo = [() => line.leave(id)]``."""
    for function in begins:
        for begun in find(function.body, Array):
            named = begun.parent.target if isinstance(begun.parent, Assign) else None
            name = last_name(named) if isinstance(named, Name | Member) else ""
            if is_undo(function.module, name):
                yield from ((name, item) for item in begun.items if isinstance(item, Function))


def takes_out(function: Function, store: Store) -> bool:
    """Tell whether a function takes something out of a store, replaces it, or hands it to somebody who may."""
    begins = store.home and function.name in ("constructor", "__init__")
    return not begins and taken_out_in(function.body, store)


def taken_out_in(body: Sequence[Node], store: Store) -> bool:
    """Tell the same of statements."""
    if store.name == ITSELF:
        return any(_takes_off_itself(call) for call in calls_in(body))
    named = [one for kind in (Member, Name) for one in find(body, kind) if last_name(one).lstrip("#") == store.name]
    return any(_is_taken_at(body, mention) for mention in named)


def _is_taken_at(body: Sequence[Node], mention: Node) -> bool:
    """Tell whether something is taken out where a store is mentioned."""
    inner: Node = mention
    for around in ancestors(mention):
        if _takes_of(around, inner, first=inner is mention):
            return True
        if isinstance(around, For) and inside(inner, around.iterable or around):
            return any(True for _ in _removals(around))
        if isinstance(around, Assign) and isinstance(around.target, Name):
            return _taken_of(body, around.target.id)
        if isinstance(around, Function):
            return False
        inner = around
    return False


def _takes_of(around: Node, inner: Node, *, first: bool) -> bool:
    """Tell whether what stands around a store, or around a part of it, takes something out, or may."""
    if isinstance(around, Delete) or (isinstance(around, Unary) and around.op == "delete"):
        return True
    if isinstance(around, Member) and around.object is inner and around.name in _TAKES:
        return True
    if isinstance(around, Assign) and inside(inner, around.target):
        return True
    if not first:
        return False
    if isinstance(around, Array) or _is_told(around, inner):
        return True  # for (const store of [this.a, this.b]) store.delete(id)
    return isinstance(around, Call) and around.callee is not inner and around.name not in _LOOKS


def _takes_off_itself(call: Call) -> bool:
    """Tell whether an object takes listeners off itself, or hands itself to somebody who may."""
    on = call.receiver
    own = isinstance(on, Name) and on.id in ("this", "self")
    return (own and call.name in _OFFS) or any(
        isinstance(arg, Name) and arg.id in ("this", "self") for arg in call.args
    )


def _is_told(around: Node, store: Node) -> bool:
    """Tell whether a store is an object of its own, and is told that somebody is gone: ``bus.leave(id)``."""
    call = around.parent
    if not isinstance(around, Member) or around.object is not store or not isinstance(call, Call):
        return False
    own = around.name in _OF_COLLECTIONS or not _SAYS.isdisjoint(words(around.name)[:1])
    return call.callee is around and bool(call.args) and not own


def _removals(loop: For) -> Iterator[Node]:
    """Yield what takes something out inside of a loop, or calls what the loop goes over."""
    for call in calls_in(loop.body):
        if call.name in _TAKES or call.name in OFFS:
            yield call
    yield from find(loop.body, Delete)
    for assign in find(loop.body, Assign):
        if isinstance(assign.target, Index):
            yield assign


def _taken_of(body: Sequence[Node], name: str) -> bool:
    """Tell whether something is taken out of what a variable holds."""
    for call in calls_in(body):
        if call.name in _TAKES and call.receiver is not None and last_name(call.receiver) == name:
            return True
    return any(
        isinstance(assign.target, Index) and last_name(assign.target.object) == name for assign in find(body, Assign)
    )
