"""Functions among what a plugin is handed that read whatever secret it names, from where the secrets of all are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.handing.handed import functions_of

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.security.handing.handed import Handed

_VAULTS: Final = word_set("vault vaults secret secrets keyring keychain keystore credential credentials")
_READS: Final = word_set("read get fetch load open reveal lookup find get_password getpassword secret")


def any_secret(module: Module, thing: Handed) -> Match | None:
    """Find a function that hands on the bare name that a plugin gives to the vault of the host."""
    for name, function in functions_of(thing):
        given = {param.name for param in function.params}
        calls = list(find(function.body, Call))
        if not given or any(is_check(module, one) for one in calls):
            continue
        for call in calls:
            first = strip(call.args[0]) if len(call.args) == 1 and call.receiver is not None else None
            if not isinstance(first, Name) or first.id not in given or not _READS & set(words(call.name)[:1]):
                continue
            if path_words(call.receiver) & _VAULTS and _is_bare(module, first):
                return Match(
                    call,
                    f"'{name}' reads whatever secret a plugin names, by '{short(module.text_of(call))}': those of the "
                    "host and of all other plugins are in its reach.",
                )
    return None


def _is_bare(module: Module, name: Name) -> bool:
    """Tell whether nothing else is made of what was given before it is handed on."""
    return len(module.scopes.lookup(name.id, name)) == 1
