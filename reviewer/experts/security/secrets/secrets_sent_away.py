"""SEC279: keys, settings or the environment of the person leave the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Index, Literal, Member, Name
from reviewer.code.walk import walk
from reviewer.core.regex import regex
from reviewer.experts.assistant.orders import Order, Runs, orders_of
from reviewer.experts.assistant.page import Role
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.assistant.sending import sendings_of
from reviewer.experts.check import Match, module_check, subject_check
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_SENDS: Final = r"\b(curl|wget|nc|ncat|netcat|Invoke-RestMethod|Invoke-WebRequest|iwr|irm|http|https|scp|rsync)\b"
_FILES: Final = (
    r"(~|\$HOME|\$\{HOME\}|/root|/home/[^/\s]+|\$USERPROFILE)/(\.ssh\b|\.aws\b|\.config/gh\b|\.kube\b|\.gnupg\b|\.netrc|\.npmrc|"
    r"\.pypirc|\.docker/config|\.claude/\.credentials|\.claude\.json|\.bash_history|\.zsh_history)|\bid_(rsa|ed25519|ecdsa)\b"
    r"|/etc/(passwd|shadow)|(^|[\s/\"'@<=])\.env(\.\w+)?($|[\s\"';|)&])"
)
_ALL: Final = r"[$<]\(\s*(env|printenv|export -p)\s*[)|]|(^|[;&|(]\s*)(env|printenv|set)\s*\|"
_TOKEN: Final = regex(
    r"\$\{?((?:[A-Z][A-Z0-9]*_)*(?:API_KEY|TOKEN|SECRET|SECRET_KEY|PASSWORD|ACCESS_KEY\w*|PRIVATE_KEY))\b"
)
_HANDED: Final = r"((-H|--header|-u|--user|-d|--data(-\w+)?|-F|--form)[ =]+[\"']?[^\"']*|https?://[^\s\"']*[?&]\w+=)$"
_OWNERS: Final = {
    "ANTHROPIC": "anthropic.com",
    "CLAUDE": "anthropic.com|claude.ai",
    "OPENAI": "openai.com",
    "GITHUB": "github",
    "GH": "github",
    "GITLAB": "gitlab",
    "AWS": "amazonaws.com|aws",
    "NPM": "npmjs",
}
"""Whose keys are whose, by the first word of the variable."""
_DEEPEST: Final = 3
"""Names behind names that are followed."""
_ADDRESS: Final = regex(r"https?://([^/\s\"'$:]{1,200})")


@subject_check("SEC279")
def secrets_sent_away(inquiry: Inquiry) -> Iterator[Match]:
    """Look at every piece of shell text, and at the commands that pages show."""
    for order in [*orders_of(inquiry), *_shown(inquiry)]:
        what = sends(order.text)
        if what:
            yield Match(order.at, f"{what} is sent over the network.")


@module_check("SEC279", words={"post", "put", "patch", "request", "urlopen", "fetch", "beacon"})
def secrets_sent_by_code(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what the code of the plugin sends, for the environment as a whole and for files with keys."""
    if module.is_test:
        return
    for sending in sendings_of(module):
        for body in sending.bodies:
            what = _held(module, body)
            if what:
                yield Match(sending.call, f"{what} is sent over the network.")
                break


def _held(module: Module, body: Expr, depth: int = 0) -> str:
    """Say what secret an expression holds, by itself or by the names in it, or return an empty text."""
    for node in walk(body):
        if isinstance(node, Member) and module.text_of(node) in ("os.environ", "process.env") and _is_whole(node):
            return "The whole environment, with every key in it,"
        if isinstance(node, Literal) and isinstance(node.value, str) and found(_FILES, node.value):
            return "A file with keys of the person"
        if isinstance(node, Name) and depth < _DEEPEST:
            for binding in module.scopes.lookup(node.id, node):
                value = binding.value if isinstance(binding, Assign) else None
                what = _held(module, value, depth + 1) if value is not None else ""
                if what:
                    return what
    return ""


def _is_whole(node: Member) -> bool:
    """Tell whether the environment is taken as it is, and not one value of it."""
    above = node.parent
    return not (isinstance(above, Member | Index) and above.object is node and getattr(above, "name", "") != "copy")


def _shown(inquiry: Inquiry) -> Iterator[Order]:
    for page in parts_of(inquiry).of("skill", "command", "agent"):
        for line in page.lines:
            if line.role is Role.FENCE and not line.text.lstrip().startswith("#"):
                yield Order(line.text, page.place(line.number), Runs.PAGE)


def sends(text: str) -> str:
    """Say what secret a piece of shell text sends away, or return an empty text."""
    if not found(_SENDS, text):
        return ""
    if found(_ALL, text):
        return "The whole environment, with every key in it,"
    if found(_FILES, text) and found(r"\||@|<|-T\b|--upload-file|\$\(|scp|rsync|--post-file|-F\b", text):
        return "A file with keys of the person"
    return _token(text)


def _token(text: str) -> str:
    """Say which key a piece of shell text gives to others than those whose it is."""
    hosts = _ADDRESS.findall(text)
    for hit in _TOKEN.finditer(text[:4000]):
        owner = _OWNERS.get(hit[1].split("_", 1)[0], "")
        elsewhere = bool(owner and hosts) and not any(found(owner, host) for host in hosts)
        if elsewhere and found(_HANDED, text[: hit.start()]):
            return f"The key in {hit[1]}, to '{hosts[0]}' and not to those whose it is,"
    return ""
