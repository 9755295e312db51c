"""Functions among what a plugin is handed that read whatever secret it names, from where the secrets of all are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Class, Function, Literal, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.decisions import is_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.security.handed import Handed

_VAULTS: Final = word_set("vault vaults secret secrets keyring keychain keystore credential credentials")
_READS: Final = word_set("read get fetch load open reveal lookup find get_password getpassword secret")


def any_secret(module: Module, thing: Handed) -> Match | None:
    """Find a function that hands on the bare name that a plugin gives to the vault of the host."""
    for name, function in _functions(thing):
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


def _functions(thing: Handed) -> Iterator[tuple[str, Function]]:
    if isinstance(thing.node, Object):
        for key, value in thing.node.entries:
            if isinstance(value, Function) and isinstance(key, Literal):
                yield str(key.value), value
    elif isinstance(thing.node, Class):
        for method in thing.node.methods:
            if not method.private and method.kind == "method" and not method.name.startswith("_"):
                yield method.name, method


def _is_bare(module: Module, name: Name) -> bool:
    """Tell whether nothing else is made of what was given before it is handed on."""
    return len(module.scopes.lookup(name.id, name)) == 1
