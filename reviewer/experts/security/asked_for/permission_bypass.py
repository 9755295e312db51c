"""SEC281: something that switches off the questions by which the assistant asks the person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.assistant.code_texts import is_run, texts_of
from reviewer.experts.assistant.orders import orders_of
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.check import Match, module_check, subject_check
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FLAG: Final = (
    r"--dangerously-skip-permissions\b|--permission-mode[ =]+[\"']?bypassPermissions|--yolo\b"
    r"|--dangerously-bypass-approvals-and-sandbox"
)
_LONGEST: Final = 400
"""Characters of a text that is a command and no page about commands."""
_EDITS: Final = (
    r"(>|>>|tee|jq|sed)\s[^\n]*\.claude/settings(\.local)?\.json"
    r"|\.claude/settings(\.local)?\.json[^\n]*\bdefaultMode\b"
)


@module_check("SEC281")
def bypass_in_code(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the commands in the code of the plugin."""
    for text, node in texts_of(module, b"bypassPermissions", b"--dangerously", b"--yolo"):
        if len(text) < _LONGEST and is_run(node) and found(_FLAG, text):
            yield Match(node, "An assistant is started that asks nobody before it acts.")


@subject_check("SEC281")
def permission_bypass(inquiry: Inquiry) -> Iterator[Match]:
    """Look at what is run, and at the mode that agents ask for."""
    for order in orders_of(inquiry):
        if found(_FLAG, order.text):
            yield Match(order.at, "An assistant is started that asks nobody before it acts.")
        elif found(_EDITS, order.text):
            yield Match(order.at, "The settings are changed in which the person keeps what the assistant may do.")
    for page in parts_of(inquiry).of("agent", "skill"):
        value = page.get("permissionMode")
        if value is not None and value.text == "bypassPermissions":
            yield Match(value, f"The {page.kind} asks to act without any question.")
