"""REG367: the digest of an installed file is kept, and the file runs without anybody comparing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Call,
    Class,
    Function,
    Literal,
    Name,
    Object,
)
from reviewer.code.text.ideas import INSTALLS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, inside
from reviewer.core.scale import Confidence
from reviewer.experts.api.parsed_files import is_parsed_plugin_file
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in, word_set
from reviewer.experts.registry.entering import companions, reached
from reviewer.experts.registry.entry_files import RUNS, callers, entry_of, path_of, type_of
from reviewer.experts.registry.verification import SIGNED, comparisons, is_verification
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_BRINGS: Final = INSTALLS | word_set(
    "installs installer download downloads fetch update updates upgrade add publish put receive upload "
    "adopt import pull sync stage staged staging unpack extract"
)
"""Words of functions through which files come, whose look at the bytes is about what comes."""
_UNPACKS: Final = frozenset({"unpack", "extract", "unzip", "untar", "extractall", "zipfile", "tarfile", "tar"})
_KEPT: Final = DIGESTS - {"hex"}
_NO_PATHS: Final = frozenset({"id", "name", "version", "slug", "key"})
"""Members that so many things have that they say nothing of what they are read from."""


@module_check("REG367", words={"import", "require", "worker", "fork", "spec", "run"})
def stored_file_unchecked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what runs files that an entry names, where such entries carry a digest."""
    if module.is_test:
        return
    for call in module.calls(RUNS):
        function = function_of(call)
        if function is None or not call.args or isinstance(call.args[0], Literal):
            continue
        if set(words(function.name)) & _BRINGS or _looked_at(inquiry, module, function):
            continue
        path = path_of(call)
        entry = entry_of(module, path)
        field = _digest_of(inquiry, module, *entry) if entry is not None else None
        if entry is None or field is None or is_parsed_plugin_file(module, entry[0]):
            continue  # what a package says of itself is no record of what was installed
        yield Match(
            call,
            f"'{short(module.text_of(path))}' runs as it lies on the disk: '{entry[0].id}.{field}' says what "
            "was installed, and nothing holds the file against it.",
            confidence=Confidence.POSSIBLE if _of_archive(inquiry, field) else None,
        )


def _of_archive(inquiry: Inquiry, field: str) -> bool:
    """Tell whether a digest may be that of the archive out of which the file was unpacked, which is gone by then."""
    of_file = set(words(field)) & {"entry", "file", "main", "code", "script", "module"}
    return not of_file and any(True for _one in inquiry.project.paths(naming=_UNPACKS, tests=False))


def _digest_of(inquiry: Inquiry, module: Module, name: Name, members: set[str]) -> str | None:
    """Return the field with the digest that entries with these members have, by their type or by how they are made."""
    declared = type_of(module, name)
    if declared is not None:
        return _digest_among(_names(declared))
    if members <= _NO_PATHS:
        return None
    for one in (module, *inquiry.project.modules(naming=members, tests=False)):
        for shape in one.some(Class, Object):
            names = _names(shape)
            kept = _digest_among(names) if members <= names else None
            if kept is not None:
                return kept
    return None


def _digest_among(names: set[str]) -> str | None:
    return next((name for name in sorted(names) if set(words(name)) & _KEPT), None)


def _names(shape: object) -> set[str]:
    """Return the names of the fields of a type or an object; of what comes with a package, none."""
    if isinstance(shape, Class):
        return set() if "manifest" in words(shape.name) else {field.name for field in shape.fields}
    if isinstance(shape, Object):
        return {str(key.value) for key, _value in shape.entries if isinstance(key, Literal)}
    return set()


def _looked_at(inquiry: Inquiry, module: Module, function: Function) -> bool:
    """Tell whether what runs a file, what it calls, what calls it, or a look at all that is stored compares digests."""
    if any(said_in(one) & SIGNED or _compares(one) for one in reached(module, function)):
        return True
    around = callers(inquiry, module, function)
    return any(said_in(caller) & SIGNED for caller in around) or _all_looked_at(module, function)


def _all_looked_at(module: Module, function: Function) -> bool:
    """Tell whether a companion that brings nothing compares digests: all that is stored is looked at."""
    verifying = [one for one in companions(function) if one is not function and _compares(one)]
    return any(not _is_of_arrival(module, one) for one in verifying)


def _is_of_arrival(module: Module, function: Function, depth: int = 3) -> bool:
    """Tell whether a function looks at what arrives: by its name, or because only such functions call it."""
    if set(words(function.name)) & _BRINGS:
        return True
    around = [
        caller
        for call in (module.calls((function.name,)) if function.name and depth else ())
        if definition(module, call.callee) is function and (caller := function_of(call)) not in (None, function)
    ]
    return bool(around) and all(one is not None and _is_of_arrival(module, one, depth - 1) for one in around)


def _compares(function: Function) -> bool:
    module = function.module
    return any(inside(one.node, function) for one in comparisons(module)) or any(
        is_verification(call) for call in find(function.body, Call)
    )
