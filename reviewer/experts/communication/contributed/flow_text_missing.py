"""COM331: a flow answers with a key that its texts do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Call, Index, Literal, Object
from reviewer.code.walk import function_of
from reviewer.core.nearest import did_you_mean
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.integration.facts import discovery_steps, flow_modules, is_integration
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_FILES = ("strings.json", "translations/en.json")
_FLOWS = ("config", "options")


@subject_check("COM331")
def flow_text_missing(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the errors and the reasons of a flow with those that have a text in the first language."""
    path = next((one for one in _FILES if one in inquiry.subject.other_documents), "")
    if not path or not is_integration(inquiry):
        return
    root = inquiry.subject.other_documents[path].root
    known = {kind: _keys(root, kind) for kind in ("error", "abort")}
    told: set[tuple[str, str]] = set()
    for module in flow_modules(inquiry):
        for kind, key, at in _said(module):
            if _unseen(inquiry, at) or key in known[kind] or (kind, key) in told or not key.replace("_", "").isalnum():
                continue
            told.add((kind, key))
            what = "error" if kind == "error" else "reason to end"
            yield Match(
                locate(module, at),
                f"The flow gives the {what} '{key}', and {path} has no text for it"
                f"{did_you_mean(key, known[kind])}: people see the key.",
            )


def _unseen(inquiry: Inquiry, at: Node) -> bool:
    """Tell whether a place lies in a step for what was discovered: nobody is looking when that ends."""
    function = function_of(at)
    return function is not None and function.name in discovery_steps(inquiry)


def _keys(root: Value, kind: str) -> set[str]:
    """Return the keys of one kind in all flows, those of subentries too."""
    found: set[str] = set()
    holders = [root.get(flow) for flow in _FLOWS]
    subentries = root.get("config_subentries")
    holders += [value for _name, value in subentries.members()] if subentries is not None else []
    for holder in holders:
        table = holder.get(kind) if holder is not None else None
        if table is not None:
            found.update(name for name, _value in table.members())
    return found


def _said(module: Module) -> Iterator[tuple[str, str, Node]]:
    """Yield (kind, key, place) of every error and reason that is a fixed text."""
    for call in module.calls({"async_abort", "AbortFlow"}):
        reason = call.arg(0 if call.name == "AbortFlow" else -1, "reason")
        if reason is not None and "translation_domain" not in call.keywords:  # the text is another integration's
            yield "abort", fixed_text(module, reason), reason
    for held in module.all(Assign):
        target = held.target
        if isinstance(target, Index) and getattr(target.object, "id", "") == "errors" and held.value is not None:
            yield "error", fixed_text(module, held.value), held.value
    for call in module.all(Call):
        shown = call.keywords.get("errors") if call.name == "async_show_form" else None
        if isinstance(shown, Object):
            for key, value in shown.entries:
                if isinstance(key, Literal):
                    yield "error", fixed_text(module, value), value
