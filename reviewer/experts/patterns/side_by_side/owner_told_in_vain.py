"""PAT026: what makes the place of a value is told whose it is, and leaves that out."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Name
from reviewer.code.text.words import words
from reviewer.code.walk import names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import PLUGINS, names_tenant, speaks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_PLACES: Final = word_set("key keys place path slot prefix namespace scope bucket row cell address location file")
"""Words of a function that says where something is kept."""
_MOST: Final = 20
"""Calls of one function that are looked at."""


@module_check("PAT026", words=_PLACES)
def owner_told_in_vain(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that makes a place of several things for an owner among them that it never uses."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or len(function.params) < 2 or not set(words(function.name)[-1:]) & _PLACES:
            continue
        if function.owner is not None and function.owner.bases:
            continue  # its base may say what it is given
        owner = _unused_owner(function)
        answers = [one for one in returns_of(function) if one.value is not None]
        told = {param.name for param in function.params}
        made = next((one for one in answers if one.value is not None and names_in(one.value) & told), None)
        if owner and made is not None and _is_told(module, function, owner):
            yield Match(
                made,
                f"'{function.name}' is told '{owner}' and leaves it out: all of them share one place for each name, "
                "and read and overwrite what another has put there.",
            )


def _unused_owner(function: Function) -> str:
    """Return the parameter that names a plugin or a tenant, where the function does nothing with it."""
    used = names_in(function.body)
    for param in function.params:
        name = param.name
        owner = speaks_of(name, PLUGINS) or names_tenant(name)
        if owner and not name.startswith("_") and name not in used and not param.fields:
            return name
    return ""


def _is_told(module: Module, function: Function, owner: str) -> bool:
    """Tell whether those who call it in this file hand over an owner of their own there."""
    position = next(at for at, param in enumerate(function.params) if param.name == owner)
    calls = [
        call for call in islice(module.calls((function.name,)), _MOST) if definition(module, call.callee) is function
    ]
    return bool(calls) and all(_names_one(call, position, owner) for call in calls)


def _names_one(call: Call, position: int, owner: str) -> bool:
    given = call.arg(position, owner)
    return given is not None and (not isinstance(given, Name) or given.id not in ("undefined", "None"))
