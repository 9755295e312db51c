"""What checks of the whole subject need to know of each module, drawn while the module is at hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Final, Generic, TypeVar, cast

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_T = TypeVar("_T")
_DRAWN: Final[list[Drawn[object]]] = []


class Drawn(Generic[_T]):
    """One kind of facts: small records with places instead of nodes, so that no module is held by them.

    A subject that is too large to be kept in memory as a whole would else be parsed once more
    for every question about all of it.
    """

    def __init__(
        self,
        name: str,
        draw: Callable[[Inquiry, Module], _T | None],
        naming: Collection[str] = (),
        *,
        tests: bool | None = None,
    ) -> None:
        """Take what draws the facts of a module; ``naming`` and ``tests`` as `Project.modules` takes them."""
        self.name = name
        self._draw = draw
        self._naming = frozenset(naming)
        self._tests = tests
        _DRAWN.append(cast("Drawn[object]", self))

    def take(self, inquiry: Inquiry, module: Module) -> None:
        """Draw the facts of a module that is at hand, and keep them."""
        if self._tests is not None and module.is_test is not self._tests:
            return
        kept = self._kept(inquiry)
        if module.path in kept:
            return
        if self._naming and self._naming.isdisjoint(module.words) and self._naming.isdisjoint(module.identifiers):
            kept[module.path] = None
        else:
            kept[module.path] = self._draw(inquiry, module)

    def of(self, inquiry: Inquiry) -> Iterator[_T]:
        """Yield the facts of all modules in the order of their paths, drawing what was not drawn yet."""
        kept = self._kept(inquiry)
        for path in inquiry.project.sources:
            if path not in kept:
                module = inquiry.project.module(path)
                if module is None:
                    continue
                self.take(inquiry, module)
            facts = kept.get(path)
            if facts is not None:
                yield facts

    def _kept(self, inquiry: Inquiry) -> dict[str, _T | None]:
        return cast("dict[str, _T | None]", inquiry.memory.setdefault(f"drawn.{self.name}", {}))


def draw_all(inquiry: Inquiry, module: Module) -> None:
    """Draw every kind of facts of a module, for a subject that is too large to be walked again."""
    for drawn in _DRAWN:
        drawn.take(inquiry, module)
