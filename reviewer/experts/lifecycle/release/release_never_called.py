"""LIF029: what would take a plugin's functions out of a table is there, and the end of the plugin never calls it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Member, Name
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.location import Location
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.lifecycle.bringing.unloading import unloads
from reviewer.experts.lifecycle.guests.owner_tables import RELEASES, kept_with, releases_one, tables_beside, taken_out
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Table


class _Release(Fact, frozen=True):
    """What takes one out of a table: its name, that of the function which fills the table, the table, and where."""

    name: str
    fills: str
    table: str
    at: Location


class _Releases(Fact, frozen=True):
    """What a module says about releases: those that it has, and the names under which it calls or hands on any."""

    made: tuple[_Release, ...]
    called: frozenset[str]


@module_check("LIF029", words=HOOK_WORDS)
def release_never_called(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the ends of plugins in a file that hands them what fills such a table."""
    if module.is_test:
        return
    for unload in unloads(inquiry, module):
        for unused in _unused(inquiry):
            if not any(call.name == unused.fills for call in module.calls((unused.fills,))):
                continue
            yield Match(
                unload.place,
                f"'{unload.function.name}' ends the plugin, and what it gave by '{unused.fills}' stays in "
                f"'{unused.table}': '{unused.name}' would take it out, and nobody calls that.",
                related=((unused.at, "never called"),),
            )
            break


def _unused(inquiry: Inquiry) -> tuple[_Release, ...]:
    kept = inquiry.memory.get("lifecycle.unused_releases")
    if not isinstance(kept, tuple):
        drawn = list(_RELEASES.of(inquiry))
        called = frozenset(name for one in drawn for name in one.called)
        kept = tuple(release for one in drawn for release in one.made if release.name not in called)
        inquiry.memory["lifecycle.unused_releases"] = kept
    return kept


def _draw(inquiry: Inquiry, module: Module) -> _Releases:
    return _Releases(tuple(_made(inquiry, module)), frozenset(_called(module)))


_RELEASES: Final = Drawn("lifecycle.releases", _draw, _Releases, RELEASES, tests=False)


def _made(inquiry: Inquiry, module: Module) -> Iterator[_Release]:
    releases = [function for function in module.functions if releases_one(function)]
    if not releases:
        return
    called = {id(found.source.table) for found in invocations(inquiry, module) if found.source.table is not None}
    for function in releases:
        owner = function.params[0].name
        for table in tables_beside(module, function) if owner else ():
            if next(taken_out(function, table, owner), None) is None:
                continue
            fills = _filler(module, table, owner, id(table) in called)
            if fills:
                yield _Release(function.name, fills, table.name, locate(module, function))
                break


def _called(module: Module) -> Iterator[str]:
    """Yield the names of releases that a module calls or hands on; what a function says of itself is no call."""
    for member in module.all(Member):
        around = function_of(member) if is_this_member(member) else None
        if _names_release(member.name) and (around is None or around.name != member.name):
            yield member.name
    for name in module.all(Name):
        if isinstance(name.parent, Call) and _names_release(name.id):
            yield name.id


def _names_release(name: str) -> bool:
    return not RELEASES.isdisjoint(words(name)[:1])


def _filler(module: Module, table: Table, owner: str, called: bool) -> str:
    """Return the name of the function that enters something with its owner and gives nothing to take it out by."""
    entered = kept_with(module, table, owner, called)
    function = function_of(entered) if entered is not None else None
    while function is not None and not function.name:
        function = function.outer
    if function is None or any(answer.value is not None for answer in returns_of(function)):
        return ""
    return function.name
