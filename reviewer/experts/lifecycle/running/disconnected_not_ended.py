"""LIF446: at the end a process only loses its channel or its input, and runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Literal, Member, strip
from reviewer.code.text.words import words
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.holding.fate import GOODBYES
from reviewer.experts.lifecycle.holding.processes import FORKS, PROCESSES, is_made_by, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_ENDS: Final = frozenset("kill terminate wait communicate close destroy join send_signal cancel abort".split())
"""Calls on a process that end it, or wait until it has ended."""
_LISTENS: Final = frozenset({"on", "once", "off", "addListener", "removeListener", "is", "log", "info", "debug"})
_TELLS: Final = frozenset({"send", "write", "postMessage", "post", "drain", "end", "disconnect"})


@module_check("LIF446", words={"disconnect", "stdin"})
def disconnected_not_ended(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each line that cuts off a process for one beside it that ends the process or waits for its end."""
    if module.is_test:
        return
    for call in module.calls(("disconnect", "end", "close")):
        holder, makers = _cut_off(call)
        if holder is None or not is_made_by(module, holder, makers):
            continue
        others = [other for other in told(module, call, holder) if other is not call]
        if any(_may_end(module, other, holder) for other in others) or _hears(inquiry, call):
            continue
        channel = call.name == "disconnect"
        yield Match(
            call,
            f"'{short(module.text_of(call))}' only cuts off the {'channel' if channel else 'input'}: a process "
            "that has a timer, a socket or work of its own runs on, and nobody can reach it any more.",
            confidence=None if channel else Confidence.POSSIBLE,
        )


def _cut_off(call: Call) -> tuple[Expr | None, frozenset[str]]:
    """Return what a call cuts off, and what would have to have started it."""
    receiver = strip(call.receiver) if call.receiver is not None else None
    if receiver is None or call.args:
        return None, FORKS
    if call.name == "disconnect":
        return receiver, FORKS
    if isinstance(receiver, Member) and receiver.name in ("stdin", "_stdin"):
        return receiver.object, PROCESSES
    return None, FORKS


def _may_end(module: Module, call: Call, holder: Expr) -> bool:
    """Tell whether a call ends a process, says goodbye to it, or gives it to somebody who may."""
    receiver = strip(call.receiver) if call.receiver is not None else None
    if receiver is not None and module.text_of(receiver) == module.text_of(holder):
        return call.name in _ENDS or (call.name in _TELLS and bool(_said(call) & GOODBYES))
    if receiver is not None and call.name in _ENDS:
        return True
    if call.name in _TELLS:
        return bool(_said(call) & GOODBYES)
    return call.name not in _LISTENS and any(_is_holder(arg, module, holder) for arg in call.args)


def _is_holder(arg: Expr, module: Module, holder: Expr) -> bool:
    """Tell whether an argument is the process itself, by its text or its last name."""
    one, other = strip(arg), strip(holder)
    if module.text_of(one) == module.text_of(other):
        return True
    return isinstance(one, Member) and isinstance(other, Member) and one.name == other.name


def _said(call: Call) -> set[str]:
    return {
        word
        for arg in call.args
        for node in (strip(arg), *getattr(strip(arg), "entries", ()))
        for value in (node if isinstance(node, tuple) else (node,))
        if isinstance(value, Literal) and isinstance(value.value, str)
        for word in words(value.value)
    }


def _hears(inquiry: Inquiry, call: Call) -> bool:
    """Tell whether a file of the subject ends itself when its channel is cut: ``process.on("disconnect", …)``."""
    if call.name != "disconnect":
        return False
    return any(
        b"'disconnect'" in text or b'"disconnect"' in text or b"`disconnect`" in text
        for _path, text in inquiry.project.texts({"disconnect"})
    )
