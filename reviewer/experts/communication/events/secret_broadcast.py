"""COM061: an event that everybody may hear carries a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, lineage, named_type
from reviewer.code.syntax import Assign, Expr, Literal, Member, Name, Object, strip
from reviewer.code.text.ideas import SEND_WORDS, SENDS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import EVENTS
from reviewer.experts.paths import last_name, name_words

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
            found = _secret(module, _made(module, argument))
            if found is not None:
                yield Match(
                    found[1],
                    f"'{found[0]}' is part of an event: every plugin that listens to it, now or later, reads it.",
                )
                break


def _made(module: Module, argument: Expr) -> Expr:
    """Return the record that an event carries, also one that was written down a line before: ``const body = { … }``."""
    given = strip(argument)
    made = module.scopes.origin(given) if isinstance(given, Name) else None
    return made if isinstance(made, Object) and function_of(made) is function_of(given) else given


def _secret(module: Module, payload: Expr) -> tuple[str, Expr] | None:
    if isinstance(payload, Object):
        for key, value in payload.entries:
            name = key.value if isinstance(key, Literal) and not isinstance(value, Literal) else None
            if isinstance(name, str) and _names_secret(name):
                return name, value
        own = set(payload.keys)
        spread = ((name, one) for one in payload.spreads for name in _laid_in(module, strip(one)) - own)
        return next(((name, one) for name, one in spread if _names_secret(name)), None)
    if isinstance(payload, Name | Member):
        name = payload.id if isinstance(payload, Name) else payload.name
        return (name, payload) if _names_secret(name) else None
    return None


def _laid_in(module: Module, spread: Expr) -> set[str]:
    """Return the fields of what is laid into a record as a whole, or of what is left of it: ``{ user, ...rest }``."""
    bound = module.scopes.lookup(spread.id, spread) if isinstance(spread, Name) else []
    only = bound[0] if len(bound) == 1 else None
    source = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    left = isinstance(only, Assign) and isinstance(source, Name | Member) and isinstance(spread, Name)
    taken: set[str] = set()
    function = function_of(spread)
    if left and function is not None:
        for one in find(function.body, Assign):
            value = strip(one.value) if one.value is not None else None
            if isinstance(value, Member) and last_name(value.object) == last_name(source):
                taken.add(value.name)
    kind = named_type(module, declared_type(module, source if left and source is not None else spread))
    return {field.name for cls in lineage(kind) for field in cls.fields} - taken if kind is not None else set()


def _names_secret(name: str) -> bool:
    split = words(name)
    flat = "".join(split)
    if set(split) & _PUBLIC:
        return False
    return flat in _SECRETS | _PERHAPS or any(flat.endswith(secret) for secret in _SECRETS)
