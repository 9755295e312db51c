"""LIF007: the module of an entry point does its work when the host imports it to find the plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.activation.work_at_import import work_at_top
from reviewer.experts.lifecycle.holding.owners import owners
from reviewer.experts.python_package.entry_points import SCRIPTS, entry_points
from reviewer.experts.python_package.targets import module_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("LIF007")
def work_at_entry(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the modules that entry points lead to, where no plugin with a beginning and an end stands in them."""
    if module.path not in _entered(inquiry) or any(owner.plugin for owner in owners(inquiry, module)):
        return
    yield from work_at_top(module)


def _entered(inquiry: Inquiry) -> frozenset[str]:
    """Return the files that a host imports for the entry points of the package; worked out once."""
    known = inquiry.memory.get("python.entered")
    if not isinstance(known, frozenset):
        references = [one.reference for one in entry_points(inquiry) if one.group not in SCRIPTS]
        found = {module_file(inquiry, reference[0]) for reference in references if reference is not None}
        known = inquiry.memory["python.entered"] = frozenset(found)
    return known
