"""The code of an Obsidian plugin: which files its entry reaches, and what its names mean to the app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from reviewer.code.syntax import Call, Export, Import, Literal, Name
from reviewer.experts.followed_files import followed_files
from reviewer.experts.host.promised import promises
from reviewer.experts.host.symbols import symbol_of
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry
    from reviewer.subject.api_table import ApiTable

_ENTRIES: Final = ("src/main.ts", "main.ts", "src/index.ts", "src/main.tsx", "src/plugin.ts", "src/main.js")


def table_of(inquiry: Inquiry) -> ApiTable | None:
    """Return the table of the app's API."""
    return next((promise.table for promise in promises(inquiry)), None)


def oldest_app(inquiry: Inquiry) -> tuple[int, ...] | None:
    """Return the oldest release of the app that the manifest promises."""
    return next((promise.oldest for promise in promises(inquiry)), None)


def means(inquiry: Inquiry, module: Module, expr: Expr) -> str:
    """Return the symbol of the app's API that an expression names, or an empty string."""
    table = table_of(inquiry)
    symbol = symbol_of(module, table, expr) if table is not None else None
    return symbol.name if symbol is not None else ""


def is_plugin_code(inquiry: Inquiry, module: Module) -> bool:
    """Tell whether a file is part of the plugin, and no test, build script or program beside it."""
    if module.is_test or is_tooling(module.path):
        return False
    reached = _reached(inquiry)
    return not reached or module.path in reached


def desktop_only(inquiry: Inquiry) -> bool:
    """Tell whether the manifest keeps the plugin off phones and tablets."""
    said = inquiry.manifest.get("isDesktopOnly") if inquiry.manifest is not None else None
    return said is not None and said.data is True


def _reached(inquiry: Inquiry) -> frozenset[str]:
    """Return the files that the entry reaches; nothing where the entry's source is not known."""

    def leads(module: Module) -> Iterator[str]:
        for source in _sources(module):
            yield inquiry.project.target(module.path, source) or _from_root(inquiry, source)

    known = inquiry.memory.get("obsidian.reached")
    if known is None:
        sources = frozenset(inquiry.project.sources)
        start = next((path for path in _ENTRIES if path in sources), "")
        known = inquiry.memory["obsidian.reached"] = followed_files(inquiry, [start] if start else [], leads)
    return cast("frozenset[str]", known)


def _from_root(inquiry: Inquiry, source: str) -> str:
    """Return the file of an import that counts from the root: ``src/view``, ``@/view``."""
    bare = source.removeprefix("@/").removeprefix("~/")
    if source.startswith("."):
        return ""
    for base in (bare, f"src/{bare}"):
        for ending in (".ts", ".tsx", ".js", "/index.ts", ""):
            if base + ending in inquiry.project.sources:
                return base + ending
    return ""


def _sources(module: Module) -> Iterator[str]:
    for statement in module.all(Import):
        yield statement.source
    for export in module.all(Export):
        if export.source:
            yield export.source
    for call in module.all(Call):
        required = isinstance(call.callee, Name) and call.callee.id in ("require", "import")
        first = call.args[0] if required and call.args else None
        if isinstance(first, Literal) and isinstance(first.value, str):
            yield first.value
