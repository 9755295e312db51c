"""LIF020: a plugin is entered as running before its activation succeeded, and stays when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.entries import Entry, concerns, entries, ran_after, ran_before, undone_on_failure
from reviewer.experts.lifecycle.hooks import HOOK_WORDS, HookUse, uses_in
from reviewer.experts.lifecycle.vocabulary import ACTIVE_WORDS, has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("LIF020", words=HOOK_WORDS)
def active_before_activation(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where an entry is made, then the waking hook is called, and nothing takes the entry back."""
    if module.is_test:
        return
    for use in uses_in(inquiry, module, "start"):
        entry = _entered_early(inquiry, module, use)
        if entry is not None:
            where = f"'{entry.table.name}'" if entry.table is not None else "its state"
            said = {"active": "as running", "pending": "as starting"}.get(
                entry.state, "among the plugins that are there"
            )
            yield Match(
                entry.node,
                f"The plugin is entered in {where} {said} before '{module.text_of(use.member)}' has succeeded, "
                "and nothing takes the entry back when it fails.",
                related=((use.call, "activated here"),),
            )


def _entered_early(inquiry: Inquiry, module: Module, use: HookUse) -> Entry | None:
    early = [e for e in entries(inquiry, module) if _says_there(module, e, use) and ran_before(e, use.site)]
    if not early or undone_on_failure(module, use.site):
        return None
    later = [e for e in entries(inquiry, module) if e.state == "active" and e.table is None and ran_after(e, use.site)]
    if later:
        early = [e for e in early if e.state == "active"]
    early.sort(key=lambda e: (e.state != "active", e.node.line))
    return early[0] if early else None


def _says_there(module: Module, entry: Entry, use: HookUse) -> bool:
    if entry.state == "resting" or not concerns(module, entry, use):
        return False
    if entry.table is None:
        return entry.state == "active"
    if entry.table.kind == "list" and entry.state != "active":
        return has_word(entry.table.name, ACTIVE_WORDS)
    return True
