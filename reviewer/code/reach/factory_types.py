"""Types that are said to be what a factory gives: ``type Desk = ReturnType<typeof openDesk>``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.code.module import Module

_ALIAS: Final = regex(r"\btype\s+(\w+)\s*=\s*(?:Awaited<\s*|Readonly<\s*)?ReturnType<\s*typeof\s+(\w+)\s*>")
_DIRECT: Final = regex(r"^ReturnType<\s*typeof\s+(\w+)\s*>$")


def factory_of(module: Module, annotation: str) -> str:
    """Return the name of the factory that a type names, by itself or through an alias of the module; else nothing."""
    direct = _DIRECT.search(annotation)
    return str(direct.group(1)) if direct is not None else _aliases(module).get(annotation, "")


def _aliases(module: Module) -> Mapping[str, str]:
    """Return the aliases of a module with the factories that they name."""
    return module.once("code.factory_types", lambda: _read(module))


def _read(module: Module) -> Mapping[str, str]:
    if module.language == "python" or b"ReturnType<" not in module.source:
        return {}
    return {str(one.group(1)): str(one.group(2)) for one in _ALIAS.finditer(module.source.decode("utf-8", "replace"))}
