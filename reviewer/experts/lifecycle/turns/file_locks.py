"""Locks that code takes and gives back: files that keep others out, and objects with a method for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import siblings
from reviewer.code.syntax import Assign, Call, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, statement_of
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Statement

LOCKS: Final = frozenset({"lock", "locked", "lockfile", "locks", "pidfile", "mutex", "semaphore"})
_CREATES: Final = frozenset(
    "writeFile writeFileSync open openSync mkdir mkdirSync write_text touch symlink link".split()
)
_REMOVES: Final = frozenset("rm rmSync unlink unlinkSync rmdir rmdirSync remove removeSync".split())
_TAKES: Final = frozenset({"acquire", "lock", "obtain", "acquireLock", "takeLock", "acquire_lock"})
_GIVES: Final = frozenset({"release", "unlock", "releaseLock", "release_lock"})


class Held(Struct, frozen=True):
    """A lock that is taken and given back in one list of statements: ``taken`` and ``given`` are the calls."""

    taken: Call
    given: Call
    between: list[Statement]
    """What runs while the lock is held, before the line that gives it back."""


def created_locks(module: Module) -> Iterator[tuple[Call, Expr]]:
    """Yield the calls that make a lock file, with its path."""
    for call in module.calls(_CREATES):
        path = call.receiver if call.name in ("write_text", "touch") else call.arg(0)
        if path is not None and is_lock(path, call):
            yield call, path


def is_lock(path: Expr, at: Call) -> bool:
    """Tell whether a path is that of a lock, by its name, or by that of the function that is handed it."""
    function = function_of(at)
    named = function is not None and bool(set(words(function.name)) & LOCKS)
    return bool({*last_words(path)} & LOCKS) or (named and isinstance(strip(path), Name))


def held(module: Module) -> Iterator[Held]:
    """Yield the locks that are given back by a later statement of the list in which they are taken."""
    for taken, path in created_locks(module):
        yield from _given_back(module, taken, partial(_removes, module, module.text_of(path)))
    for taken in module.calls(_TAKES):
        receiver = module.text_of(taken.receiver) if taken.receiver is not None else ""
        yield from _given_back(module, taken, partial(_gives, module, receiver, _kept_as(taken)))


def _removes(module: Module, path: str, call: Call) -> bool:
    place = call.receiver if call.name == "unlink" and not call.args else call.arg(0)
    return call.name in _REMOVES and place is not None and module.text_of(place) == path


def _kept_as(taken: Call) -> str:
    """Return the name under which what gives a lock back is kept: ``const release = await lock.acquire()``."""
    around = taken.parent
    while around is not None and not isinstance(around, Assign):
        if not hasattr(around, "value"):
            return ""
        around = around.parent
    return around.target.id if isinstance(around, Assign) and isinstance(around.target, Name) else ""


def _gives(module: Module, receiver: str, name: str, call: Call) -> bool:
    if name and isinstance(call.callee, Name) and call.callee.id == name:
        return True
    holder = module.text_of(call.receiver) if call.receiver is not None else ""
    return call.name in _GIVES and bool(holder) and holder in (receiver, name)


def _given_back(module: Module, taken: Call, gives: Callable[[Call], bool]) -> Iterator[Held]:
    statement = statement_of(taken)
    beside = siblings(statement, module) if statement is not None and function_of(taken) is not None else []
    if statement is None or not any(one is statement for one in beside):
        return
    later = beside[beside.index(statement) + 1 :]
    for place, one in enumerate(later):
        given = next((call for call in find(one, Call, into_functions=False) if gives(call)), None)
        if given is not None:
            if statement_of(given) is one:
                yield Held(taken, given, later[:place])
            return
