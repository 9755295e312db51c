"""What the text of a file that calls a function of some name looks like: no other is parsed to find the calls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def calls(name: str) -> Callable[[bytes], object]:
    """Return what tells of a text whether it may call something of a name; never too little.

    Seen are ``name(``, ``new name<T>(``, ``name?.(``, the end of a line before that, and a name that an import
    changes: ``import name as other``.
    """
    own = re.escape(name.lstrip("#").encode())
    # A pattern that begins with a plain text is found by it.
    return re.compile(own + rb"(?<![\w$]" + own + rb")(?:\s{0,99}(?:\?\.\s{0,9})?[(<`]|\s{1,99}as\b|\s{0,9}:)").search
