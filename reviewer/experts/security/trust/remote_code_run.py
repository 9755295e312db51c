"""SEC271: code is fetched from the network and run in one breath, unseen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.assistant.code_texts import is_run, texts_of
from reviewer.experts.assistant.orders import Runs, orders_of
from reviewer.experts.assistant.page import Role
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.check import Match, module_check, subject_check
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FETCH: Final = r"\b(curl|wget|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b"
_SHELL: Final = r"((ba|z|da|k)?sh|fish|python3?|node|deno|bun|perl|ruby|pwsh|iex|Invoke-Expression)\b"
_THROUGH: Final = r"(\|\s*(tee|gunzip|tar|base64|sed|cat)\b[^|;]*)?"
_PIPED: Final = rf"{_FETCH}[^|;]*{_THROUGH}\|\s*(sudo\s+(-\w+\s+)*)?(/(usr/)?bin/)?(env\s+)?{_SHELL}"
_SUBSTITUTED: Final = (
    rf"(^|[\s;&|(])(eval|exec|source|\.|{_SHELL})\s[^;|&]*[<$]\(\s*{_FETCH}"
    rf"|`\s*{_FETCH}[^`]*`\s*\|\s*{_SHELL}|\biex\b.*{_FETCH}"
)
_OUTPUT: Final = r"(?:-[a-zA-Z]{0,6}[oO]|--output|>)[= ]{1,3}[\"']?([\w./$~{}-]{1,120})"
_SAVED: Final = regex(rf"\b(?:curl|wget)\b[^;&|]{{0,400}}?{_OUTPUT}")
_CHECKED: Final = r"\b(sha(256|512|1)sum|shasum|md5sum|gpg|minisign|cosign|openssl\s+dgst|--checksum|verify)\b"
_INSTALLERS: Final = (
    r"https://(astral\.sh|sh\.rustup\.rs|bun\.sh|get\.docker\.com|deno\.land|get\.pnpm\.io|install\.python-poetry\.org|"
    r"deb\.nodesource\.com|rpm\.nodesource\.com|raw\.githubusercontent\.com/(Homebrew|nvm-sh|helm)/|run\.linkerd\.io|"
    r"fluxcd\.io|get\.helm\.sh|claude\.ai/install|fly\.io/install|cli\.github\.com)"
)
"""Installers that the makers of well-known tools tell everybody to run so."""
_LONGEST: Final = 2000
_IN_PAGES: Final = rf"`[^`]*{_FETCH}[^`]*\|[^`]*`"


@subject_check("SEC271")
def remote_code_run(inquiry: Inquiry) -> Iterator[Match]:
    """Look at everything that is run, then at what skills and commands tell the assistant to run."""
    for order in orders_of(inquiry):
        if fetches_and_runs(order.text):
            by_itself = order.runs is not Runs.SCRIPT
            yield Match(
                order.at,
                "Code is fetched from the network and run unseen: whoever holds the address decides what runs here.",
                severity=None if by_itself else Severity.HIGH,
            )
    for page in parts_of(inquiry).of("skill", "command", "agent"):
        for line in page.lines:
            told = line.role is Role.FENCE or (line.role is Role.PROSE and found(_IN_PAGES, line.text))
            if told and not line.text.lstrip().startswith("#") and fetches_and_runs(line.text.replace("`", " ")):
                yield Match(
                    page.place(line.number),
                    "The assistant is told to fetch code from the network and to run it unseen.",
                    severity=Severity.MEDIUM,
                    confidence=Confidence.POSSIBLE if found(_INSTALLERS, line.text) else Confidence.LIKELY,
                )


@module_check("SEC271")
def remote_code_in_code(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the shell texts in the code of the plugin."""
    for text, node in texts_of(module, b"curl", b"wget", b"Invoke-"):
        if len(text) < _LONGEST and is_run(node) and fetches_and_runs(text):
            yield Match(node, "Code is fetched from the network and run unseen.", severity=Severity.HIGH)


def fetches_and_runs(text: str) -> bool:
    """Tell whether shell text runs what it has just fetched, without looking at it."""
    if found(_PIPED, text) or found(_SUBSTITUTED, text):
        return not found(_CHECKED, text)
    for hit in _SAVED.finditer(text[:4000]):
        rest = text[hit.end() :]
        runs = rf"(^|[;&]\s*)(sudo\s+)?((ba|z|da)?sh|source|\.|python3?|node|chmod\s+\S+)\s+[\"']?{re.escape(hit[1])}"
        if found(runs, rest) and not found(_CHECKED, text):
            return True
    return False
