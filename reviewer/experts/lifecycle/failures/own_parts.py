"""Imports of parts of the package itself: one that is not there never will be, and a second try is in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Literal, Template, strip

if TYPE_CHECKING:
    from reviewer.code.syntax import Call


def loads_own_part(call: Call) -> bool:
    """Tell whether what an import names is written out, or lies below a folder beside the file that asks for it."""
    source = strip(call.args[0]) if call.args else None
    first = strip(source.items[0]) if isinstance(source, Template) and source.items else None
    beside = isinstance(first, Literal) and isinstance(first.value, str) and first.value.startswith(("./", "../"))
    return isinstance(source, Literal) or beside
