"""COM061: an event that everybody may hear carries a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Expr, Literal, Member, Name, Object, strip
from reviewer.code.text.ideas import SEND_WORDS, SENDS
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import EVENTS
from reviewer.experts.paths import name_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SECRETS: Final = frozenset({"password", "passwd", "secret", "apikey", "privatekey", "accesstoken", "refreshtoken",
                             "clientsecret", "credentials", "sessiontoken", "authtoken", "bearertoken"})  # fmt: skip
_PERHAPS: Final = frozenset({"token", "jwt", "cookie", "pin", "otp"})
_BUSES: Final = EVENTS - {"message", "messages", "post", "posts", "mail"} | {"context", "ctx", "host"}
_PUBLIC: Final = frozenset("public csrf page next cursor cancel count counts length usage hash id kind type".split())


@module_check("COM061", words=SEND_WORDS)
def secret_broadcast(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each event carries."""
    if module.is_test:
        return
    for call in module.calls(SENDS):
        if call.receiver is None or not set(name_words(call.receiver)) & _BUSES or len(call.args) < 2:
            continue
        for argument in call.args[1:]:
            found = _secret(strip(argument))
            if found is not None:
                yield Match(
                    found[1],
                    f"'{found[0]}' is part of an event: every plugin that listens to it, now or later, reads it.",
                )
                break


def _secret(payload: Expr) -> tuple[str, Expr] | None:
    if isinstance(payload, Object):
        for key, value in payload.entries:
            name = key.value if isinstance(key, Literal) and not isinstance(value, Literal) else None
            if isinstance(name, str) and _names_secret(name):
                return name, value
        return None
    if isinstance(payload, Name | Member):
        name = payload.id if isinstance(payload, Name) else payload.name
        return (name, payload) if _names_secret(name) else None
    return None


def _names_secret(name: str) -> bool:
    split = words(name)
    flat = "".join(split)
    if set(split) & _PUBLIC:
        return False
    return flat in _SECRETS | _PERHAPS or any(flat.endswith(secret) for secret in _SECRETS)
