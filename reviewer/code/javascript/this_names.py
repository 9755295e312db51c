"""Names that a file uses for ``this``: ``const self = this``, ``const loader = this``."""

from __future__ import annotations

import re
from typing import Final

from reviewer.core.regex import regex

_SAYS: Final = regex(rb"\b(?:const|let|var)\s+([A-Za-z_$][\w$]{0,60})\s*=\s*this\s*[;,\n]")
_OTHER: Final = (
    rb"\b(?:const|let|var)\s+%s\s*=(?!\s*this\b)|[(,]\s*%s\s*(?::[^,()]{1,80})?[,)]\s*(?::[^{}()]{0,80})?(?:=>|\{)"
    rb"|(?<![\w$.])%s\s*=>"
)
"""The name is bound to something else, or is a parameter."""


def this_names(source: bytes) -> frozenset[str]:
    """Return the names that stand for ``this`` wherever they stand in a file, and for nothing else."""
    if b"= this" not in source:
        return frozenset()
    found = set()
    for name in set(_SAYS.findall(source)):
        escaped = re.escape(name)
        if not re.search(_OTHER % (escaped, escaped, escaped), source):
            found.add(name.decode("ascii"))
    return frozenset(found)
