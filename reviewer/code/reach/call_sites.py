"""Where a function of the subject is called, in its own file and in those that import it."""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Class, Function, Imported, Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call, Node

_BY_NAME: Final = (rb"[\w$.]", rb"[(<]")
_CALLED: Final = (rb"[\w$]", rb"[(<]")
_PASSED: Final = (rb"[\w$]", rb"[(<,)]")
"""What doesn't stand before a name that is called by itself, called at all, or passed on, and what stands behind it.

One that a file keeps to itself, ``from .rules import granted as _granted``, may be any of these.
"""
MOST_CALLERS: Final = 5
"""Files beside its own that are looked at for what they pass to a function."""


def call_sites(module: Module, function: Function) -> Iterator[tuple[Module, Call]] | None:
    """Return the calls that run a function, or make an object of its class; None where they are in too many files."""
    elsewhere = calls_elsewhere(module, function)
    return None if elsewhere is None else chain(((module, call) for call in calls_here(module, function)), elsewhere)


def calls_here(module: Module, function: Function) -> Iterator[Call]:
    """Yield the calls in its own file that run a function, or make an object of its class."""
    name = _called(function)
    if name:
        yield from module.calls((name,))


def calls_elsewhere(module: Module, function: Function) -> Iterator[tuple[Module, Call]] | None:
    """Return the same in other files, no tests; None where more seem to call it than are worth being parsed."""
    made = function.owner if function.kind == "constructor" else None
    outermost = made.outer is None if made is not None else function.owner is None and function.outer is None
    name = _called(function)
    if module.project is None or not name or not outermost:
        return iter(())
    paths = list(islice(_paths(module, name, _BY_NAME), MOST_CALLERS + 1))
    if len(paths) > MOST_CALLERS:
        return None
    return (
        (other, call)
        for other in _parsed(module, paths)
        for call in other.calls((name,))
        if _is_imported(other, call, module)
    )


def _called(function: Function) -> str:
    """Return the name by which a function is called: for a constructor that of its class."""
    made = function.owner if function.kind == "constructor" else None
    return made.name if made is not None else function.name


def callers(module: Module, name: str) -> Iterator[Module]:
    """Yield the other modules, no tests, that seem to call something of a name, of what uses this file."""
    return _parsed(module, _paths(module, name, _CALLED))


def users(module: Module, name: str) -> Iterator[Module]:
    """Yield the same, and those that seem to pass something of this name on."""
    return _parsed(module, _paths(module, name, _PASSED))


def _parsed(module: Module, paths: Iterable[str]) -> Iterator[Module]:
    for path in paths:
        other = module.project.module(path) if module.project is not None else None
        if other is not None:
            yield other


def _paths(module: Module, name: str, standing: tuple[bytes, bytes]) -> Iterator[str]:
    """Yield the paths of the files near this one in which a name stands between some characters."""
    own = re.escape(name.encode())
    before, after = standing
    hit = re.compile(own + rb"(?<!" + before + own + rb")(?:\s{0,9}" + after + rb"|\s{1,9}as\s)")
    if module.project is not None and name:
        yield from module.project.paths({name}, tests=False, using=module.path, showing=hit.search)


def _is_imported(module: Module, call: Call, source: Module) -> bool:
    """Tell whether the name that is called was imported from a file of the subject."""
    if not isinstance(call.callee, Name) or module.project is None:
        return False
    for binding in module.scopes.lookup(call.callee.id, call.callee):
        if isinstance(binding, Imported):
            found = module.project.definition(module, binding)
            return isinstance(found, Function | Class) and found.module.path == source.path
    return False


def is_same(one: Node | None, other: Function | Class) -> bool:
    """Tell whether what was found is a function or class, whose file may have been parsed again in between."""
    if not isinstance(one, Function | Class) or one.module.path != other.module.path:
        return False
    return one.raw.start_byte == other.raw.start_byte
