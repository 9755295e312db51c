"""API161: the plugin alone says how long the host waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import class_of_value
from reviewer.code.syntax import Call, Expr, Index, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import PLUGINS
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_WAITS: Final = {"sleep": 0, "setInterval": 1, "setTimeout": 1, "Timer": 0, "wait": 0, "call_later": 0}
"""Calls that wait, and where they take how long."""
_LENGTHS: Final = frozenset(
    "interval period every delay pause frequency refresh poll pollms ms seconds cadence".split()
)
_DECLARING: Final = PLUGINS | {"manifest", "driver", "probe", "filter", "job", "task", "sensor", "source"}

_ONES_OWN: Final = frozenset({"job", "task"})
"""Those of them that a program has of its own as well: only their type tells."""


@module_check("API161", words={"sleep", "interval", "timer", "wait", "timeout", "later"})
def interval_unchecked(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each wait of the host for who says how long it is."""
    if module.is_test:
        return
    for call in module.calls(_WAITS):
        length = call.arg(_WAITS[call.name], "interval")
        if length is None:
            continue
        said = _said(module, length)
        if said is not None and not _tested(module, call, length):
            yield Match(
                call,
                f"'{short(module.text_of(said))}' is what the plugin says, as it is: zero makes this a loop that never "
                "rests, and a text ends it.",
            )


def _said(module: Module, length: Expr) -> Member | Index | None:
    """Return the member of a plugin that a length is, itself or through a name that holds nothing else."""
    made = module.scopes.origin(length)
    value = strip(made) if isinstance(made, Expr) else None
    if isinstance(value, Call) and not value.args and not value.keywords:
        value = strip(value.callee)
    if not isinstance(value, Member) or not set(words(value.name)) & _LENGTHS:
        return None
    return value if _is_plugin(module, value.object) else None


def _is_plugin(module: Module, holder: Expr) -> bool:
    """Tell whether an object is of a plugin: by its type, or a plain name that says so."""
    holder = strip(holder)
    if not isinstance(holder, Name) or holder.id in ("this", "self"):
        return False
    named = words(holder.id)
    if not named or not set(named) & _DECLARING or named[-1] in _ONES_OWN:
        return _is_protocol(module, holder)
    return named[-1] in _DECLARING


def _is_protocol(module: Module, holder: Name) -> bool:
    for binding in module.scopes.lookup(holder.id, holder):
        if isinstance(binding, Param):
            known = class_of_value(module, holder)
            return known is not None and known.kind == "interface" and any(m.signature_only for m in known.methods)
    return False


def _tested(module: Module, call: Call, length: Expr) -> bool:
    """Tell whether the length was looked at before, by whatever comparison."""
    text = module.text_of(length)
    tests: list[Node] = [condition.test for condition in conditions(call)]
    return any(module.text_of(name) == text for test in tests for name in find(test, Expr))
