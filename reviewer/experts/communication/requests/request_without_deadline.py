"""COM184: a plugin asks the network without a limit, although its host's network takes one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call
from reviewer.code.walk import ancestors, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, said_in, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ASKS: Final = ("fetch", "request")
_NETWORK: Final = word_set("network net http client")
_LIMITERS: Final = frozenset("race within withtimeout timeout limited deadline abort signal settimeout".split())


@module_check("COM184", words={"fetch", "request"})
def request_without_deadline(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each request of a plugin through its host for something that ends the waiting."""
    if module.is_test or inquiry.subject.kind != "plugin":
        return
    for call in module.calls(_ASKS):
        if call.receiver is None or not set(last_words(call.receiver)[-1:]) & _NETWORK or len(call.args) != 1:
            continue
        function = function_of(call)
        limited = function is not None and said_in(function.body) & _LIMITERS
        if limited or not _takes_a_signal(inquiry, call.name) or any(_bounds(one) for one in ancestors(call)):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(call.callee))}' takes a signal and is given none: a service that accepts and "
            "never answers keeps whoever waits here waiting for ever.",
            fix="Hand over a limit: `{ signal: AbortSignal.timeout(5_000) }`.",
        )


def _bounds(node: object) -> bool:
    return isinstance(node, Call) and node.name.lower() in _LIMITERS


def _takes_a_signal(inquiry: Inquiry, name: str) -> bool:
    """Tell whether a type of the subject says that the host's own function takes a signal as an option."""
    for module in inquiry.project.modules(naming={"AbortSignal"}, tests=False):
        for shape in module.classes:
            if any(f"{name}(" in field.type and "signal" in field.type for field in shape.fields):
                return True
            if any(
                method.name == name and any("signal" in param.type for param in method.params)
                for method in shape.methods
            ):
                return True
    return False
