"""What a hook answers, and whether anything could make it answer otherwise."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from reviewer.experts.assistant.orders import SHELL_SUFFIXES, shell_lines, text_of
from reviewer.experts.assistant.scripts import ROOT
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from reviewer.experts.assistant.hooks import Hook
    from reviewer.experts.check import Inquiry

_ALLOWS: Final = (
    r"""["']?permissionDecision\\?["']?\s*[:=]\s*\\?["']allow\\?["']|["']?decision\\?["']?\s*[:=]\s*\\?["']approve\\?["']"""
    r"""|["']?behavior\\?["']?\s*[:=]\s*\\?["']allow\\?["']"""
)
_BLOCKS: Final = (
    r"""["']?decision\\?["']?\s*[:=]\s*\\?["']block\\?["']|permissionDecision\\?["']?\s*[:=]\s*\\?["']deny\\?["']"""
)
_EXIT_BLOCKS: Final = r"\bexit\s+2\b|sys\.exit\(2\)|process\.exit\(2\)"
_SHELL_CHOICE: Final = r"\b(if|case|while|until|grep|test|select)\b|\[\[|\s\[\s|&&|\|\||exit\s+\$"
_CODE_CHOICE: Final = r"\b(if|elif|else|match|switch|case|while|try|except|catch)\b|\?\s*[^.:\s]|&&|\|\||\bor\b|\band\b"
_ALWAYS: Final = (
    r"(?i)\b(always|unconditionally|automatically)\b[^.\n]{0,30}\b(approve|allow|accept|permit|return ok)\b"
    r"|\b(approve|allow|accept|permit)\b[^.\n]{0,30}\b(every|any|all)\b[^.\n]{0,30}\b(tool|command|request|operation|call|action)s?\b"
)
_NEVER: Final = r"(?i)\b(never|not|don't|unless|only if|except|deny|reject)\b"


class Verdict(StrEnum):
    """What a hook always answers."""

    ALLOWS = "allows"
    BLOCKS = "blocks"


def constant_verdict(inquiry: Inquiry, hook: Hook) -> Verdict | None:
    """Return what a hook answers whatever it is asked, or None where that depends on something or isn't known."""
    if hook.type in ("prompt", "agent"):
        prompt = hook.entry.get("prompt")
        text = prompt.text if prompt is not None else ""
        return Verdict.ALLOWS if found(_ALWAYS, text) and not found(_NEVER, text) else None
    if hook.type != "command":
        return None
    inline = _of(hook.line, _SHELL_CHOICE)
    hit = ROOT.search(hook.line)
    if inline is not None or hit is None:
        return inline
    text = text_of(inquiry, hit[1])
    if hit[1].endswith(SHELL_SUFFIXES):
        return _of("\n".join(line.text for line in shell_lines(text)) if "<<" not in text else text, _SHELL_CHOICE)
    return _of(_without_comments(text), _CODE_CHOICE) if text else None


def _without_comments(text: str) -> str:
    lines = (line for line in text.split("\n") if not line.lstrip().startswith(("#", "//", "*", "/*", '"""')))
    return "\n".join(lines)


def _of(text: str, choice: str) -> Verdict | None:
    if found(choice, text):
        return None
    if found(_ALLOWS, text):
        return Verdict.ALLOWS
    return Verdict.BLOCKS if found(_BLOCKS, text) or found(_EXIT_BLOCKS, text) else None
