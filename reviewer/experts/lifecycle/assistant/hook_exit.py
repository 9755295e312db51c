"""LIF277: the script of a hook refuses with a status that the assistant passes over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.location import Location
from reviewer.experts.assistant.hooks import hooks_of
from reviewer.experts.assistant.orders import text_of
from reviewer.experts.assistant.scripts import ROOT
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.assistant.hooks import Hook
    from reviewer.experts.check import Inquiry

_STOPPING: Final = frozenset({"PreToolUse", "UserPromptSubmit"})
"""Events whose hooks can keep something from happening."""
_REFUSES: Final = (
    r"(?i)\b(block(s|ed|ing)?|refus\w+|den(y|ies|ied)|forbid\w*|not allowed|disallow\w*|prohibit\w*|reject\w*|"
    r"prevent\w*|guards?|protect\w*|must not|may not|read-only)\b"
)
_ONE: Final = r"(^|[\s;&|{(])exit\s+1\b|\b(sys|process)\.exit\(\s*1\s*\)|\bSystemExit\(\s*1\s*\)"
_GIVEN_BACK: Final = r"\b(sys\.exit|SystemExit|exit)\(\s*main\("
"""How a program ends with what its function gives back."""
_GIVES_ONE: Final = r"^\s*return\s+1\s*(#.*)?$"
_OTHERWISE: Final = (
    r"\bexit\s+(2|\$)|(?m:^\s*return\s+(2|[A-Z_]{2,40})\b)|\b(sys|process)\.exit\(\s*[^)1\sm]|"
    r"\bSystemExit\(\s*[^)1\sm]|exitCode|permissionDecision|"
    r"[\"']decision\\?[\"']|[\"']continue\\?[\"']"
)
"""Ways in which a script does answer: by 2, by a status that is worked out, by JSON."""
_TELLS: Final = r">&2|/dev/stderr|sys\.stderr|console\.error|process\.stderr"
_BROKEN: Final = (
    r"(?i)\b(not (found|installed|available|set)|missing|is required|requires?|install|usage|invalid json|could ?n.t|"
    r"can ?n.t (read|parse|open)|failed to|no such)\b"
)
"""What a script says that can't do its work: there 1 is right."""
_BEFORE: Final = 3


@subject_check("LIF277")
def hook_exit_passes(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the scripts of hooks that may stop a tool or a prompt, for a refusal that ends with 1 and none with 2."""
    done: set[str] = set()
    for hook in hooks_of(inquiry):
        if hook.event in _STOPPING and hook.type == "command" and not found(r"\|\||exit\s", hook.line):
            for path in dict.fromkeys(hit[1] for hit in ROOT.finditer(hook.line)):
                if path not in done:
                    done.add(path)
                    yield from _of_script(inquiry, hook, path)


def _of_script(inquiry: Inquiry, hook: Hook, path: str) -> Iterator[Match]:
    text = text_of(inquiry, path)
    ends = f"{_ONE}|{_GIVES_ONE}" if found(_GIVEN_BACK, text) else _ONE
    if not found(f"(?m:{ends})", text) or found(_OTHERWISE, text):
        return
    if not found(_REFUSES, text) and not found(_REFUSES, path):
        return
    lines = text.split("\n")
    for number, line in enumerate(lines):
        near = _with_reason(lines, number)
        if line.lstrip()[:1] != "#" and found(ends, line) and found(_TELLS, near) and not found(_BROKEN, near):
            start = len(line) - len(line.lstrip()) + 1
            yield Match(
                Location(path, number + 1, start, number + 1, len(line.rstrip()) + 1),
                f"Only 2 stops what '{hook.event}' asks about: 1 is an error that is shown and passed over, and what "
                "the script refuses happens all the same.",
                related=((hook.command, "runs it"),) if hook.command is not None else (),
            )
            return


def _with_reason(lines: list[str], number: int) -> str:
    """Return a line with those before it that belong to it: up to the last way out."""
    start = number
    while start > max(0, number - _BEFORE) and not found(r"\b(exit|return)\b", lines[start - 1]):
        start -= 1
    return "\n".join(lines[start : number + 1])
