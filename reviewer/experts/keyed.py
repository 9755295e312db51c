"""The keyed collections of a module, worked out once per review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.tables import Table, tables

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


def module_tables(inquiry: Inquiry, module: Module) -> tuple[Table, ...]:
    """Return the tables of a module with their accesses; asking lowers the whole file."""
    known = inquiry.memory.setdefault("tables", {})
    assert isinstance(known, dict)
    found: tuple[Table, ...] | None = known.get(module.path)
    if found is None:
        found = known[module.path] = tuple(tables(module))
    return found
