"""Registries that live in a file: documents that a function reads whole, changes and writes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Expr, Function, Index, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_PARSES: Final = frozenset({"parse", "loads", "load", "safe_load", "readJson", "readJSON", "readJsonSync"})
_TEXTS: Final = frozenset({"stringify", "dumps", "dump", "safe_dump", "writeJson", "writeJSON", "outputJson"})
_WRITES: Final = frozenset("write save store persist dump put flush commit".split())
"""First words of what takes a document to write it."""
_LENDS: Final = ("update", "change", "mutate", "edit", "modify", "transact")
"""Calls that read a document, lend it to a function and write it back."""
_PLACES: Final = frozenset(
    "index registry catalog catalogue store document ledger lockfile shelf inventory book list file".split()
)
_DEEPEST: Final = 2


class Held(Struct, frozen=True):
    """A document in the hands of a function: the variable, and the function by whose name that is asked for."""

    name: str
    function: Function
    asked: Function


def held_documents(module: Module) -> tuple[Held, ...]:
    """Return the documents that the functions of a module change in a file, in source order; worked out once."""
    return module.once("registry.held", lambda: tuple(_held(module)))


def _held(module: Module) -> Iterator[Held]:
    for function in module.functions:
        for assign in find(function.body, Assign, into_functions=False):
            read = strip(assign.value) if assign.value is not None else None
            if not isinstance(assign.target, Name) or not isinstance(read, Call) or not _reads(module, read, _DEEPEST):
                continue
            name = assign.target.id
            write = next(
                (
                    one
                    for one in calls_in(function.body, into_functions=False)
                    if one.start > read.start and _puts(one, name)
                ),
                None,
            )
            if write is not None:
                yield Held(name, function, _named(function))
    for call in module.calls(_LENDS):
        lent = strip(call.args[-1]) if call.args else None
        asked = function_of(call)
        if (
            isinstance(lent, Function)
            and lent.params
            and asked is not None
            and set(last_words(call.receiver)) & _PLACES
        ):
            yield Held(lent.params[0].name, lent, _named(asked))


def _named(function: Function) -> Function:
    """Return the function with a name around one that is written in place, or that one itself."""
    while not function.name and function.outer is not None:
        function = function.outer
    return function


def _reads(module: Module, call: Call, depth: int) -> bool:
    """Tell whether a call gives what a file holds, parsed, by itself or by a function of the subject."""
    own = definition(module, call.callee)
    if isinstance(own, Function):
        return any(_reads(own.module, one, depth - 1) for one in calls_in(own.body)) if depth else False
    if call.name not in _PARSES:
        return False
    return call.name.startswith("read") or any("read" in words(one.name) or one.name == "open" for one in _around(call))


def _around(call: Call) -> Iterator[Call]:
    """Yield the calls of the function in which something is parsed: the file may be opened by a line before."""
    function = function_of(call)
    yield from calls_in(function.body if function is not None else call)


def _puts(call: Call, name: str) -> bool:
    """Tell whether a call writes a document, or is handed it to do so."""
    given = [strip(arg) for arg in call.args]
    if any(isinstance(arg, Name) and arg.id == name for arg in given):
        return bool(_WRITES & set(words(call.name)[:1])) or call.name in _TEXTS
    return False


def is_part(expr: Expr | None, held: Held) -> bool:
    """Tell whether an expression is a part of a held document: ``doc.packs[name]``, ``data["packs"].get(name)``."""
    part = strip(expr) if expr is not None else None
    deep = False
    while isinstance(part, Index | Member | Call):
        deep = True
        part = strip(part.callee) if isinstance(part, Call) else strip(part.object)
    return deep and isinstance(part, Name) and part.id == held.name
