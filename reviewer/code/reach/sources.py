"""Where a whole module that is imported, or what ``require`` gives, comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Call, Imported, Literal, Name

if TYPE_CHECKING:
    from reviewer.code.module import Module


def module_source(module: Module, imported: Imported) -> str:
    """Return where the names of an imported module come from: ``from . import git`` imports ``.git``; else nothing."""
    if imported.name == "*":
        return imported.source
    if module.language != "python":
        return ""
    return f"{imported.source}{'' if imported.source.endswith('.') else '.'}{imported.name}"


def required(call: Call, name: str) -> Imported | None:
    """Return what ``require("./file")`` gives under a name as an import, or None for any other call."""
    source = call.args[0] if len(call.args) == 1 and isinstance(call.callee, Name) else None
    if not isinstance(source, Literal) or not isinstance(source.value, str) or call.name != "require":
        return None
    return Imported(name, name, source.value, type_only=False)
