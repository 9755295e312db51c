"""SEC200: a secret is written to the state or the settings of the editor, or asked for as a setting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Literal, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check, subject_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.editor.contributions import settings
from reviewer.experts.security.secret_words import names_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_STATES: Final = frozenset({"globalState", "workspaceState"})
_SECRETS: Final = (
    frozenset({"password"}),
    frozenset({"passphrase"}),
    frozenset({"secret"}),
    frozenset({"token"}),
    frozenset({"credential"}),
    frozenset({"credentials"}),
    frozenset({"apikey"}),
    frozenset({"api", "key"}),
    frozenset({"access", "key"}),
    frozenset({"private", "key"}),
)
_ABOUT: Final = frozenset(
    "has used count tokens expires expiry at name label id type length limit max url uri hint shown public set".split()
)
"""Words of a key that speaks about a secret and holds none."""


@module_check("SEC200", words={"state", "configuration"})
def secret_in_plain_state(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the keys under which the editor is told to keep something."""
    if module.is_test:
        return
    for call in module.calls({"update"}):
        place = _place(module, call)
        key = fixed_text(module, call.arg(0))
        value = call.arg(1)
        if not place or not _secret(key) or value is None or isinstance(strip(value), Literal) or _nothing(value):
            continue
        yield Match(call, f"'{key[:60]}' is written to {place}, a plain file that other extensions and programs read.")


@subject_check("SEC200")
def secret_as_setting(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the settings that the extension contributes for one into which people are to write a secret."""
    for key, value in settings(inquiry).items():
        last = key.rsplit(".", 1)[-1]
        kind = value.get("type")
        how = names_secret(last)
        known = how == "sure" or (how == "weak" and words(last)[-1] == "token")
        if not known or kind is None or kind.text != "string" or value.get("enum") is not None:
            continue
        if value.get("deprecationMessage") is None and value.get("markdownDeprecationMessage") is None:
            yield Match(
                value.key or value,
                f"People are to write the secret '{key[:60]}' into their settings, a plain file that is synchronised "
                "to other machines and read by every other extension.",
                severity=Severity.MEDIUM,
            )


def _place(module: Module, call: Call) -> str:
    receiver = call.receiver
    if receiver is None:
        return ""
    origin = module.scopes.origin(receiver)
    for expr in (strip(receiver), origin):
        if isinstance(expr, Member) and expr.name in _STATES:
            return f"the editor's {expr.name}"
        if isinstance(expr, Call) and expr.name == "getConfiguration":
            return "the settings"
    return ""


def _secret(key: str) -> bool:
    said = frozenset(words(key.rsplit(".", 1)[-1]))
    return any(group <= said for group in _SECRETS) and not said & _ABOUT


def _nothing(value: Expr) -> bool:
    value = strip(value)
    return isinstance(value, Name) and value.id == "undefined"
