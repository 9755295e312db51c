"""Seven experts: the checks that need Python, one small file each."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOADED: set[str] = set()


def load_checks(experts: Iterable[str]) -> None:
    """Import every check of these experts, so that it stands in the registry; each only once.

    A check is a module ``reviewer.experts.<expert>.<name>``; folders below an expert hold helpers
    that its checks import themselves.
    """
    for expert in experts:
        if expert in _LOADED:
            continue
        _LOADED.add(expert)
        name = f"{__name__}.{expert}"
        try:
            package = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            continue  # an expert may have rules of data alone
        for module in sorted(found.name for found in pkgutil.iter_modules(package.__path__) if not found.ispkg):
            importlib.import_module(f"{name}.{module}")
