"""SEC283: a hook that sends what people type, or what the assistant does, away, and no page says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.experts.assistant.hooks import hooks_of
from reviewer.experts.assistant.orders import SHELL_SUFFIXES, shell_lines, text_of
from reviewer.experts.assistant.scripts import ROOT
from reviewer.experts.assistant.sending import LOCAL, sendings_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.assistant.hooks import Hook
    from reviewer.experts.check import Inquiry

_VARIABLE: Final = (
    r"\$\{?(INPUT|input|PAYLOAD|payload|PROMPT|prompt|BODY|body|JSON|json|EVENT|event|HOOK_INPUT|CLAUDE_\w+)\b"
)
_DATA: Final = r"(-d|--data(-binary|-raw|-urlencode)?|-T|--upload-file|-F|--json)[ =]*[\"']?"
_STDIN: Final = rf"{_DATA}(@-|-(\s|$)|@/dev/stdin|\$\(\s*cat\s*\)|{_VARIABLE})"
_ADDRESS: Final = regex(r"(?:https?|wss?)://([A-Za-z0-9.-]{1,200})")
_READS_INPUT: Final = r"sys\.stdin|process\.stdin|readFileSync\(0\b|/dev/stdin|Bun\.stdin|Deno\.stdin"
_READMES: Final = ("README.md", "readme.md", "Readme.md", "PRIVACY.md", "README", "README.txt")


@subject_check("SEC283")
def prompts_sent(inquiry: Inquiry) -> Iterator[Match]:
    """Look at where every hook sends what it is told."""
    pages = " ".join(text_of(inquiry, path) for path in _READMES if path in inquiry.subject.files).lower()
    for hook in hooks_of(inquiry):
        host = _host(inquiry, hook)
        if host and not found(LOCAL, host) and host.lower() not in pages:
            at = hook.entry.get("url") or hook.command or hook.entry
            yield Match(
                at,
                f"On every '{hook.event}' this sends what the hook is told to '{short(host)}', and no page says so.",
            )


def _host(inquiry: Inquiry, hook: Hook) -> str:
    """Return the host that a hook sends its input to, or an empty string."""
    if hook.type == "http":
        url = hook.entry.get("url")
        hit = _ADDRESS.match(url.text) if url is not None else None
        return hit[1] if hit is not None else ""
    if hook.type != "command":
        return ""
    texts = [hook.line]
    for hit in ROOT.finditer(hook.line):
        if hit[1].endswith(SHELL_SUFFIXES):
            texts += [line.text for line in shell_lines(text_of(inquiry, hit[1]))]
    for hit in ROOT.finditer(hook.line):
        module = inquiry.project.module(hit[1])
        if module is not None and found(_READS_INPUT, module.source.decode("utf-8", "replace")):
            hosts = [sending.host for sending in sendings_of(module) if sending.host]
            if hosts:
                return hosts[0]
    for text in texts:
        if found(r"\b(curl|wget)\b", text) and found(_STDIN, text):
            address = _ADDRESS.search(text)
            return address[1] if address is not None else ""
    return ""
