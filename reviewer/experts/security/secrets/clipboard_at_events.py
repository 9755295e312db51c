"""SEC069: the clipboard is read whenever something happens for which nobody asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Function, Member, Name, Node, strip
from reviewer.code.text.ideas import LISTENS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.paths import last_name, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_READS: Final = frozenset({"readText", "read", "read_text", "paste", "readSync", "get_text", "getText"})
_HOLDERS: Final = frozenset({"clipboard", "pyperclip", "clipboardy"})
_UNASKED: Final = word_set(
    "focus focused focusin blur visible visibility visibilitychange shown activated idle tick ready resumed online "
    "started opened mousemove changed switched"
)
"""Words of an event with which nobody asks to paste."""
_ASKED: Final = word_set(
    "paste copy cut click clicked command key keydown press pressed shortcut button clipboard menu"
)
_REPEATS: Final = frozenset("setInterval every call_later schedule add_job repeat".split())


@module_check("SEC069", words=_HOLDERS)
def clipboard_at_events(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at who calls the functions that read the clipboard: by a listener of an event, or by a timer."""
    if module.is_test:
        return
    readers = {
        function.name: call
        for call in module.calls(_READS)
        if call.receiver is not None
        and set(words(last_name(strip(call.receiver)))) & _HOLDERS
        and (function := function_of(call)) is not None
        and function.name
    }
    for name, read in readers.items():
        for use in _uses(module, name):
            listening = next(
                (one for one in ancestors(use) if isinstance(one, Call) and _is_unasked(module, one)), None
            )
            if listening is None or not _is_inside(use, listening):
                continue
            yield Match(
                listening,
                "The clipboard is read here without anybody asking for it: passwords that were copied for something "
                "else pass through it.",
                related=((read, "read here"),),
                fix="Read it only when a person gives the command to paste.",
            )


def _uses(module: Module, name: str) -> Iterator[Node]:
    """Yield where a function of the file is called, or handed on."""
    for node in module.some(Name, Member):
        if isinstance(node, Name | Member) and last_name(node) == name:
            yield node


def _is_inside(use: Node, listening: Call) -> bool:
    """Tell whether a use is in what is handed over to be called, and in no other function's."""
    for given in listening.args[1:] if listening.name not in _REPEATS else listening.args:
        if any(one is use for one in find(given, Node)) and not any(
            isinstance(inner, Call) and inner is not listening and inner.args and _hands_on(inner, use)
            for inner in find(given, Call)
        ):
            return True
    return False


def _hands_on(call: Call, use: Node) -> bool:
    return any(isinstance(strip(arg), Function) and any(one is use for one in find(arg, Node)) for arg in call.args)


def _is_unasked(module: Module, call: Call) -> bool:
    """Tell whether a call listens to an event with which nobody asks to paste, or repeats something."""
    if call.name in _REPEATS:
        return True
    if call.name not in LISTENS | {"once"} or len(call.args) < 2:
        return False
    said = set(words(fixed_text(module, call.args[0])))
    return bool(said & _UNASKED) and not said & _ASKED
