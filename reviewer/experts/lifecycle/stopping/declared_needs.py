"""What the declaration of a host's entries says: that a plugin names the others which it uses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, named_type
from reviewer.code.syntax import Name
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.core.regex import regex
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.syntax import Class, Function

_NAMES: Final = word_set("dependencies dependency depends depend dependson deps prerequisites uses upstream relies")
"""Words of a list of plugins that another one needs; what is required or wanted may be rights and versions as well."""
_TEXTS: Final = regex(
    r"(?:readonly\s+)?string\[\]|(?:Readonly)?(?:Array|Set)<string>|(?:list|tuple|set|frozenset|Sequence|Collection|"
    r"Iterable)\[str(?:,\s*\.\.\.)?\]",
    re.IGNORECASE,
)
"""Types of a list of ids."""


def names_needs(function: Function) -> bool:
    """Tell whether what a function takes in its hands is declared with the ids of the plugins that it uses.

    ``unit.spec`` of ``interface AdapterSpec { id: string; uses: readonly string[] }``.
    """
    seen: set[str] = set()
    for name in find(function.body, Name):
        if name.id in seen or name.id == "this":
            continue
        seen.add(name.id)
        declared = declared_type(function.module, name)
        cls = named_type(function.module, declared) if declared else None
        if cls is not None and any(map(_lists_needs, _records(cls))):
            return True
    return False


def _records(cls: Class) -> Iterator[Class]:
    """Yield a record, and those that it holds: its manifest, what it was made from."""
    yield cls
    for field in cls.fields:
        held = named_type(cls.module, field.type) if field.type else None
        if held is not None and held is not cls:
            yield held


def _lists_needs(cls: Class) -> bool:
    return any(_NAMES & set(words(field.name)) and _TEXTS.fullmatch(field.type.strip()) for field in cls.fields)
