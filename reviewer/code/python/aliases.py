"""Names that a file keeps to itself: ``import os as _os``, ``from functools import partial as _partial``.

The underscore says that others should not import the name from here, and nothing about what it is. So the tree has the
name that the module gives away, wherever the file does not use that for something else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

_ALIAS: Final = regex(
    rb"(?:^|[\s,(])([A-Za-z_]\w{0,99})[ \t]{1,9}as[ \t]{1,9}([A-Za-z_]\w{0,99})[ \t]{0,9}(?:[,)#\n\r]|$)"
)
_IMPORT: Final = regex(rb"(?m)^[ \t]*(?:from[ \t]+[.\w]+[ \t]+)?import\b[ \t]*(?:\([^)]{0,4000}\)|[^\n]{0,1000})")


def aliases(source: bytes) -> Mapping[bytes, str]:
    """Return the names that imports give in a file, and what each stands for."""
    if b" as " not in source:
        return {}
    found: dict[bytes, bytes] = {}
    for statement in _IMPORT.finditer(source):
        for name, alias in _ALIAS.findall(statement.group().replace(b",", b" , ")):
            if name != alias and alias.strip(b"_") == name.strip(b"_") and found.setdefault(alias, name) != name:
                return {}  # the same name for two things
    taken = list(found.values())
    return {
        alias: name.decode()
        for alias, name in found.items()
        if taken.count(name) == 1 and _stands_once(source, name) and not _is_member(source, alias)
    }


def _stands_once(source: bytes, name: bytes) -> bool:
    """Tell whether a file has a name in its import alone; members of that name are something else."""
    once = rb"(?<![\w.])(?<!from )" + name + rb"(?!\w)"
    return len(re.findall(once, source)) == 1


def _is_member(source: bytes, alias: bytes) -> bool:
    return re.search(rb"\." + alias + rb"(?!\w)|(?<!\w)" + alias + rb"\s{0,9}=[^=]", source) is not None
