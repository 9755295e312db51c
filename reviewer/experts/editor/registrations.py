"""Calls by which code hands something to the editor under an id: ``window.createTreeView("acme.list", …)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.syntax import Call
from reviewer.core.location import Location
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.host.promised import promises
from reviewer.experts.host.symbols import symbol_of
from reviewer.experts.place import locate
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WORDS: Final = frozenset({"register", "create"})
_MOST: Final = 1_000


class Registration(Fact, frozen=True):
    """One call with the symbol of the host that it calls, and the id that it names; empty for one that code makes."""

    symbol: str
    id: str
    at: Location


class Registrations(Struct):
    """The registrations of a subject."""

    made: list[Registration] = field(default_factory=list)

    def of(self, symbols: Iterable[str]) -> list[Registration]:
        """Return the calls of some symbols."""
        wanted = frozenset(symbols)
        return [one for one in self.made if one.symbol in wanted]


def registrations(inquiry: Inquiry) -> Registrations:
    """Return what the code of a subject registers with its host."""
    found = Registrations()
    for part in _MADE.of(inquiry):
        found.made += part[: max(0, _MOST - len(found.made))]
    return found


def _collect(inquiry: Inquiry, module: Module) -> list[Registration]:
    if is_tooling(module.path):
        return []
    found = []
    for promise in promises(inquiry):
        for call in module.all(Call):
            if not call.name.startswith(("register", "create")) or not call.args:
                continue
            symbol = symbol_of(module, promise.table, call.callee)
            if symbol is not None and "#" not in symbol.name:
                at = locate(module, call.args[0])
                found.append(Registration(symbol.name, fixed_text(module, call.args[0]), at))
    return found


_MADE: Final = Drawn("editor.registrations", _collect, list[Registration], _WORDS, tests=False)
