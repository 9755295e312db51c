"""The modules of one subject that are kept at once, and what becomes of the others."""

from __future__ import annotations

import gc
import weakref
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reviewer.code.module import Module

KEPT_BYTES: Final = 250_000
"""Source text whose modules are kept at once, where nobody says more; one takes some fifty times its text."""
KEPT_FILES: Final = 2
"""Files whose modules are kept whatever their size."""
_COLLECT_BYTES: Final = 300_000
"""Source text of modules beyond what is kept that is always let be: their nodes hold each other."""


class KeptModules:
    """Modules by path: those asked for last are held, and any other as long as its memory is not taken back.

    What a kept module remembers of another holds that one as well, so what is alive is counted, and not only
    what is kept.
    """

    def __init__(self, keeps: int) -> None:
        """Take how much source text may have its modules kept at once."""
        self._keeps = keeps
        self._held: OrderedDict[str, Module | None] = OrderedDict()
        self._alive: weakref.WeakValueDictionary[str, Module] = weakref.WeakValueDictionary()
        self._living = 0
        """Source text of what is alive, garbage included."""
        self._most = 0
        """How much may be alive before memory is taken back."""
        self.size = 0
        """How much source text has its modules kept."""

    def __getitem__(self, path: str) -> Module | None:
        """Return the module of a path, None where it is known to have none; from now on it is kept, as the last to go.

        Raises `KeyError` for a path whose module has to be made, or made again.
        """
        if path in self._held:
            self._held.move_to_end(path)
            return self._held[path]
        module = self._alive[path]
        self._hold(path, module)
        return module

    def at_hand(self, path: str) -> Module | None:
        """Return the module of a path where it is still there."""
        return self._held.get(path) or self._alive.get(path)

    def put(self, path: str, module: Module | None) -> None:
        """Keep what was made for a path: its module, or None where it has none."""
        if module is not None:
            self._alive[path] = module
            self._living += len(module.source)
        self._hold(path, module)

    def keep(self, size: int) -> None:
        """Let modules of so much source text be kept from now on, or more where more are kept already."""
        self._keeps = max(self._keeps, size)

    def alive(self) -> list[Module]:
        """Return the modules that are still there."""
        return list(self._alive.values())

    def let_all_go(self) -> None:
        """Keep no module, and take the memory back."""
        self._held.clear()
        self.size = 0
        self._collect()

    def _hold(self, path: str, module: Module | None) -> None:
        self._held[path] = module
        if module is None:
            return
        self.size += len(module.source)
        for old in list(self._held):
            if self.size <= self._keeps or len(self._held) <= KEPT_FILES:
                break
            gone = self._held.pop(old)
            self.size -= len(gone.source) if gone is not None else 0
        if self._living > max(self._most, self._keeps + self._slack):
            self._take_back()

    @property
    def _slack(self) -> int:
        """How much more may be alive: what waits to be taken back is found again, and to look for it takes time."""
        return max(_COLLECT_BYTES, self._keeps // 2)

    def _take_back(self) -> None:
        for module in self._held.values():
            if module is not None:
                module.memory.clear()  # it is all worked out anew where somebody asks
        self._collect()
        self._most = self._living + self._slack // 2

    def _collect(self) -> None:
        gc.collect()
        self._living = sum(len(one.source) for one in self._alive.values())
