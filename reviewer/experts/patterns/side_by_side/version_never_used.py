"""PAT006: who makes the place of a plugin's data is told the version, and leaves it out of every name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Function, Name, Param, Template
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import surroundings, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_VERSIONS: Final = frozenset({"version", "ver", "semver", "major"})
_STORES: Final = word_set(
    "storage store stores storages drawer drawers shelf shelves kv bucket buckets vault vaults table tables cabinet "
    "box boxes locker lockers database repository persistence namespace keyspace collection state data"
)
"""Words of what keeps the data of plugins."""


@module_check("PAT006", words=_VERSIONS)
def version_never_used(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that is told a plugin and its version, and makes a name of the plugin alone."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for function in module.functions:
        version = next((param for param in function.params if _says_version(param)), None)
        if version is None or function.signature_only or not function.body:
            continue
        if version.name in names_in(function.body) or not _keeps(function):
            continue
        whose = _told_before(function, version)
        named = next((one for one in _names(function) if whose and whose in names_in(one)), None)
        if named is not None:
            yield Match(
                named,
                f"'{short(module.text_of(named))}' is the same for every version, and '{version.name}', which "
                f"'{function.name}' is told, goes into nothing: versions that run side by side read and overwrite each "
                "other's data.",
            )


def _says_version(param: Param) -> bool:
    return bool(set(words(param.name)[-1:]) & _VERSIONS)


def _told_before(function: Function, version: Param) -> str:
    """Return what a version is of: the parameter that stands before it."""
    names = [param.name for param in function.params]
    place = names.index(version.name)
    return names[place - 1] if place and names[place - 1] not in ("self", "this") else ""


def _keeps(function: Function) -> bool:
    """Tell whether a function gives what keeps data: by its name, its class or its type, or by what it makes."""
    said = surroundings(function) | set(words(function.returns))
    made = {word for call in find(function.body, Call, into_functions=False) for word in words(call.name)}
    return bool((said | made) & _STORES)


def _names(function: Function) -> Iterator[Expr]:
    """Yield the texts and paths that a function puts together, what is thrown or logged left out."""
    for one in find(function.body, Expr, into_functions=False):
        pieced = isinstance(one, Template) or (isinstance(one, Binary) and one.op in ("+", "/"))
        around = one.parent
        told = isinstance(around, Call) and (around.name[-5:] == "Error" or around.new)
        if pieced and not told and any(isinstance(part, Name) for part in find(one, Name)):
            yield one
