"""API201: code uses what the oldest host of the manifest's range does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.syntax import Assign
from reviewer.core.location import Location
from reviewer.core.scale import Confidence
from reviewer.experts.api.host_versions.host_api import shown, uses
from reviewer.experts.check import Match, subject_check
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.host.guards import answers_newer, certainty
from reviewer.experts.host.promised import promises
from reviewer.experts.place import locate
from reviewer.subject.api_table import release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry
    from reviewer.experts.host.promised import Promise
    from reviewer.subject.api_table import Symbol

_SURE: Final = (Confidence.POSSIBLE, Confidence.LIKELY, Confidence.CERTAIN)
_FAILS: Final = frozenset({"receiver", "called", "argument", "assigned"})
"""Uses of a member of an object that need it to be there; what is only read and handed on may as well be nothing."""
_MANY: Final = 6
"""So many symbols that are too new have one cause: the promise is older than the code."""
_TOLD: Final = 8


class _Newer(Fact, frozen=True):
    """The first use in a module of a symbol that is too new."""

    host: str
    name: str
    since: str
    at: Location
    likely: bool


def _draw(inquiry: Inquiry, module: Module) -> tuple[_Newer, ...] | None:
    return tuple(_newer(inquiry, module)) or None


def _newer(inquiry: Inquiry, module: Module) -> Iterator[_Newer]:
    for promise, symbol, use in uses(inquiry, module, _too_new):
        sure = certainty(inquiry, module, promise.table, use)
        harm = _harm(symbol, use)
        if sure is None or harm is None or answers_newer(module, promise.table, use, symbol.since):
            continue
        likely = min(sure, harm, key=_SURE.index) is Confidence.LIKELY
        yield _Newer(promise.table.host, shown(symbol), symbol.since, locate(module, use), likely)


_NEWER: Final = Drawn("host.newer", _draw, tuple[_Newer, ...])


@subject_check("API201")
def newer_than_promised(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the symbols that code uses against the oldest host of the manifest's range."""
    for promise in promises(inquiry):
        found = [one for part in _NEWER.of(inquiry) for one in part if one.host == promise.table.host]
        if len({one.name for one in found if one.likely}) >= _MANY:
            yield _all_at_once(promise, found)
        else:
            yield from (_alone(promise, one) for one in found)


def _alone(promise: Promise, one: _Newer) -> Match:
    return Match(
        one.at,
        f"'{one.name}' exists since {one.host} {one.since}, and {_missing(promise)}.",
        related=((promise.said, f"promises {one.host} {promise.spelled}"),) if promise.said is not None else (),
        fix=f"Promise {one.host} {one.since} or newer in '{_field(promise)}', or ask for it first and do without.",
        confidence=Confidence.LIKELY if one.likely else Confidence.POSSIBLE,
    )


def _all_at_once(promise: Promise, found: list[_Newer]) -> Match:
    """Tell of the promise instead of each use: nobody asks before each of so many."""
    first: dict[str, _Newer] = {}
    for one in found:
        if one.likely:
            first.setdefault(one.name, one)
    by_age = sorted(first.values(), key=lambda one: (release(one.since), one.name), reverse=True)
    newest, more = by_age[0], len(by_age) - 1
    return Match(
        promise.said if promise.said is not None else newest.at,
        f"'{newest.name}' exists since {newest.host} {newest.since}, {more} more names that the code uses are too new "
        f"as well, and {_missing(promise)}.",
        related=tuple((one.at, f"'{one.name}', since {one.host} {one.since}") for one in by_age[:_TOLD]),
        fix=f"Promise {newest.host} {newest.since} or newer in '{_field(promise)}'.",
        confidence=Confidence.LIKELY,
    )


def _missing(promise: Promise) -> str:
    said = promise.said.text[:40] if promise.said is not None else ""
    return f"'{_field(promise)}' is '{said}': in {promise.table.host} {promise.spelled} it is not there"


def _too_new(promise: Promise, symbol: Symbol) -> bool:
    return (
        bool(symbol.since)
        and promise.said is not None
        and promise.oldest is not None
        and release(symbol.since) > promise.oldest
    )


def _harm(symbol: Symbol, use: Expr) -> Confidence | None:
    """Return how sure it is that a use fails where the symbol is missing; None for what an older host only ignores."""
    if "#" not in symbol.name:
        return Confidence.LIKELY
    if isinstance(use.parent, Assign) and use.parent.target is use:
        return None
    return Confidence.LIKELY if use_of(use).how in _FAILS else Confidence.POSSIBLE


def _field(promise: Promise) -> str:
    return promise.table.minimum.split("|")[0]
