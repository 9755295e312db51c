"""What a function of the subject makes of what it is given: it refuses some values, or gives a digest of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Name, Throw
from reviewer.code.walk import ancestors, find, inside, walk

if TYPE_CHECKING:
    from reviewer.code.syntax import Function

_DIGESTS: Final = frozenset({"digest", "hexdigest", "uuid5", "uuid3", "v5"})
"""Calls whose result says nothing of what went in."""
_FED: Final = frozenset(
    "update createHash createHmac md5 sha1 sha256 sha512 blake2b blake2s new uuid5 uuid3 v5".split()
)
"""Calls that feed a digest."""


def refuses(function: Function) -> bool:
    """Tell whether a function throws for some of what it is given."""
    return any(isinstance(node, Throw) for node in walk(function.body, into_functions=False))


def gives_digest(function: Function) -> bool:
    """Tell whether a function only feeds a digest with what it is given: its answer has a form of its own."""
    if not any(call.name in _DIGESTS for call in find(function.body, Call)):
        return False
    given = {param.name for param in function.params if param.name}
    uses = [name for name in find(function.body, Name) if name.id in given]
    return bool(uses) and all(_feeds(use, function) for use in uses)


def _feeds(use: Name, function: Function) -> bool:
    around = (one for one in ancestors(use) if isinstance(one, Call) and inside(one, function))
    return any(call.name in _FED and any(inside(use, argument) for argument in call.args) for call in around)
