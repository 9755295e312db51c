"""LIF333: what belongs to an entry is kept in the dict that all integrations share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Call, Expr, Index, Member
from reviewer.experts.check import Match, module_check
from reviewer.experts.integration.facts import is_integration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("LIF333", words={"data"})
def entry_data_in_hass(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for ``hass.data[DOMAIN][entry.entry_id] = …`` where nothing takes it away again."""
    if module.is_test or module.path != "__init__.py" or not is_integration(inquiry):
        return
    if "pop" in module.identifiers or b"del hass.data" in module.source:
        return
    for held in module.all(Assign):
        target = held.target
        if isinstance(target, Index) and _is_entry_id(target.key) and _in_hass(module, target.object):
            yield Match(
                held,
                f"'{module.text_of(target)}' is set for every entry and never taken away: it outlives the entry. Keep "
                "it as entry.runtime_data, which goes with the entry.",
            )


def _is_entry_id(key: Expr) -> bool:
    return isinstance(key, Member) and key.name == "entry_id"


def _in_hass(module: Module, base: Expr) -> bool:
    """Tell whether an expression is ``hass.data[…]``, at once or by ``setdefault``."""
    origin = module.scopes.origin(base)
    held = origin if isinstance(origin, Expr) else base
    if isinstance(held, Call):
        held = held.receiver or held
        return isinstance(held, Member) and held.name == "data"
    return isinstance(held, Index) and isinstance(held.object, Member) and held.object.name == "data"
