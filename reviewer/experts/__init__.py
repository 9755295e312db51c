"""Seven experts: the checks that need Python, one small file each."""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HERE: Final = Path(__file__).resolve().parent
_REGISTERS: Final = re.compile(rb'^@(?:module|subject)_check\(\s*"([A-Z]{3}[0-9]{3})"', re.MULTILINE)
_LOADED: set[str] = set()


@cache
def homes() -> Mapping[str, tuple[str, ...]]:
    """Return for each rule the modules that register a check for it, without importing any.

    A check is a module ``reviewer.experts.<expert>.<name>`` that names its rule in the decorator.
    Reading the files costs a twentieth of importing them, and most reviews need few.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(_HERE.glob("*/*.py")):
        for rule in dict.fromkeys(_REGISTERS.findall(path.read_bytes())):
            found.setdefault(rule.decode(), []).append(f"{__name__}.{path.parent.name}.{path.stem}")
    return {rule: tuple(modules) for rule, modules in found.items()}


def load_checks(rules: Iterable[str]) -> None:
    """Import the checks of these rules, so that they stand in the registry; each only once.

    A rule without a module is one of data, or one that the engine itself speaks for.
    """
    known = homes()
    for rule in sorted(set(rules) - _LOADED):
        _LOADED.add(rule)
        for module in known.get(rule, ()):
            importlib.import_module(module)
