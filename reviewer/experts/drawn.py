"""What checks of the whole subject need to know of each module, drawn while the module is at hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from msgspec import Struct, convert, to_builtins

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_T = TypeVar("_T")
_DRAWN: Final[list[Drawn[object]]] = []


class Fact(Struct, frozen=True):
    """What a drawn record is made of: its types are read while the program runs, when another process drew it."""


class Drawn(Generic[_T]):
    """One kind of facts: small records with places instead of nodes, so that no module is held by them.

    A subject that is too large to be kept in memory as a whole would else be parsed once more
    for every question about all of it.
    """

    def __init__(
        self,
        name: str,
        draw: Callable[[Inquiry, Module], _T | None],
        record: type[_T],
        naming: Collection[str] = (),
        *,
        tests: bool | None = None,
    ) -> None:
        """Take what draws the facts of a module, and what they are: a `Fact`, or a collection of such and plain data.

        ``naming`` and ``tests`` as `Project.modules` takes them.
        """
        self.name = name
        self._record = record
        self._draw = draw
        self._naming = frozenset(naming)
        self._tests = tests
        _DRAWN.append(cast("Drawn[object]", self))

    def take(self, inquiry: Inquiry, module: Module) -> None:
        """Draw the facts of a module that is at hand, and keep them."""
        self._kept(inquiry)[module.path] = self._draw(inquiry, module) if self._worth(module) else None

    def knows(self, inquiry: Inquiry, path: str) -> bool:
        """Tell whether the facts of a module are there."""
        return path in self._kept(inquiry)

    def of(self, inquiry: Inquiry) -> Iterator[_T]:
        """Yield the facts of all modules in the order of their paths, drawing what was not drawn yet."""
        kept = self._kept(inquiry)
        for path in inquiry.project.sources:
            if path not in kept:
                module = inquiry.project.module(path)
                if module is None:
                    continue
                if path not in kept:  # in a large subject it is drawn as soon as it is parsed
                    self.take(inquiry, module)
            facts = kept.get(path)
            if facts is not None:
                yield facts

    def _worth(self, module: Module) -> bool:
        """Tell whether anything may be drawn of a module."""
        if self._tests is not None and module.is_test is not self._tests:
            return False
        return (
            not self._naming
            or not self._naming.isdisjoint(module.words)
            or not self._naming.isdisjoint(module.identifiers)
        )

    def told(self, inquiry: Inquiry, path: str) -> Any:
        """Return what is kept of a module, as plain data."""
        return to_builtins(self._kept(inquiry).get(path))

    def hear(self, inquiry: Inquiry, path: str, told: Any) -> None:
        """Keep what another process drew of a module; raises `msgspec.ValidationError` for what is no such record."""
        self._kept(inquiry)[path] = None if told is None else convert(told, self._record)

    def _kept(self, inquiry: Inquiry) -> dict[str, _T | None]:
        return cast("dict[str, _T | None]", inquiry.memory.setdefault(f"drawn.{self.name}", {}))


def draw_all(inquiry: Inquiry, module: Module) -> dict[str, Any]:
    """Draw every kind of facts of a module, for a subject that is too large to be walked again.

    Returns by name, as plain data, what there is: for processes that have not seen the module.
    """
    for drawn in _DRAWN:
        if not drawn.knows(inquiry, module.path):
            drawn.take(inquiry, module)
    told = ((drawn.name, drawn.told(inquiry, module.path)) for drawn in _DRAWN)
    return {name: facts for name, facts in told if facts is not None}


def hear_all(inquiry: Inquiry, path: str, told: Mapping[str, Any]) -> None:
    """Keep what another process drew of a module."""
    for drawn in _DRAWN:
        drawn.hear(inquiry, path, told.get(drawn.name))
