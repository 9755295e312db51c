"""API182: a plugin is started with a list or a map of the host itself as an argument."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import declared_member
from reviewer.code.syntax import Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.scale import Confidence
from reviewer.experts.api.handed_out.live_table_handed import OWN, live_table
from reviewer.experts.check import Match, module_check
from reviewer.experts.guests import runs_guest
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hooks_of
from reviewer.experts.lifecycle.values import value_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_LOOKED_AT_ONLY = ("readonly", "mapping", "sequence", "iterable", "iterator", "frozenset", "tuple", "collection")


@module_check("API182", words=HOOK_WORDS | {"register", "install", "apply"})
def live_argument_handed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call by which a plugin begins for an argument that the host goes on using."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    hooks = {id(use.site) for use in hooks_of(module) if use.kind == "start"}
    told: set[int] = set()
    for call in [use.site for use in hooks_of(module) if use.kind == "start"] + list(module.calls(_BEGINS)):
        if id(call) in told or call.receiver is None:
            continue
        told.add(id(call))
        if id(call) not in hooks and runs_guest(module, call) is not Confidence.LIKELY:
            continue
        for place, given in enumerate(call.args):
            held = strip(given)
            table = live_table(module, held) if isinstance(held, Name | Member) else None
            if table is None or set(words(table.name)) & OWN or not _goes_on(table, call):
                continue
            if _looks_only(module, call, place):
                continue
            yield Match(
                given,
                f"'{table.name.strip('#_')}' itself is given to the plugin, no copy of the {table.kind}: what the "
                "plugin adds, replaces or removes is so for all the others and the host.",
                related=((table.declared, "the host's own"),),
            )


_BEGINS = frozenset({"setup", "register", "install", "apply", "configure"})


def _goes_on(table: Table, call: Call) -> bool:
    """Tell whether the host asks the collection elsewhere."""
    here = function_of(call)
    return any(access.function is not here for access in table.of("read", "iterate", "has", "write"))


def _looks_only(module: Module, call: Call, place: int) -> bool:
    """Tell whether the contract says that the plugin only looks at what it is given."""
    owner = value_class(module, call.receiver) if call.receiver is not None else None
    target = declared_member(owner, call.name) if owner is not None else None
    params = target.params if target is not None else []
    return place < len(params) and params[place].type.strip("'\" ").lower().startswith(_LOOKED_AT_ONLY)
