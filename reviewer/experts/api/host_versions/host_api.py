"""API202 to API204: code uses what its host advises against, took away, or never had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type
from reviewer.code.scope import imported_name
from reviewer.code.syntax import Expr, Member, Name
from reviewer.core.nearest import nearest
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.host.guards import certainty
from reviewer.experts.host.promised import promises
from reviewer.experts.host.symbols import symbol_of
from reviewer.experts.tooling import is_tooling
from reviewer.subject.api_table import release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.host.promised import Promise
    from reviewer.subject.api_table import ApiTable, Symbol

_MOST: Final = 50
"""Symbols of one file that are told."""


@module_check("API202")
def deprecated_by_host(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for symbols that every host of the manifest's range advises against."""
    for promise, symbol, use in uses(inquiry, module, _deprecated):
        note = f": {symbol.note}" if symbol.note else ""
        yield Match(
            use,
            f"'{shown(symbol)}' is deprecated in every {promise.table.host} that the manifest promises{note}.",
            fix=f"{symbol.note}." if symbol.note else "",
        )


@module_check("API203")
def removed_from_host(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for symbols that hosts of the manifest's range took away."""
    for promise, symbol, use in uses(inquiry, module, _removed):
        sure = certainty(inquiry, module, promise.table, use)
        if sure is not None:
            host = promise.table.host
            yield Match(
                use,
                f"'{shown(symbol)}' is gone since {host} {symbol.removed}: there it is undefined.",
                confidence=sure,
            )


@module_check("API204")
def unknown_to_host(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for members of the host's namespaces that no release has."""
    if _aside(module):
        return
    for promise in promises(inquiry):
        table = promise.table
        if (
            module.identifiers.isdisjoint(table.roots)
            or not table.complete
            or (promise.oldest or ()) > table.newest
            or _proposes(inquiry, table)
        ):
            continue
        for use in module.all(Member):
            spelled = table.spelled(module.resolve(use))
            owner, _, name = spelled.rpartition(".")
            if not spelled or owner not in table.complete or spelled in table.symbols or "(" in spelled:
                continue
            if certainty(inquiry, module, table, use) is not Confidence.LIKELY:
                continue
            meant = nearest(name, [row.last for row in table.symbols.values() if row.name == _join(owner, row.last)])
            hint = f"; did you mean '{_join(owner, meant)}'?" if meant else ""
            yield Match(use, f"{table.host} has no '{spelled}'{hint or ', in no release'}.")


def _join(owner: str, name: str) -> str:
    return f"{owner}.{name}" if owner else name


def _proposes(inquiry: Inquiry, table: ApiTable) -> bool:
    """Tell whether the manifest asks for API that is not released."""
    asked = inquiry.manifest.get(table.proposed) if inquiry.manifest is not None and table.proposed else None
    return asked is not None and bool(asked.data)


def _deprecated(promise: Promise, symbol: Symbol) -> bool:
    if not symbol.deprecated:
        return False
    always = symbol.deprecated == symbol.since and promise.meant
    return always or (bool(promise.oldest) and (promise.oldest or ()) >= release(symbol.deprecated))


def _removed(promise: Promise, symbol: Symbol) -> bool:
    return bool(symbol.removed) and promise.newest is not None and promise.newest >= release(symbol.removed)


def uses(
    inquiry: Inquiry, module: Module, about: Callable[[Promise, Symbol], bool]
) -> Iterator[tuple[Promise, Symbol, Expr]]:
    """Yield the first use of each symbol that the question is about, with the table that has it."""
    if _aside(module):
        return
    for promise in promises(inquiry):
        wanted = _wanted(inquiry, promise, about)
        if wanted.isdisjoint(module.identifiers):
            continue
        found: dict[str, tuple[Symbol, Expr]] = {}
        for use in _named(module, promise.table, wanted):
            symbol = symbol_of(module, promise.table, use)
            if symbol is not None and about(promise, symbol) and symbol.name not in found and len(found) < _MOST:
                found[symbol.name] = (symbol, use)
        owners = {id(use.object) for _, use in found.values() if isinstance(use, Member)}
        for symbol, use in found.values():
            if id(use) not in owners:  # the longest name says it all
                yield promise, symbol, use


def _wanted(inquiry: Inquiry, promise: Promise, about: Callable[[Promise, Symbol], bool]) -> frozenset[str]:
    """Return the last names of the symbols that a question is about, worked out once a subject."""
    key = f"host.wanted.{promise.table.host}.{about.__name__}"
    known = inquiry.memory.get(key)
    if not isinstance(known, frozenset):
        known = frozenset(row.last for row in promise.table.symbols.values() if about(promise, row))
        inquiry.memory[key] = known
    return known


def _named(module: Module, table: ApiTable, wanted: frozenset[str]) -> Iterator[Expr]:
    """Yield the members and the imported names that are spelled like a symbol."""
    for member in module.all(Member):
        if member.name in wanted:
            yield member
    locals_ = {one.local for one in module.imports if not one.type_only and table.spelled(imported_name(one))}
    if locals_:
        for name in module.all(Name):
            if name.id in locals_ and not declared_type(module, name):
                yield name


def _aside(module: Module) -> bool:
    """Tell whether a file does not run inside the host."""
    return module.is_test or is_tooling(module)


def shown(symbol: Symbol) -> str:
    """Return a symbol as code spells it."""
    return symbol.name.replace("#", ".")
