"""LIF009: a plugin gives its state and can't take it back, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.reach.links import knows_all_bases, lineage
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Member
from reviewer.code.walk import walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.hooks.hooks import kind_of_name
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS, RESTORES, STATES, has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Function

_GIVES: Final = frozenset(
    f"{verb}{what}" for verb in ("get", "save", "export", "serialize", "dump", "snapshot") for what in STATES
)
_TAKES: Final = RESTORES | {f"hydrate{what}" for what in STATES}
_RESTORES: Final = frozenset(f"restore{what}" for what in STATES)
_PAIRS: Final = (
    (_GIVES, _TAKES),
    (_RESTORES, _GIVES | {"snapshot"}),
    (frozenset({"dehydrate"}), frozenset({"hydrate", "rehydrate"})),
)


@module_check("LIF009", words={*STATES, "hydrate", "dehydrate"})
def state_pair_incomplete(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the member whose counterpart a plugin, or the contract of one, does not have."""
    if module.is_test or not any(kind_of_name(name) in ("start", "stop") for name in module.identifiers):
        return
    for cls in module.classes:
        if not _is_plugin(cls) or not knows_all_bases(cls):
            continue
        # What an interface offers, a class that implements it need not have.
        owners = [c for c in lineage(cls) if c is cls or c.kind == "class"]
        names = {flat(method.name) for c in owners for method in c.methods}
        names |= {flat(field.name) for c in owners for field in c.fields}
        for method in cls.methods:
            missing = _missing(method, names)
            if missing and not _calls_itself(cls, method):
                yield Match(
                    method,
                    f"'{cls.name}' has {method.name}() and no {missing}: the pair is how state lives through a reload, "
                    "and with one half of it the state is lost.",
                )


def _is_plugin(cls: Class) -> bool:
    kinds = {kind_of_name(method.name) for method in cls.methods}
    if cls.kind != "class":
        return {"start", "stop"} <= kinds
    return {"start", "stop"} <= kinds and (
        has_word(cls.name, PLUGIN_WORDS) or any(flat(m.name) in ("activate", "onload") for m in cls.methods)
    )


def _calls_itself(cls: Class, method: Function) -> bool:
    """Tell whether a method is a helper of its class, not a hook that the host calls."""
    return any(
        isinstance(node, Member) and node.name == method.name and is_this_member(node)
        for other in cls.methods
        if other is not method
        for node in walk(other.body)
    )


def _missing(method: Function, names: set[str]) -> str:
    python = method.module.language == "python"
    for half, others in _PAIRS:
        if flat(method.name) in half and not names & others:
            what = next((what for what in STATES if flat(method.name).endswith(what)), "state")
            verb = "get" if flat(method.name) in _RESTORES else "restore"
            return f"{verb}_{what}()" if python else f"{verb}{what.title()}()"
    return ""
